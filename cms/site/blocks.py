"""Reusable blocks for those who render: the text that `core/block` refers to."""

from collections.abc import Iterable

from sqlalchemy import and_, select

from cms.content.models import Post, Revision
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.site.types import BLOCK


async def reusable(work: UnitOfWork, ids: Iterable[int]) -> dict[int, str]:
    """The stored text of each published block by its id, with one statement. Drafts, protected ones
    and those in the bin are left out: what refers to them shows nothing."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = await work.all(
        select(Post.id, Revision.content)
        .join(
            Revision,
            and_(Revision.tenant_id == Post.tenant_id, Revision.id == Post.live_revision_id),
        )
        .where(
            Post.tenant_id == work.tenant_id,
            Post.id.in_(wanted),
            Post.post_type == BLOCK,
            Post.status == Status.PUBLISH.value,
            Post.password == "",
        )
    )
    return {row.id: row.content for row in rows}
