"""A publication was retracted: live texts that rest on it and do not say so are judged again."""

from collections.abc import Mapping
from typing import Any, cast

from cms.database.work import UnitOfWork
from cms.jobs.queue import enqueue
from cms.kernel.work import Work
from plugins.medical_review.aftercare.events import Reason
from plugins.medical_review.aftercare.lost_licences import REOPEN
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.references import library
from plugins.medical_review.references.entries import LISTED_IN, names_of_entry
from plugins.medical_review.references.events import ReferenceRetracted
from plugins.medical_review.references.models import Notice
from plugins.medical_review.references.searching import all_names, live_texts


async def reopen_resting(work: Work, noted: ReferenceRetracted) -> None:
    """Queue a job for each of them. As a job itself, because they may be many. A concern and a
    correction are told to authors and reviewers (`reference.concern`), and reopen nothing."""
    entry = await library.get(work, noted.reference_id)
    if noted.notice is not Notice.RETRACTED or entry.notice != Notice.RETRACTED:
        return
    names = await all_names(work, [entry])
    texts = await live_texts(work, names)
    for post_id in sorted(post_id for post_id, parts in texts.items() if _trusts(parts, names)):
        args = {"post_id": post_id, "reason": Reason.REFERENCE.value, "source": entry.id}
        await enqueue(cast(UnitOfWork, work), REOPEN, args)


def _trusts(parts: Mapping[str, Mapping[str, Any]], names: set[str]) -> bool:
    """Whether the text takes the publication for sound."""
    entries = parts.get(PART, {}).get(LISTED_IN) or []
    return any(names_of_entry(one) & names and not one.get("is_retracted") for one in entries)
