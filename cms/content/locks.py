"""Who has a text open. A courtesy and no right: what is saved over a text that somebody else has
changed meanwhile is refused whoever holds the lock.

The page of an editor says every twenty seconds that it is still open; one that has said nothing for
as long as WordPress waits has gone.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from cms.content import posts
from cms.content.events import EditingTakenOver
from cms.content.models import EditLock, Post
from cms.content.permissions import may_edit, require
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.identity.models import User

STALE = timedelta(seconds=150)
_SHORTEST, _LONGEST = 16, 64


class Holder(NamedTuple):
    """Who has the text open, and when her page was last heard of."""

    user_id: int
    name: str
    seen_at: datetime


async def holder(work: UnitOfWork, post_id: int) -> Holder | None:
    """Who else than the actor has the text open now."""
    row = await work.one(
        select(EditLock.user_id, User.display_name, EditLock.seen_at)
        .join(User, and_(User.tenant_id == EditLock.tenant_id, User.id == EditLock.user_id))
        .where(
            EditLock.tenant_id == work.tenant_id,
            EditLock.post_id == post_id,
            EditLock.user_id != work.actor.user_id,
            EditLock.seen_at > work.now - STALE,
        )
    )
    return Holder(*row) if row is not None else None


async def keep(work: UnitOfWork, post: Post, token: str) -> Holder | None:
    """Say that the actor's page with this token is open. The answer is who holds the text in her
    place; None where she does, or has it from now on because nobody did."""
    _require_edit(work, post)
    values = _values(work, post, token)
    row = insert(EditLock).values(**values)
    free = or_(EditLock.user_id == work.actor.user_id, EditLock.seen_at <= work.now - STALE)
    await work.execute(
        row.on_conflict_do_update(
            index_elements=["tenant_id", "post_id"], set_=_changed(values), where=free
        )
    )
    return await holder(work, post.id)


async def take_over(work: UnitOfWork, post: Post, token: str) -> None:
    """Hold the text from now on. Whoever had it open is shown that, and keeps what she typed."""
    _require_edit(work, post)
    await work.decide("post.edit", "post", post.id, posts.facts(post))
    before = await holder(work, post.id)
    values = _values(work, post, token)
    row = insert(EditLock).values(**values)
    await work.execute(
        row.on_conflict_do_update(index_elements=["tenant_id", "post_id"], set_=_changed(values))
    )
    if before is not None:
        await work.emit(EditingTakenOver(post_id=post.id, after={"from": before.user_id}))


async def release(work: UnitOfWork, post_id: int, token: str) -> None:
    """The page with this token was closed."""
    await work.execute(
        delete(EditLock).where(
            EditLock.tenant_id == work.tenant_id,
            EditLock.post_id == post_id,
            EditLock.user_id == work.actor.user_id,
            EditLock.token == token,
        )
    )


def _require_edit(work: UnitOfWork, post: Post) -> None:
    require(
        may_edit(work.actor, posts.type_of(work, post), post),
        "post.edit",
        "Sorry, you are not allowed to edit this post.",
    )


def _values(work: UnitOfWork, post: Post, token: str) -> dict[str, object]:
    if not (_SHORTEST <= len(token) <= _LONGEST and token.isascii() and token.isalnum()):
        raise InvalidInput({"token": f"must be {_SHORTEST} to {_LONGEST} letters and digits"})
    return {
        "tenant_id": work.tenant_id,
        "post_id": post.id,
        "user_id": work.actor.user_id,
        "token": token,
        "seen_at": work.now,
    }


def _changed(values: dict[str, object]) -> dict[str, object]:
    return {name: values[name] for name in ("user_id", "token", "seen_at")}
