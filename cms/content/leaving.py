"""Somebody leaves: the account is closed, the content gets another owner, history stays."""

from sqlalchemy import func, select, update

from cms.content.comment_models import Comment
from cms.content.events import ContentHandedOver
from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.identity.accounts import close_account
from cms.identity.models import User


async def remove_person(work: UnitOfWork, user: User, successor_id: int | None) -> None:
    """Close the account and hand the posts over. InvalidInput when there are posts and nobody to
    take them: WordPress would delete them, here nothing that was written goes away.

    Revisions keep the author they had: who wrote and approved a text does not change by her
    leaving. The next revision of each post names the successor.
    """
    owned = await work.one(
        select(func.count())
        .select_from(Post)
        .where(Post.tenant_id == work.tenant_id, Post.author_id == user.id)
    )
    if owned[0] and successor_id is None:
        raise InvalidInput(
            {
                "reassign": f"There are {owned[0]} posts of this person, and posts are kept. Name "
                "the person who takes them over."
            },
            codes={"reassign": "rest_user_invalid_reassign"},
        )
    await close_account(work, user, successor_id)
    if owned[0]:
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
        ContentHandedOver(
            user_id=user.id, successor_id=successor_id, after={"posts": int(owned[0])}
        )
    )
