"""A live text as schema.org's MedicalWebPage (https://schema.org/MedicalWebPage): who reviewed it,
when, as whom; for whom it is; on what it rests; what was wrong in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from cms.content.reading import PostView
from cms.kernel.work import ReadableWork
from cms.markup.tokens import MARKUP
from plugins.medical_review.aftercare.pages import Known
from plugins.medical_review.aftercare.public_notices import is_portuguese
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.references.entries import csl_of_entry
from plugins.medical_review.reviewing.approvals import Course
from plugins.professional_registry.bylines import Byline, byline_of
from plugins.professional_registry.specialties import specialties

CONTEXT = "https://schema.org"

_AUDIENCES = {
    "professionals": {"@type": "MedicalAudience", "audienceType": "https://schema.org/Clinician"},
    "patients": {"@type": "MedicalAudience", "audienceType": "https://schema.org/Patient"},
    "general": {"@type": "MedicalAudience", "audienceType": "General public"},
}


@dataclass(frozen=True)
class Site:
    """Where readers get the texts, without a slash at its end; whose they are; its clock."""

    address: str
    name: str
    zone: ZoneInfo

    def at(self, path: str) -> str:
        return self.address + path


def site_of(work: ReadableWork) -> Site:
    """The site as its readers know it."""
    site = work.tenant.site
    address = site.front_end_url.rstrip("/") or work.tenant.address
    return Site(address, site.title or work.tenant.name, work.tenant.zone)


def web_page(
    view: PostView, known: Known, course: Course, lines: Mapping[int, Byline], site: Site
) -> dict[str, Any]:
    """The page. What is not known is left out, never guessed: a text that nobody reviewed here has
    neither `reviewedBy` nor `lastReviewed`."""
    said = {
        "@context": CONTEXT,
        "@type": "MedicalWebPage",
        "name": plain(view.rendering.title),
        "inLanguage": view.revision.language,
        "publisher": {"@type": "Organization", "name": site.name, "url": site.address},
        **_dates(view, known),
        **_people(view, course, lines, site.zone),
        **_about(view, known),
        **_amended(known),
    }
    return {name: value for name, value in said.items() if value}


def with_address(page: dict[str, Any], address: str) -> dict[str, Any]:
    """The page with the address that stays."""
    return {**page, "@id": address, "url": address}


def plain(html: str) -> str:
    """The words of a title."""
    return " ".join(unescape(MARKUP.sub("", html)).split())


def _dates(view: PostView, known: Known) -> dict[str, Any]:
    """When readers first had a text of this post, and since when they have this one."""
    first = view.post.date_gmt
    times = [one["at"] for one in known.versions if one["revision"] == view.revision.id]
    changed = datetime.fromisoformat(times[-1]) if times else None
    return {
        "datePublished": _moment(first) if first else "",
        "dateModified": _moment(max(changed, first)) if changed and first else "",
        "version": view.revision.content_hash.hex(),
    }


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _people(
    view: PostView, course: Course, lines: Mapping[int, Byline], zone: ZoneInfo
) -> dict[str, Any]:
    line = lines.get(view.part(PART).get(RESPONSIBLE) or 0)
    given = course.approval(view.revision.content_hash)
    reviewer = given and person(byline_of(given.reviewer_registration or {}), given.reviewer_name)
    return {
        "author": person(line, line.name) if line else None,
        "reviewedBy": reviewer,
        "lastReviewed": given.decided_at.astimezone(zone).date().isoformat() if given else "",
    }


def person(line: Byline | None, name: str) -> dict[str, Any]:
    """Somebody as she signed: her registration is a credential, and an identifier that the
    council's own register knows. Without one that let her sign she has a name, and no title."""
    if line is None:
        return {"@type": "Person", "name": name}
    council, _, number = line.registration.partition(" ")
    licence = {
        "@type": "EducationalOccupationalCredential",
        "credentialCategory": "license",
        "identifier": line.registration,
        "recognizedBy": {"@type": "Organization", "name": council},
    }
    specialties = [
        {
            "@type": "EducationalOccupationalCredential",
            "credentialCategory": "specialty",
            "name": specialty,
        }
        for specialty in line.specialties
    ]
    return {
        "@type": "Person",
        "name": line.name,
        **({"jobTitle": line.word} if line.word else {}),
        "identifier": {"@type": "PropertyValue", "propertyID": council, "value": number},
        "hasCredential": [licence, *specialties],
        "description": line.text,
    }


def _about(view: PostView, known: Known) -> dict[str, Any]:
    medical = view.part(PART)
    return {
        "medicalAudience": _AUDIENCES.get(medical.get("target_audience") or ""),
        "specialty": _specialties(medical, view.revision.language) or list(known.specialties),
        "keywords": list(medical.get("medical_keywords") or ()),
        "citation": list(_citations(medical.get("scientific_references") or ())),
    }


def _specialties(medical: Mapping[str, Any], language: str) -> list[str]:
    """As the council writes them; a text without any is of its categories."""
    known = specialties()
    found = [known[code] for code in medical.get("specialties") or () if code in known]
    return [one.pt if is_portuguese(language) else one.en for one in found]


def _citations(references: Any) -> Iterator[dict[str, Any]]:
    for one in references:
        shown = csl_of_entry(one)
        address = _address_of(shown)
        yield {
            "@type": "ScholarlyArticle" if address else "CreativeWork",
            **({"name": shown["title"]} if shown.get("title") else {}),
            **({"@id": address, "url": address} if address else {}),
        }


def _address_of(csl: Mapping[str, Any]) -> str:
    if csl.get("DOI"):
        return f"https://doi.org/{csl['DOI'].lower()}"
    return f"https://pubmed.ncbi.nlm.nih.gov/{csl['PMID']}/" if csl.get("PMID") else ""


def _amended(known: Known) -> dict[str, Any]:
    """Corrections as comments on the page (https://schema.org/CorrectionComment). A retracted text
    is known by its status, and its citations and keywords have gone with its words."""
    retraction = known.retraction
    said = [
        {
            "@type": "CorrectionComment",
            "text": f"{one['wrong']} {one['right']}",
            "datePublished": _moment(datetime.fromisoformat(one["at"])),
        }
        for one in known.corrections
    ]
    if retraction is None:
        return {"correction": said}
    at = _moment(datetime.fromisoformat(retraction["at"]))
    said.append({"@type": "CorrectionComment", "text": retraction["reason"], "datePublished": at})
    gone: dict[str, Any] = dict.fromkeys(("keywords", "citation", "specialty"))
    return {"creativeWorkStatus": "Retracted", "correction": said, **gone}
