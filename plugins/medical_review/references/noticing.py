"""What a journal said of a publication afterwards, as the library notes it."""

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.references.events import ReferenceRetracted, RetractionLifted
from plugins.medical_review.references.identifiers import canonical_doi
from plugins.medical_review.references.library import lock
from plugins.medical_review.references.models import LibraryEntry, Notice, Origin
from plugins.medical_review.reviewing.deciding import APPROVE

_MAY_NOT = "Sorry, only reviewers may note what became of a publication."
_GRAVITY = tuple(Notice)


async def note(
    work: UnitOfWork, entry_id: int, notice: Notice, notice_doi: str, origin: Origin
) -> LibraryEntry:
    """Note it, and tell everybody who observes ReferenceRetracted. By hand a reviewer may also
    make it less grave than it was."""
    require(work.actor.has(APPROVE), "reference.retract", _MAY_NOT)
    doi = canonical_doi(notice_doi) if notice_doi.strip() else None
    if notice_doi.strip() and doi is None:
        raise InvalidInput({"notice_doi": f"{notice_doi[:60]!r} is not a DOI"})
    entry = await lock(work, entry_id)
    await keep_notice(work, entry, notice, doi, origin)
    return entry


async def keep_notice(
    work: UnitOfWork, entry: LibraryEntry, notice: Notice, doi: str | None, origin: Origin
) -> None:
    """The same of an entry that is held; nothing happens when it is known already."""
    if entry.notice == notice and (doi is None or entry.notice_doi == doi):
        return
    is_new = entry.notice != notice
    entry.notice, entry.notice_origin = notice.value, origin.value
    entry.notice_doi = doi or (None if is_new else entry.notice_doi)
    entry.noticed_at = work.now if is_new else entry.noticed_at
    await work.emit(ReferenceRetracted(reference_id=entry.id, notice=notice, origin=origin))


def is_graver(notice: Notice, known: str | None) -> bool:
    """Whether a source tells more than is known; it never takes anything back."""
    return known is None or _GRAVITY.index(notice) > _GRAVITY.index(Notice(known))


async def lift(work: UnitOfWork, entry_id: int) -> LibraryEntry:
    """Take back what was noted by mistake."""
    require(work.actor.has(APPROVE), "reference.retract", _MAY_NOT)
    entry = await lock(work, entry_id)
    if entry.notice is not None:
        entry.notice = entry.notice_doi = entry.notice_origin = entry.noticed_at = None
        await work.emit(RetractionLifted(reference_id=entry.id))
    return entry
