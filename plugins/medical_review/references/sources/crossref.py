"""Crossref's REST API: `/works/{doi}`, and books by their ISBN.

What became of a publication stands in `updated-by` of its own record, from its publisher or from
Retraction Watch.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import msgspec

from plugins.medical_review.references.csl import OTHER_TYPES, TYPES
from plugins.medical_review.references.identifiers import canonical_doi, canonical_isbn
from plugins.medical_review.references.models import Notice, Origin
from plugins.medical_review.references.sources.source import JSON, Another, Found, Source
from plugins.professional_registry.providers.online import decoded
from plugins.professional_registry.wire import Fault, SourceFault

_BOOKS = frozenset({"book", "monograph", "edited-book", "reference-book"})
_KINDS = {
    **dict.fromkeys(("retraction", "withdrawal", "removal"), Notice.RETRACTED),
    "partial_retraction": Notice.RETRACTED,
    "expression_of_concern": Notice.CONCERN,
    **dict.fromkeys(("correction", "corrigendum", "erratum"), Notice.CORRECTED),
}
_GRAVITY = tuple(Notice)


class Update(msgspec.Struct):
    """What another record does to this one."""

    type: str = ""
    DOI: str = ""


class Work(msgspec.Struct, rename="kebab"):
    """Of a record only what is used; lists where CSL-JSON has texts."""

    DOI: str = msgspec.field(default="", name="DOI")
    type: str = ""
    title: list[str] = []
    author: list[dict[str, Any]] = []
    editor: list[dict[str, Any]] = []
    container_title: list[str] = []
    short_container_title: list[str] = []
    issued: dict[str, Any] = {}
    volume: str | None = None
    issue: str | None = None
    page: str | None = None
    article_number: str | None = None
    publisher: str | None = None
    publisher_location: str | None = None
    edition_number: str | None = None
    ISSN: list[str] = msgspec.field(default_factory=list, name="ISSN")
    ISBN: list[str] = msgspec.field(default_factory=list, name="ISBN")
    language: str | None = None
    updated_by: list[Update] = []


class One(msgspec.Struct):
    message: Work


class Listed(msgspec.Struct):
    items: list[Work] = []


class Many(msgspec.Struct):
    message: Listed


class Crossref(Source):
    """Knows nearly every DOI of a journal. The polite pool is for who says who asks (`mailto`)."""

    name = Origin.CROSSREF
    official = "https://api.crossref.org"
    kinds = ("doi", "isbn")
    # List questions bore three a second when this was written; single records bear more.
    per_second = 3.0

    async def _find(self, kind: str, value: str, seconds: float) -> Found | None:
        return await (self._book if kind == "isbn" else self._work)(value, seconds)

    async def _work(self, doi: str, seconds: float) -> Found | None:
        reply = await self._get(
            f"/works/{quote(doi, safe='')}",
            {"mailto": self._contact},
            seconds,
            accepts=(JSON, "text/plain"),
            statuses=(200, 404),
        )
        if reply.status == 404:
            return None
        work = decoded(reply.body, One, "a record of Crossref").message
        if canonical_doi(work.DOI) != doi:
            raise Another
        return found(work)

    async def _book(self, isbn: str, seconds: float) -> Found | None:
        """Chapters have the number of their book, so the type is looked at too."""
        parameters = {"filter": f"isbn:{isbn}", "rows": "20", "mailto": self._contact}
        reply = await self._get("/works", parameters, seconds)
        works = decoded(reply.body, Many, "a list of Crossref").message.items
        books = [
            work
            for work in works
            if work.type in _BOOKS and isbn in {canonical_isbn(one) for one in work.ISBN}
        ]
        return found(books[0]) if books else None


def found(work: Work) -> Found:
    """A record as CSL-JSON."""
    if not work.title:
        raise SourceFault(Fault.MALFORMED, "a record without a title")
    kind = OTHER_TYPES.get(work.type, work.type)
    item = {
        "type": kind if kind in TYPES else "document",
        "title": work.title,
        "author": work.author,
        "editor": work.editor,
        "container-title": work.container_title,
        "container-title-short": work.short_container_title,
        "issued": work.issued,
        "volume": work.volume,
        "issue": work.issue,
        "page": work.page,
        "number": work.article_number,
        "publisher": work.publisher,
        "publisher-place": work.publisher_location,
        "edition": work.edition_number,
        "ISSN": work.ISSN,
        "ISBN": [one for one in work.ISBN if canonical_isbn(one)],
        "DOI": work.DOI,
        "language": work.language,
    }
    notice, doi = _gravest(work.updated_by)
    return Found({name: value for name, value in item.items() if value}, notice, doi)


def _gravest(updates: Iterable[Update]) -> tuple[Notice | None, str | None]:
    said = [
        (_KINDS[kind], canonical_doi(update.DOI))
        for update in updates
        if (kind := update.type.lower().replace("-", "_").replace(" ", "_")) in _KINDS
    ]
    return max(said, key=lambda one: _GRAVITY.index(one[0]), default=(None, None))
