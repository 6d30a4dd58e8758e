"""What is wrong with the references of a text: which of it stops the text, and which is said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cms.kernel.objections import Objection
from plugins.medical_review.references.citations import Mark, order_of
from plugins.medical_review.references.csl import ids_of, year_of
from plugins.medical_review.references.entries import key_of_entry, names_of_entry
from plugins.medical_review.references.identifiers import IDENTIFIERS
from plugins.medical_review.references.models import Notice

Entry = Mapping[str, Any]


class Severity(StrEnum):
    """A blocker stops the text, a warning is to be thought about, a note is good to know."""

    BLOCKER = "blocker"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """`place` is that of the reference in the list, from 0; None where it is about the text."""

    severity: Severity
    objection: Objection
    place: int | None = None


@dataclass(frozen=True)
class Facts:
    """What the library knows of the references: `notices` and newest `versions` by key; and the
    year that it is at the site."""

    year: int
    notices: Mapping[str, tuple[Notice, str | None]] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)


# What Vancouver needs of each type (Citing Medicine, NLM); of "a or b" one is enough.
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "article-journal": ("author", "container-title", "issued", "volume or page or DOI or number"),
    "book": ("author or editor", "publisher", "issued"),
    "chapter": ("author", "container-title", "publisher", "issued"),
    "legislation": ("issued",),
    "paper-conference": ("author", "container-title or event-title", "issued"),
    "report": ("author or publisher", "issued"),
    "thesis": ("author", "publisher", "issued"),
    "webpage": ("author or publisher", "URL", "accessed"),
}
_NOTICES = {
    Notice.RETRACTED: (
        Severity.BLOCKER,
        "was retracted, and the text does not say so",
        "Take it out, or set its is_retracted to true if the text is about the retraction.",
    ),
    Notice.CONCERN: (
        Severity.WARNING,
        "is under an expression of concern of its journal",
        "Read the notice and decide whether the text may rest on it.",
    ),
    Notice.CORRECTED: (
        Severity.NOTE,
        "was corrected by its journal",
        "Read the correction and see whether the text still says what it says.",
    ),
}


@dataclass(frozen=True)
class _At:
    """A reference of the text, and its place in the list."""

    place: int
    entry: Entry

    def finding(self, severity: Severity, code: str, said: str, remedy: str) -> Finding:
        title = (self.entry.get("csl") or self.entry).get("title") or key_of_entry(self.entry)
        message = f"Reference {self.place + 1} ({title:.80}) {said}."
        return Finding(severity, Objection(code, message, remedy), self.place)


def findings(entries: Sequence[Entry], found: Sequence[Mark], facts: Facts) -> list[Finding]:
    """Everything there is to say, the gravest first."""
    each = (one for at, entry in enumerate(entries) for one in _of_entry(_At(at, entry), facts))
    all_of_them = [*_of_citations(entries, found), *each, *_duplicates(entries)]
    return sorted(all_of_them, key=lambda one: tuple(Severity).index(one.severity))


def _of_citations(entries: Sequence[Entry], found: Sequence[Mark]) -> Iterator[Finding]:
    order = order_of(found, entries)
    if order.unknown or any(not mark.names for mark in found):
        names = ", ".join(order.unknown[:5]) or "nothing"
        yield Finding(
            Severity.BLOCKER,
            Objection(
                "reference.unknown",
                f"The text cites what its references do not hold: {names}.",
                "Add it to scientific_references, or take the citation out.",
            ),
        )
    if not found:
        return
    for entry in order.entries[order.cited :]:
        yield _At(entries.index(entry), entry).finding(
            Severity.NOTE,
            "reference.uncited",
            "is never cited in the text",
            "Cite it where the text rests on it, or take it out.",
        )


def _of_entry(at: _At, facts: Facts) -> Iterator[Finding]:
    entry = at.entry
    item, key = entry.get("csl") or {}, key_of_entry(entry)
    notice = facts.notices.get(key)
    if notice is not None and not (notice[0] is Notice.RETRACTED and entry.get("is_retracted")):
        severity, said, remedy = _NOTICES[notice[0]]
        yield at.finding(severity, f"reference.{notice[0].value}", said, remedy)
    missing = [one for one in _NEEDED.get(item.get("type", ""), ()) if not _has(item, one)]
    if missing:
        yield at.finding(
            Severity.WARNING,
            "reference.incomplete",
            f"lacks {', '.join(missing)}",
            "Complete it in the library and take its newest version.",
        )
    yield from _of_dates(at, item, facts.year)
    yield from _of_names(at, item)
    newest = facts.versions.get(key)
    if newest is not None and "version" in entry and newest != entry["version"]:
        yield at.finding(
            Severity.NOTE,
            "reference.outdated",
            f"is a copy of version {entry['version']}; the library has version {newest}",
            f"Send version {newest} with it to take that; the text is then to be approved again.",
        )


def _has(item: Entry, needed: str) -> bool:
    return any(item.get(name) for name in needed.split(" or "))


def _of_dates(at: _At, item: Entry, year: int) -> Iterator[Finding]:
    written = year_of(item)
    if written is not None and written > year:
        yield at.finding(
            Severity.WARNING,
            "reference.future",
            f"is of {written}, which has not come yet",
            "Correct its year in the library.",
        )


def _of_names(at: _At, item: Entry) -> Iterator[Finding]:
    copied, entry = ids_of(item), at.entry
    other = [n for n in IDENTIFIERS if n in entry and n in copied and entry[n] != copied[n]]
    if other:
        yield at.finding(
            Severity.WARNING,
            "reference.mismatch",
            f"names another {other[0]} ({entry[other[0]]}) than its copy ({copied[other[0]]})",
            "See which of the two is meant, and take out the other.",
        )


def _duplicates(entries: Sequence[Entry]) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for place, entry in enumerate(entries):
        names = names_of_entry(entry)
        before = min((seen[name] for name in names if name in seen), default=None)
        if before is not None:
            yield _At(place, entry).finding(
                Severity.WARNING,
                "reference.duplicate",
                f"is number {before + 1} of the list once more",
                "Take one of the two out.",
            )
        for name in names:
            seen.setdefault(name, place)
