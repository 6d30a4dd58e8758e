"""The content rules look at inherited texts, a batch at a time: what they find says where to
begin."""

from collections.abc import Sequence

from sqlalchemy import func, select, update

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.kernel.declarations import Job
from plugins.medical_review.aftercare.events import InheritedScanAsked
from plugins.medical_review.aftercare.inherited import note
from plugins.medical_review.aftercare.models import InheritedText
from plugins.medical_review.checks import scanning as checking
from plugins.medical_review.checks.models import PostFinding
from plugins.medical_review.reviewing.reading import OVERSEE

SCAN = "medical_review.scan_inherited"
BATCH = checking.IN_A_JOB


async def ask(work: UnitOfWork) -> None:
    """Have every inherited text looked at, by a job."""
    require(
        work.actor.has(OVERSEE),
        "inherited.scan",
        "Sorry, you are not allowed to have inherited texts scanned.",
    )
    await work.emit(InheritedScanAsked())
    since = int(work.now.timestamp())
    await work.shop.enqueue(work, SCAN, {"since": since, "after": 0})


async def scan(work: UnitOfWork, since: int, after: int) -> None:
    """The job of one batch, which queues the next one with its own commit: one that is stopped goes
    on where it was. A text that was looked at `since` (Unix seconds) is passed by."""
    rows = await work.all(
        select(InheritedText.post_id, InheritedText.scanned_at)
        .where(
            InheritedText.tenant_id == work.tenant_id,
            InheritedText.post_id > after,
            InheritedText.reviewed_at.is_(None),
        )
        .order_by(InheritedText.post_id)
        .limit(BATCH)
    )
    if not rows:
        return
    await work.shop.enqueue(work, SCAN, {"since": since, "after": rows[-1].post_id})
    wanted = tuple(
        row.post_id for row in rows if not row.scanned_at or row.scanned_at.timestamp() < since
    )
    if wanted:
        await checking.scan(work, wanted)
        await _keep(work, wanted)


async def _keep(work: UnitOfWork, post_ids: Sequence[int]) -> None:
    """Count what was found of each, by severity: the board is sorted out by it."""
    rows = await work.all(
        select(PostFinding.post_id, PostFinding.severity, func.count())
        .where(PostFinding.tenant_id == work.tenant_id, PostFinding.post_id.in_(post_ids))
        .group_by(PostFinding.post_id, PostFinding.severity)
    )
    counts: dict[int, dict[str, int]] = {post_id: {} for post_id in post_ids}
    for post_id, severity, number in rows:
        counts[post_id][severity] = number
    for post_id, findings in counts.items():
        await work.execute(
            update(InheritedText)
            .where(
                InheritedText.tenant_id == work.tenant_id,
                InheritedText.post_id == post_id,
            )
            .values(findings=findings, scanned_at=work.now)
        )


async def note_all(work: UnitOfWork) -> None:
    """Every night: texts grow older, and some came before anybody kept a board of them."""
    await note(work)


SCAN_JOBS = (
    Job(SCAN, scan),
    Job("medical_review.note_inherited", note_all, cron="41 3 * * *"),
)
