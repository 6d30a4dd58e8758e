"""The references of a text, looked at when it is handed over and when it goes to readers."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import and_, select

from cms.content.events import Inherited, Transition
from cms.content.models import Post, Revision
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import PART, reviewed_types
from plugins.medical_review.references import library
from plugins.medical_review.references.checks import Facts, Finding, Severity, findings
from plugins.medical_review.references.citations import Mark, marks
from plugins.medical_review.references.entries import LISTED_IN, key_of_entry, names_of_entry
from plugins.medical_review.references.models import LibraryEntry, Notice


@dataclass(frozen=True)
class Examined:
    """The references of a text, its citations, and what there is to say of both. `known` is what
    the library has of each, by its key."""

    entries: Sequence[Mapping[str, Any]]
    marks: Sequence[Mark]
    known: Mapping[str, LibraryEntry]
    findings: Sequence[Finding]


async def rests_on_sound_references(
    work: ReadableWork, move: Transition
) -> AsyncIterator[Objection]:
    """A citation without its reference, and a retracted one that the text takes for sound. What was
    public elsewhere stays public."""
    if isinstance(move, Inherited) or not (move.publishes or move.submits):
        return
    found = await examined(work, move.post_id, move.revision_id)
    for one in found.findings:
        if one.severity is Severity.BLOCKER:
            yield one.objection


# Both steps of a text are asked about at once, and its page once more.
_examined: WeakKeyDictionary[Any, dict[int, Examined]] = WeakKeyDictionary()


async def examined(work: ReadableWork, post_id: int, revision_id: int) -> Examined:
    """Two statements for a text with references, three where some of them were merged; none the
    second time in one unit of work, since a revision never changes."""
    seen = _examined.setdefault(work, {})
    if revision_id not in seen:
        seen[revision_id] = await _examine(work, post_id, revision_id)
    return seen[revision_id]


async def _examine(work: ReadableWork, post_id: int, revision_id: int) -> Examined:
    row = await work.one(
        select(Revision.content, Revision.parts)
        .join(Post, and_(Post.tenant_id == Revision.tenant_id, Post.id == Revision.post_id))
        .where(
            Revision.tenant_id == work.tenant_id,
            Revision.post_id == post_id,
            Revision.id == revision_id,
            Post.post_type.in_(reviewed_types(work)),
        )
    )
    if row is None:
        return Examined((), (), {}, ())
    entries = row.parts.get(PART, {}).get(LISTED_IN) or []
    found = marks(row.content)
    known = await known_entries(work, entries)
    facts = Facts(work.now.astimezone(work.tenant.zone).year, notices_in(known), _versions(known))
    return Examined(entries, found, known, findings(entries, found, facts))


async def known_entries(
    work: ReadableWork, entries: Sequence[Mapping[str, Any]]
) -> dict[str, LibraryEntry]:
    """What the library has of these references, by the key that each has in its text. Where two of
    its names lead to two entries, the one with a notice counts."""
    names = {key_of_entry(entry): names_of_entry(entry) for entry in entries}
    there = await library.known(work, {name for some in names.values() for name in some})
    found: dict[str, LibraryEntry] = {}
    for key, some in names.items():
        candidates = [there[name] for name in sorted(some) if name in there]
        if candidates:
            found[key] = next((one for one in candidates if one.notice), candidates[0])
    return found


def notices_in(known: Mapping[str, LibraryEntry]) -> dict[str, tuple[Notice, str | None]]:
    """What journals said afterwards, by key."""
    return {
        key: (Notice(entry.notice), entry.notice_doi)
        for key, entry in known.items()
        if entry.notice is not None
    }


def _versions(known: Mapping[str, LibraryEntry]) -> dict[str, int]:
    return {key: entry.version for key, entry in known.items()}
