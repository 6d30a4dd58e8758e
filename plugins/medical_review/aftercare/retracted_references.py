"""A journal took back a publication: the live texts that rest on it are judged again."""

from typing import cast

from sqlalchemy import and_, select

from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.kernel.work import Work
from plugins.medical_review.aftercare import public_notices, reopening
from plugins.medical_review.aftercare.events import Reason
from plugins.medical_review.aftercare.lost_licences import REOPEN
from plugins.medical_review.aftercare.models import Reopening
from plugins.medical_review.references import library
from plugins.medical_review.references.events import ReferenceRetracted, RetractionLifted
from plugins.medical_review.references.models import Notice, ReferenceUse
from plugins.medical_review.references.searching import all_names

LIFTED = "the notice was noted by mistake"

# A correction of a publication is shown beside its citation; it takes nothing from the text.
_DOUBTS = frozenset({Notice.RETRACTED, Notice.CONCERN})


async def reopen_resting(work: Work, event: ReferenceRetracted) -> None:
    """Queue a job for each live text that names the publication. As a job itself, because they may
    be many and the notice is noted before."""
    if event.notice not in _DOUBTS:
        return
    whole = cast(UnitOfWork, work)
    entry = await library.get(whole, event.reference_id)
    rows = await work.all(
        select(Post.id)
        .join(
            ReferenceUse,
            and_(
                ReferenceUse.tenant_id == Post.tenant_id,
                ReferenceUse.post_id == Post.id,
                ReferenceUse.revision_id == Post.live_revision_id,
            ),
        )
        .where(
            Post.tenant_id == work.tenant_id,
            ReferenceUse.key.in_(await all_names(whole, [entry])),
        )
        .distinct()
        .order_by(Post.id)
    )
    for row in rows:
        args = {"post_id": row.id, "reason": Reason.REFERENCE.value, "source": entry.id}
        await whole.shop.enqueue(whole, REOPEN, args)


async def close_lifted(work: Work, event: RetractionLifted) -> None:
    """It was noted by mistake: nothing is to be judged again for it."""
    rows = await work.all(
        select(Reopening).where(
            Reopening.tenant_id == work.tenant_id,
            Reopening.reason == Reason.REFERENCE.value,
            Reopening.source == event.reference_id,
            Reopening.closed_at.is_(None),
        )
    )
    for (one,) in rows:
        await reopening.close(work, one, LIFTED)
        left = await reopening.open_of(work, one.post_id)
        if not any(other.reason == Reason.REFERENCE for other in left):
            await public_notices.lift(work, one.post_id, [Reason.REFERENCE])
