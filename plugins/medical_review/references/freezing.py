"""A text carries a copy of what the library says of its references, as part of its hash: what a
reviewer approved is what the list shows, whatever the library says later (decision 0024)."""

from collections.abc import Mapping, Sequence
from typing import Any

from cms.content.draft import Draft
from cms.errors import InvalidInput
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import PART, REVIEWED
from plugins.medical_review.references.entries import (
    LISTED_IN,
    OLD_KEYS,
    key_of_entry,
    names_of_entry,
)
from plugins.medical_review.references.library import copies_of, known
from plugins.medical_review.references.models import LibraryEntry

Entry = Mapping[str, Any]


async def freeze_copies(work: ReadableWork, draft: Draft) -> Draft:
    """The draft with the library's newest copy in each reference that is new in it. One that was
    there before keeps its copy, also when a client sends it back without; a `version` asks for
    that version's. Texts that name nothing new ask the library nothing."""
    entries = draft.parts.get(PART, {}).get(LISTED_IN) or ()
    if draft.post_type not in REVIEWED or not entries:
        return draft
    was = draft.was.get(PART, {}).get(LISTED_IN) or ()
    before = {name: entry for entry in was for name in names_of_entry(entry)}
    kept = [_as_before(entry, before.get(key_of_entry(entry))) for entry in entries]
    wanted = {key_of_entry(e) for e, k in zip(entries, kept, strict=True) if k is None}
    there = await known(work, wanted)
    copies = await _copies(work, entries, there)
    frozen = [
        kept_one or _frozen(place, entry, there.get(key_of_entry(entry)), copies)
        for place, (entry, kept_one) in enumerate(zip(entries, kept, strict=True))
    ]
    return draft.with_part(PART, **{LISTED_IN: frozen})


def _as_before(entry: Entry, before: Entry | None) -> Entry | None:
    """What stood there, if this is the same: sent back whole, or by a client that knows no copies.
    None when the library has to be asked."""
    if before is None:
        return None
    if entry == before:
        return before
    told = {name: value for name, value in before.items() if name not in {"csl", "version"}}
    is_old = entry == {name: value for name, value in before.items() if name in OLD_KEYS}
    return before if is_old or entry == told else None


async def _copies(
    work: ReadableWork, entries: Sequence[Entry], there: Mapping[str, LibraryEntry]
) -> dict[tuple[int, int], list[Any]]:
    wanted = {
        (found.id, entry["version"])
        for entry in entries
        if (found := there.get(key_of_entry(entry))) is not None
        and entry.get("version") is not None
    }
    return await copies_of(work, wanted)


def _frozen(
    place: int,
    entry: Entry,
    found: LibraryEntry | None,
    copies: Mapping[tuple[int, int], Sequence[Any]],
) -> Entry:
    """Of a copy that came from another site only the copy counts: the number of its version means
    nothing here."""
    version, own = entry.get("version"), entry.get("csl")
    if found is None:
        if version is not None and not own:
            raise _unknown(place, version)
        return {name: value for name, value in entry.items() if name != "version"}
    if version is None:
        # One that has a copy and no version was typed by hand.
        return entry if own else _with_copy(entry, found.csl, found.version)
    kept = copies.get((found.id, version), ())
    if not kept:
        raise _unknown(place, version)
    return _with_copy(entry, own if own and own in kept else kept[0], version)


def _with_copy(entry: Entry, item: Mapping[str, Any], version: Any) -> Entry:
    """The entry keeps the names that it came by, for these are what citations say."""
    title = entry.get("title") or item.get("title", "")
    return {**entry, "title": title, "csl": dict(item), "version": version}


def _unknown(place: int, version: Any) -> InvalidInput:
    fault = f"the library has no version {version} of it; leave it out to take the newest"
    return InvalidInput({f"{LISTED_IN}[{place}][version]": fault})
