"""A text carries a copy of what the library says of its references, as part of its hash: what a
reviewer approved is what the list shows, whatever the library says later (decision 0024)."""

from collections.abc import Mapping, Sequence
from typing import Any

from cms.content.draft import Draft
from cms.errors import InvalidInput
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import PART, is_reviewed
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
    if not is_reviewed(work, draft.post_type) or not entries:
        return draft
    was = draft.was.get(PART, {}).get(LISTED_IN) or ()
    before = {name: entry for entry in was for name in names_of_entry(entry)}
    then = [before.get(key_of_entry(entry)) for entry in entries]
    kept = [_as_before(entry, was_so) for entry, was_so in zip(entries, then, strict=True)]
    there = await known(
        work, {key_of_entry(e) for e, k in zip(entries, kept, strict=True) if k is None}
    )
    copies = await _copies(work, entries, there)
    frozen = [
        kept[place]
        or _frozen(place, _changed(entry, then[place]), there.get(key_of_entry(entry)), copies)
        for place, entry in enumerate(entries)
    ]
    return draft.with_part(PART, **{LISTED_IN: frozen})


def _changed(entry: Entry, before: Entry | None) -> Entry:
    """Who sends another version beside the old copy wants that version, and not the copy."""
    if before is None or entry.get("csl") != before.get("csl"):
        return entry
    if entry.get("version") in {None, before.get("version")}:
        return entry
    return {name: value for name, value in entry.items() if name != "csl"}


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
    """A version says that the copy is the library's. One that is not, because it came from another
    site or was typed by hand, is kept without that word."""
    version, own = entry.get("version"), entry.get("csl")
    kept = copies.get((found.id, version or 0), ()) if found else ()
    if own:
        told = {name: value for name, value in entry.items() if name != "version"}
        return entry if own in kept else told
    if version is None:
        return _with_copy(entry, found.csl, found.version) if found else entry
    if not kept:
        raise _unknown(place, version)
    return _with_copy(entry, kept[0], version)


def _with_copy(entry: Entry, item: Mapping[str, Any], version: Any) -> Entry:
    """The entry keeps the names that it came by, for these are what citations say."""
    title = entry.get("title") or item.get("title", "")
    return {**entry, "title": title, "csl": dict(item), "version": version}


def _unknown(place: int, version: Any) -> InvalidInput:
    fault = f"the library has no version {version} of it; leave it out to take the newest"
    return InvalidInput({f"{LISTED_IN}[{place}][version]": fault})
