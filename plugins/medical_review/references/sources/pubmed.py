"""PubMed through the E-utilities of NCBI: `esearch` for a DOI, `esummary` for the record.

NCBI asks for `tool` and `email` with each question and bears three a second without a key.
"""

import re
from collections.abc import Iterable
from typing import Any

import msgspec

from plugins.medical_review.references.identifiers import (
    canonical_doi,
    canonical_pmcid,
    canonical_pmid,
)
from plugins.medical_review.references.models import Notice, Origin
from plugins.medical_review.references.sources.source import Another, Found, Source
from plugins.professional_registry.providers.online import decoded

_TOOL = "healthcare-cms"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(r"(\d{4})(?:\s+([A-Z][a-z]{2})[a-z]*)?(?:\s+(\d{1,2}))?")
_INITIALS = re.compile(r"(?P<family>.+?)\s+(?P<initials>[A-ZÀ-Þ]{1,6})(?:\s+(?:Jr|Sr|\dnd|\drd))?$")
RETRACTED_TYPE = "Retracted Publication"
# How a record names what was said of it elsewhere; the gravest first.
RELATIONS = {
    "retraction in": Notice.RETRACTED,
    "partial retraction in": Notice.RETRACTED,
    "expression of concern in": Notice.CONCERN,
    "erratum in": Notice.CORRECTED,
    "corrected and republished in": Notice.CORRECTED,
}


class Listed(msgspec.Struct):
    idlist: list[str] = []


class Searched(msgspec.Struct):
    esearchresult: Listed


class Author(msgspec.Struct):
    name: str = ""
    authtype: str = ""


class ArticleId(msgspec.Struct):
    idtype: str = ""
    value: str = ""


class Related(msgspec.Struct):
    reftype: str = ""


class Summary(msgspec.Struct):
    """Of a record only what is used. One that is not there has `error`."""

    uid: str = ""
    error: str = ""
    title: str = ""
    booktitle: str = ""
    authors: list[Author] = []
    source: str = ""
    fulljournalname: str = ""
    pubdate: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    issn: str = ""
    lang: list[str] = []
    pubtype: list[str] = []
    articleids: list[ArticleId] = []
    references: list[Related] = []


class Answer(msgspec.Struct):
    """`result` holds a list of ids beside the records, so that each is read by itself."""

    result: dict[str, msgspec.Raw] = {}


class PubMed(Source):
    """Knows the literature of medicine, and says of a record whether it was retracted."""

    name = Origin.PUBMED
    official = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    kinds = ("pmid", "doi")
    per_second = 3.0

    async def _find(self, kind: str, value: str, seconds: float) -> Found | None:
        pmid = value
        if kind == "doi":
            found = await self._search(value, seconds)
            if found is None:
                return None
            pmid = found
            # The second question waits for a turn of its own.
            line = self._manners.line
            await line.bucket.take(line.clock.now() + seconds)
        record = await self._summary(pmid, seconds)
        if record is None:
            return None
        ids = {one.idtype: one.value for one in record.articleids}
        if kind == "doi" and canonical_doi(ids.get("doi", "")) != value:
            raise Another
        return _found(record, ids)

    async def _search(self, doi: str, seconds: float) -> str | None:
        """Quoted, or its parts would be taken for words; and a search that finds more than one has
        not understood the question."""
        reply = await self._ask("esearch", {"term": f'"{doi}"[doi]'}, seconds)
        ids = decoded(reply, Searched, "a search of PubMed").esearchresult.idlist
        return canonical_pmid(ids[0]) if len(ids) == 1 else None

    async def _summary(self, pmid: str, seconds: float) -> Summary | None:
        reply = await self._ask("esummary", {"id": pmid}, seconds)
        found = decoded(reply, Answer, "a summary of PubMed").result
        if pmid not in found:
            raise Another
        record = decoded(bytes(found[pmid]), Summary, "a record of PubMed")
        if record.error:
            return None
        if canonical_pmid(record.uid) != pmid:
            raise Another
        return record

    async def _ask(self, utility: str, asked: dict[str, str], seconds: float) -> bytes:
        manners = {"tool": _TOOL, "email": self._contact, "retmode": "json", "db": "pubmed"}
        reply = await self._get(f"/{utility}.fcgi", {**manners, **asked}, seconds)
        return reply.body


def _found(record: Summary, ids: dict[str, str]) -> Found:
    item: dict[str, Any] = {
        "type": "book" if record.booktitle else "article-journal",
        "title": (record.title or record.booktitle).strip().removesuffix("."),
        "author": [_person(one) for one in record.authors if one.name],
        "container-title": record.fulljournalname,
        "container-title-short": record.source,
        "issued": {"date-parts": [_date(record.pubdate)]},
        "volume": record.volume,
        "issue": record.issue,
        "page": record.pages,
        "ISSN": record.issn,
        "language": record.lang[0] if record.lang else "",
        "PMID": record.uid,
        "DOI": canonical_doi(ids.get("doi", "")) or "",
        "PMCID": canonical_pmcid(ids.get("pmc", "") or ids.get("pmcid", "")) or "",
    }
    notice = notice_of(record.pubtype, (one.reftype for one in record.references))
    return Found({name: value for name, value in item.items() if value}, notice)


def notice_of(kinds: Iterable[str], relations: Iterable[str]) -> Notice | None:
    """The gravest of what types of publication and relations say."""
    if RETRACTED_TYPE in kinds:
        return Notice.RETRACTED
    said = {RELATIONS.get(one.strip().lower()) for one in relations}
    return next((one for one in reversed(Notice) if one in said), None)


def _person(author: Author) -> dict[str, str]:
    named = _INITIALS.fullmatch(author.name)
    if author.authtype == "CollectiveName" or named is None:
        return {"literal": author.name}
    given = " ".join(f"{letter}." for letter in named["initials"])
    return {"family": named["family"], "given": given}


def _date(written: str) -> list[int]:
    found = _DATE.match(written)
    if found is None:
        return []
    year, month, day = found.groups()
    if month not in _MONTHS:
        return [int(year)]
    parts = [int(year), _MONTHS.index(month) + 1]
    return [*parts, int(day)] if day else parts
