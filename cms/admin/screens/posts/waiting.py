"""What an author finds on her first page: what she writes, what is scheduled, what went wrong."""

from collections.abc import Sequence

from sqlalchemy import and_, select

from cms.admin.page import Page
from cms.admin.screens.posts.asking import offered_types
from cms.admin.screens.posts.labels import STATUSES
from cms.content.models import Post, PostSchedule, Revision
from cms.content.statuses import Status
from cms.database.work import UnitOfWork

FEW = 8
_IN_WORK = (Status.DRAFT, Status.PENDING)


async def own_texts(page: Page) -> list[str]:
    """The panels of who writes; none for who edits nothing."""
    if not offered_types(page.work):
        return []
    drawn = [await _in_work(page), await _scheduled(page)]
    return [one for one in drawn if one]


async def _in_work(page: Page) -> str:
    lines = await _mine(page.work, _IN_WORK)
    types = [one for one in offered_types(page.work) if one.is_public]
    return page.draw("posts/mine.html", lines=lines, statuses=STATUSES, types=types)


async def _mine(work: UnitOfWork, statuses: Sequence[Status]) -> list[Post]:
    """The actor's own posts of these statuses, those changed last first; with working titles."""
    types = [one.name for one in offered_types(work)]
    rows = await work.all(
        select(Post.id, Revision.title, Post.status, Post.modified_gmt, Post.live_revision_id)
        .join(
            Revision,
            and_(Revision.tenant_id == Post.tenant_id, Revision.id == Post.working_revision_id),
        )
        .where(
            Post.tenant_id == work.tenant_id,
            Post.author_id == work.actor.user_id,
            Post.post_type.in_(types),
            Post.status.in_([one.value for one in statuses]),
        )
        .order_by(Post.modified_gmt.desc(), Post.id.desc())
        .limit(FEW)
    )
    return list(rows)


async def _scheduled(page: Page) -> str:
    """What the actor has planned, and what was refused when its time came."""
    work = page.work
    rows = await work.all(
        select(Post.id, Post.title, PostSchedule.publish_at, PostSchedule.refused_at)
        .join(
            PostSchedule,
            and_(PostSchedule.tenant_id == Post.tenant_id, PostSchedule.post_id == Post.id),
        )
        .where(Post.tenant_id == work.tenant_id, Post.author_id == work.actor.user_id)
        .order_by(PostSchedule.publish_at, Post.id)
        .limit(FEW)
    )
    return page.draw("posts/planned.html", lines=rows) if rows else ""
