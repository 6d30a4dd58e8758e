"""Reviews of texts that are not the one that is edited."""

from sqlalchemy import select

from cms.content import heads
from cms.kernel.work import ReadableWork
from plugins.medical_review.reviewing.models import Review, State


async def set_aside_of(work: ReadableWork, post_id: int) -> list[Review]:
    """The open reviews of what was set aside of a post."""
    rows = await work.all(
        select(Review).where(
            Review.tenant_id == work.tenant_id,
            Review.post_id == post_id,
            Review.state == State.OPEN,
            heads.holds(Review.tenant_id, Review.post_id, Review.revision_id),
        )
    )
    return [row[0] for row in rows]
