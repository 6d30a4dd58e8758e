"""/api/v1/reviews/references: the library of the site."""

from datetime import datetime
from typing import Any

import msgspec

from cms.api.routing import get, post, put
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.references import library, searching
from plugins.medical_review.references.csl import year_of
from plugins.medical_review.references.importing import import_all
from plugins.medical_review.references.models import (
    CitationStyle,
    LibraryEntry,
    LibraryVersion,
    Notice,
    Origin,
)
from plugins.medical_review.references.noticing import lift, note
from plugins.medical_review.references.resolving import resolve
from plugins.medical_review.references.searching import Use
from plugins.medical_review.references.style_option import choose, style_of

MOST = 100


class ByHand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A publication as somebody knows it, in CSL-JSON."""

    csl: dict[str, Any]


class ByName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Exactly one of them."""

    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    isbn: str = ""
    url: str = ""


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the entry is to say; `version` is the one that was read."""

    csl: dict[str, Any]
    version: int


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a reference manager has written; `format` is csl-json, bibtex or ris."""

    format: str
    text: str


class Merging(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The entry that stays."""

    into: int


class Noted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the journal says: retracted, concern or corrected, with the DOI of its notice; null
    takes back what was noted by mistake."""

    notice: str | None
    notice_doi: str = ""


class ReferenceOut(msgspec.Struct, frozen=True):
    """An entry. A text names it by one of `keys`; `notice` is what its journal said afterwards."""

    id: int
    key: str
    keys: list[str]
    title: str
    authors: str
    year: int | None
    csl: dict[str, Any]
    version: int
    origin: str
    fetched_at: datetime | None
    notice: str | None
    notice_doi: str | None
    noticed_at: datetime | None
    asked_at: datetime | None
    merged_into: int | None
    changed_at: datetime

    @classmethod
    def of(cls, entry: LibraryEntry) -> "ReferenceOut":
        return cls(
            entry.id,
            entry.key,
            sorted(library.names_of(entry)),
            entry.csl.get("title", ""),
            library.author_line(entry.csl),
            year_of(entry.csl),
            entry.csl,
            entry.version,
            entry.origin,
            entry.fetched_at,
            entry.notice,
            entry.notice_doi,
            entry.noticed_at,
            entry.asked_at,
            entry.merged_into,
            entry.changed_at,
        )


class AddedOut(msgspec.Struct, frozen=True):
    """`is_new` is false when the library had the publication before."""

    reference: ReferenceOut
    is_new: bool


class ReferencesOut(msgspec.Struct, frozen=True):
    """A page, the newest first; `next` is the value of `before` that continues it."""

    references: list[ReferenceOut]
    next: int | None


class VersionOut(msgspec.Struct, frozen=True):
    """What an entry said in one of its versions."""

    version: int
    csl: dict[str, Any]
    origin: str
    by: int | None
    at: datetime

    @classmethod
    def of(cls, row: LibraryVersion) -> "VersionOut":
        return cls(row.version, row.csl, row.origin, row.by, row.at)


class StyleIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """vancouver, abnt or apa."""

    style: str


class StyleOut(msgspec.Struct, frozen=True):
    """The style of the site; `styles` are those that it can choose from."""

    style: str
    styles: tuple[str, ...] = tuple(CitationStyle)


class ImportedOut(msgspec.Struct, frozen=True):
    """What became of each item of a file; `refused` names the faults of each by its place."""

    added: list[ReferenceOut]
    known: list[ReferenceOut]
    refused: list[dict[str, str]]


class UsesOut(msgspec.Struct, frozen=True):
    """The texts that name a publication; `next` is the value of `after` that continues them."""

    uses: list[Use]
    next: int | None


@get("/references", action="reference.list", resource="reference")
async def list_references(
    work: UnitOfWork,
    q: str = "",
    notice: str = "",
    limit: int = 50,
    before: int | None = None,
) -> ReferencesOut:
    """The library; `q` are words of titles, authors, years, identifiers."""
    _refuse_page(limit)
    if notice and notice not in set(Notice):
        raise InvalidInput({"notice": f"{notice[:40]!r} must be one of {', '.join(Notice)}"})
    found = await searching.listed(work, q=q[:200], notice=notice, limit=limit, before=before)
    more = found[-1].id if len(found) == limit else None
    return ReferencesOut([ReferenceOut.of(entry) for entry in found], more)


def _refuse_page(limit: int) -> None:
    if not 1 <= limit <= MOST:
        raise InvalidInput({"limit": f"{limit} must be between 1 and {MOST}"})


@post("/references", action="reference.add", resource="reference", status_code=201)
async def add_reference(data: ByHand, work: UnitOfWork) -> AddedOut:
    """Add a publication by hand. One that the library has already stays as it is."""
    library.require_write(work, "reference.add")
    item = library.checked("csl", data.csl)
    entry, is_new = await library.add(work, item, Origin.HAND)
    return AddedOut(ReferenceOut.of(entry), is_new)


@post("/references/resolve", action="reference.add", resource="reference", status_code=200)
async def resolve_reference(data: ByName, work: UnitOfWork) -> AddedOut:
    """Add a publication by its DOI, PubMed id, PMC id or ISBN, as a source knows it."""
    entry, is_new = await resolve(work, msgspec.structs.asdict(data))
    return AddedOut(ReferenceOut.of(entry), is_new)


@post("/references/import", action="reference.add", resource="reference", status_code=200)
async def import_references(data: File, work: UnitOfWork) -> ImportedOut:
    """Add what a reference manager exports; what cannot be used is named, the rest is added."""
    done = await import_all(work, data.format, data.text)
    return ImportedOut(
        [ReferenceOut.of(entry) for entry in done.added],
        [ReferenceOut.of(entry) for entry in done.known],
        done.refused,
    )


@get("/references/style", action="reference.list", resource="reference")
async def read_style(work: UnitOfWork) -> StyleOut:
    """The style in which the site shows its references."""
    library.require_write(work, "reference.list")
    return StyleOut(await style_of(work))


@put("/references/style", action="reference.style", resource="reference")
async def choose_style(data: StyleIn, work: UnitOfWork) -> StyleOut:
    """Another style; texts that are stored follow within minutes."""
    return StyleOut(await choose(work, data.style))


@get("/references/{reference_id:int}", action="reference.read", resource="reference")
async def read_reference(reference_id: int, work: UnitOfWork) -> ReferenceOut:
    """One entry."""
    library.require_write(work, "reference.read")
    return ReferenceOut.of(await library.get(work, reference_id))


@get("/references/{reference_id:int}/versions", action="reference.read", resource="reference")
async def read_versions(reference_id: int, work: UnitOfWork) -> list[VersionOut]:
    """Everything that an entry ever said, the newest first."""
    library.require_write(work, "reference.read")
    await library.get(work, reference_id)
    return [VersionOut.of(row) for row in await library.versions(work, reference_id)]


@get("/references/{reference_id:int}/uses", action="reference.read", resource="reference")
async def read_uses(
    reference_id: int, work: UnitOfWork, limit: int = 50, after: int = 0
) -> UsesOut:
    """The texts that name this publication, of those that you may read."""
    library.require_write(work, "reference.read")
    _refuse_page(limit)
    entry = await library.get(work, reference_id)
    found = await searching.used_in(work, entry, limit=limit, after=after)
    return UsesOut(found, found[-1].post_id if len(found) == limit else None)


@put("/references/{reference_id:int}", action="reference.change", resource="reference")
async def change_reference(reference_id: int, data: Change, work: UnitOfWork) -> ReferenceOut:
    """Let an entry say something else; texts keep the version that they were written with."""
    library.require_change(work, "reference.change")
    item = library.checked("csl", data.csl)
    return ReferenceOut.of(await library.change(work, reference_id, item, data.version))


@post(
    "/references/{reference_id:int}/merge",
    action="reference.merge",
    resource="reference",
    status_code=200,
)
async def merge_reference(reference_id: int, data: Merging, work: UnitOfWork) -> ReferenceOut:
    """Make one of two entries of the same publication."""
    return ReferenceOut.of(await library.merge(work, reference_id, data.into))


@put("/references/{reference_id:int}/notice", action="reference.retract", resource="reference")
async def note_notice(reference_id: int, data: Noted, work: UnitOfWork) -> ReferenceOut:
    """Note that a journal retracted a publication, voiced concern, or corrected it; or that this
    was noted by mistake."""
    if data.notice is None:
        return ReferenceOut.of(await lift(work, reference_id))
    if data.notice not in set(Notice):
        raise InvalidInput({"notice": f"{data.notice[:40]!r} must be one of {', '.join(Notice)}"})
    return ReferenceOut.of(
        await note(work, reference_id, Notice(data.notice), data.notice_doi, Origin.HAND)
    )


routes = [
    list_references,
    add_reference,
    resolve_reference,
    import_references,
    read_style,
    choose_style,
    read_reference,
    read_versions,
    read_uses,
    change_reference,
    merge_reference,
    note_notice,
]
