"""Europe PMC's web service: one search finds a record by DOI, PubMed id or PMC id."""

from typing import Any

import msgspec

from plugins.medical_review.references.identifiers import (
    canonical_doi,
    canonical_pmcid,
    canonical_pmid,
)
from plugins.medical_review.references.models import Origin
from plugins.medical_review.references.sources.pubmed import notice_of
from plugins.medical_review.references.sources.source import Another, Found, Source
from plugins.professional_registry.providers.online import decoded


class Author(msgspec.Struct, rename="camel"):
    last_name: str = ""
    first_name: str = ""
    initials: str = ""
    collective_name: str = ""
    full_name: str = ""


class Authors(msgspec.Struct):
    author: list[Author] = []


class Journal(msgspec.Struct):
    title: str = ""
    medline_abbreviation: str = msgspec.field(default="", name="medlineAbbreviation")
    isoabbreviation: str = ""
    issn: str = ""


class JournalInfo(msgspec.Struct, rename="camel"):
    journal: Journal = msgspec.field(default_factory=Journal)
    volume: str = ""
    issue: str = ""
    year_of_publication: int | None = None
    month_of_publication: int | None = None


class PubTypes(msgspec.Struct, rename="camel"):
    pub_type: list[str] = []


class Correction(msgspec.Struct):
    type: str = ""


class Corrections(msgspec.Struct, rename="camel"):
    comment_correction: list[Correction] = []


class Record(msgspec.Struct, rename="camel"):
    """Of a record only what is used (`resultType=core`)."""

    pmid: str = ""
    pmcid: str = ""
    doi: str = ""
    title: str = ""
    author_list: Authors = msgspec.field(default_factory=Authors)
    journal_info: JournalInfo = msgspec.field(default_factory=JournalInfo)
    pub_year: str = ""
    page_info: str = ""
    language: str = ""
    pub_type_list: PubTypes = msgspec.field(default_factory=PubTypes)
    comment_correction_list: Corrections = msgspec.field(default_factory=Corrections)


class Results(msgspec.Struct):
    result: list[Record] = []


class Page(msgspec.Struct, rename="camel"):
    hit_count: int
    result_list: Results = msgspec.field(default_factory=Results)


_QUERIES = {"doi": 'DOI:"{}"', "pmid": "EXT_ID:{} AND SRC:MED", "pmcid": "PMCID:{}"}
_CANONICAL = {"doi": canonical_doi, "pmid": canonical_pmid, "pmcid": canonical_pmcid}


class EuropePmc(Source):
    """Has what PubMed has, and full texts; no limit is published, so we keep to PubMed's."""

    name = Origin.EUROPE_PMC
    official = "https://www.ebi.ac.uk/europepmc/webservices/rest"
    kinds = ("doi", "pmid", "pmcid")
    per_second = 3.0

    async def _find(self, kind: str, value: str, seconds: float) -> Found | None:
        asked = {
            "query": _QUERIES[kind].format(value.replace('"', "")),
            "format": "json",
            "resultType": "core",
            "pageSize": "5",
            "email": self._contact,
        }
        reply = await self._get("/search", asked, seconds)
        page = decoded(reply.body, Page, "a search of Europe PMC")
        same = [r for r in page.result_list.result if _CANONICAL[kind](getattr(r, kind)) == value]
        if page.result_list.result and not same:
            raise Another
        return _found(same[0]) if same else None


def _found(record: Record) -> Found:
    info = record.journal_info
    year = info.year_of_publication or (int(record.pub_year) if record.pub_year.isdigit() else None)
    date = [part for part in (year, info.month_of_publication) if part] if year else []
    item: dict[str, Any] = {
        "type": "article-journal" if info.journal.title else "article",
        "title": record.title.strip().removesuffix("."),
        "author": [person for one in record.author_list.author if (person := _person(one))],
        "container-title": info.journal.title,
        "container-title-short": info.journal.medline_abbreviation or info.journal.isoabbreviation,
        "issued": {"date-parts": [date]},
        "volume": info.volume,
        "issue": info.issue,
        "page": record.page_info,
        "ISSN": info.journal.issn,
        "language": record.language,
        "DOI": canonical_doi(record.doi) or "",
        "PMID": canonical_pmid(record.pmid) or "",
        "PMCID": canonical_pmcid(record.pmcid) or "",
    }
    relations = (one.type for one in record.comment_correction_list.comment_correction)
    notice = notice_of(record.pub_type_list.pub_type, relations)
    return Found({name: value for name, value in item.items() if value}, notice)


def _person(author: Author) -> dict[str, str]:
    if author.collective_name:
        return {"literal": author.collective_name}
    given = author.first_name or " ".join(f"{letter}." for letter in author.initials)
    if author.last_name:
        return {"family": author.last_name, "given": given}
    return {"literal": author.full_name} if author.full_name else {}
