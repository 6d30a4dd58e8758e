"""A registration lost the right to sign: the live texts that stand on it are judged again."""

from typing import cast

from sqlalchemy import select

from cms.database.work import UnitOfWork
from cms.kernel.declarations import Job
from cms.kernel.work import Work
from plugins.medical_review.aftercare.affected import carried
from plugins.medical_review.aftercare.events import Reason
from plugins.medical_review.aftercare.reopening import reopen
from plugins.professional_registry.case_events import CaseOpened
from plugins.professional_registry.case_models import Case

REOPEN = "medical_review.reopen"

# What has only run out is over with the next verification: it is no reason to doubt a text.
_ONLY_RAN_OUT = "expired"
_LIVE = frozenset({"responsible", "approved_by"})


async def reopen_carried(work: Work, opened: CaseOpened) -> None:
    """Queue a job for each live text that she answers for, or that stands on her approval. As a
    job itself, because they may be many and the loss is written before."""
    row = await work.one(
        select(Case.reason).where(Case.tenant_id == work.tenant_id, Case.id == opened.case_id)
    )
    if row is None or row.reason == _ONLY_RAN_OUT:
        return
    whole = cast(UnitOfWork, work)
    texts = {one.post_id for one in await carried(work, opened.user_id) if one.role in _LIVE}
    for post_id in sorted(texts):
        args = {"post_id": post_id, "reason": Reason.LICENCE.value, "source": opened.case_id}
        await whole.shop.enqueue(whole, REOPEN, args)


async def reopen_one(work: UnitOfWork, post_id: int, reason: str, source: int | None) -> None:
    """The job of one text; a second one for the same reason does nothing."""
    await reopen(work, post_id, Reason(reason), source)


REOPENING_JOBS = (Job(REOPEN, reopen_one),)
