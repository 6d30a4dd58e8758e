"""Originals of imported texts go with what they became, when that is deleted for good."""

from typing import cast

from sqlalchemy import delete, select

from cms.content.events import PostErased
from cms.database.work import UnitOfWork
from cms.exchange.events import OriginalsErased
from cms.exchange.ledger import POST
from cms.exchange.models import ImportOriginal
from cms.kernel.hooks import Hooks
from cms.kernel.work import Work


async def forget(work: Work, event: PostErased) -> None:
    """Erase what the import has put away of this post."""
    whole = cast(UnitOfWork, work)
    of_post = (
        ImportOriginal.tenant_id == whole.tenant_id,
        ImportOriginal.kind == POST,
        ImportOriginal.object_id == event.post_id,
    )
    if await whole.one(select(ImportOriginal.run_id).where(*of_post).limit(1)) is not None:
        await whole.execute(delete(ImportOriginal).where(*of_post))
        await whole.emit(OriginalsErased(post_id=event.post_id))


def connect(hooks: Hooks) -> None:
    hooks.observe(PostErased, forget)
