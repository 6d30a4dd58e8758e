"""Somebody leaves: the account is closed, the content gets another owner, history stays."""

from sqlalchemy import func, select, update

from cms.content.comment_models import Comment
from cms.content.events import ContentHandedOver
from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.identity.accounts import close_account
from cms.identity.granting import require_capability, require_reach
from cms.identity.models import User
from cms.identity.users import present_user, user_by_login


async def posts_of(work: UnitOfWork, user_id: int) -> int:
    """How many posts of any kind and status a person owns."""
    owned = await work.one(
        select(func.count())
        .select_from(Post)
        .where(Post.tenant_id == work.tenant_id, Post.author_id == user_id)
    )
    return int(owned[0])


async def let_go(work: UnitOfWork, user_id: int, successor: str) -> None:
    """Close somebody's account for good; who has the login or address `successor` takes her posts
    over. InvalidInput when there is nobody of that name, or it is she herself."""
    require_capability(work, "delete_users", "user.delete")
    user = await present_user(work, user_id)
    successor_id = await _named(work, successor, user_id) if successor.strip() else None
    await require_reach(work, user_id)
    await work.decide("user.delete", "user", user_id)
    await remove_person(work, user, successor_id)


async def _named(work: UnitOfWork, successor: str, leaving_id: int) -> int:
    try:
        found = await user_by_login(work, successor.strip())
    except NotFound:
        found = None
    if found is None or found.id == leaving_id or found.left_at is not None:
        raise InvalidInput({"reassign": "must be the login or e-mail address of somebody else"})
    return found.id


async def remove_person(work: UnitOfWork, user: User, successor_id: int | None) -> None:
    """Close the account and hand the posts over. InvalidInput when there are posts and nobody to
    take them: WordPress would delete them, here nothing that was written goes away.

    Revisions keep the author they had: who wrote and approved a text does not change by her
    leaving. The next revision of each post names the successor.
    """
    owned = await posts_of(work, user.id)
    if owned and successor_id is None:
        raise InvalidInput(
            {
                "reassign": f"There are {owned} posts of this person, and posts are kept. Name "
                "the person who takes them over."
            },
            codes={"reassign": "rest_user_invalid_reassign"},
        )
    await close_account(work, user, successor_id)
    if owned:
        await work.execute(
            update(Post)
            .where(Post.tenant_id == work.tenant_id, Post.author_id == user.id)
            .values(author_id=successor_id)
        )
    await work.execute(
        update(Comment)
        .where(Comment.tenant_id == work.tenant_id, Comment.author_id == user.id)
        .values(
            author_name=user.display_name,
            author_email="",
            author_url="",
            author_ip=None,
            author_agent=None,
        )
    )
    await work.emit(
        ContentHandedOver(user_id=user.id, successor_id=successor_id, after={"posts": owned})
    )
