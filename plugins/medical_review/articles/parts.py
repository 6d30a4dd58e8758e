"""The medical part of a draft: every value checked, all faults named at once, texts cleaned."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from cms.content.draft import Draft
from cms.errors import InvalidInput
from cms.identity.models import User
from cms.kernel.work import ReadableWork
from cms.markup.clean import clean_content
from plugins.medical_review.articles.attributes import ATTRIBUTES, MEDIA_HASHES, without_unset
from plugins.medical_review.articles.cleaners import (
    Cleaner,
    Faults,
    choice,
    flag,
    line,
    list_of,
    person,
)
from plugins.medical_review.articles.kinds import AUDIENCES, EVIDENCE_LEVELS, PART, is_reviewed
from plugins.medical_review.articles.stamps import STAMP_KEYS, STAMPS
from plugins.medical_review.references.entries import read_reference
from plugins.professional_registry.standing import standing

MOST_REFERENCES, MOST_KEYWORDS = 100, 50
LONGEST_DISCLAIMER, LONGEST_KEYWORD = 5000, 100
LONGEST_SEO_TITLE, LONGEST_SEO_DESCRIPTION = 160, 320
RESPONSIBLE = "responsible_professional"


async def fit_for_medicine(work: ReadableWork, draft: Draft) -> Draft:
    """The draft with its medical part in canonical form. InvalidInput names every fault."""
    part = draft.parts.get(PART, {})
    if not is_reviewed(work, draft.post_type) or not part:
        return draft
    faults: Faults = {}
    cleaned = {name: _clean(name, value, faults) for name, value in part.items()}
    if cleaned.get(RESPONSIBLE) is not None:
        await _refuse_stranger(work, cleaned[RESPONSIBLE], faults)
    if faults:
        raise InvalidInput(faults)
    cleaned = without_unset(cleaned)
    for stamp in STAMPS:
        cleaned = stamp.on(cleaned, draft.was.get(PART, {}), work.actor.user_id, work.now)
    return replace(draft, parts={**draft.parts, PART: cleaned})


async def _refuse_stranger(work: ReadableWork, user_id: int, faults: Faults) -> None:
    """Whoever answers for a text has a registration; whether it is worth something is asked when
    the text is submitted."""
    if await standing(work, user_id) is not None:
        return
    known = select(User.id).where(User.tenant_id == work.tenant_id, User.id == user_id)
    row = await work.one(known)
    if row is None:
        faults[RESPONSIBLE] = f"there is no user {user_id}; give the id of a person of this site"
        return
    faults[RESPONSIBLE] = (
        f"user {user_id} has no professional registration and cannot answer for a medical text; "
        "name somebody who has one, or have the registration added first"
    )


def _clean(name: str, value: Any, faults: Faults) -> Any:
    if name in _WRITTEN_HERE:
        return value
    if name not in _CLEANERS:
        faults[name] = f"is not a field of a medical text; there are: {', '.join(_CLEANERS)}"
        return value
    return _CLEANERS[name](name, value, faults)


def _disclaimer(name: str, value: Any, faults: Faults) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_DISCLAIMER:
        faults[name] = f"must be a text of at most {LONGEST_DISCLAIMER} characters"
        return ""
    return clean_content(value.strip())


def _references(name: str, value: Any, faults: Faults) -> list[dict[str, str]]:
    items = list_of(name, value, MOST_REFERENCES, "objects with doi, pmid or title", faults)
    return [read_reference(f"{name}[{i}]", item, faults) for i, item in enumerate(items)]


def _keywords(name: str, value: Any, faults: Faults) -> list[str]:
    items = list_of(name, value, MOST_KEYWORDS, "texts", faults)
    clean = line(LONGEST_KEYWORD)
    words = [clean(f"{name}[{i}]", item, faults) for i, item in enumerate(items)]
    return [word for word in dict.fromkeys(words) if word]


_CLEANERS: Mapping[str, Cleaner] = {
    "evidence_level": choice(EVIDENCE_LEVELS),
    "scientific_references": _references,
    "target_audience": choice(AUDIENCES),
    "medical_disclaimer": _disclaimer,
    RESPONSIBLE: person,
    "medical_keywords": _keywords,
    "contains_patient_data": flag,
    "anonymization_applied": flag,
    "consent_for_publication": flag,
    "seo_title": line(LONGEST_SEO_TITLE),
    "seo_description": line(LONGEST_SEO_DESCRIPTION),
    **{name: one.clean for name, one in ATTRIBUTES.items()},
}
# No request can name these: they are no fields of REST.
_WRITTEN_HERE = STAMP_KEYS | {MEDIA_HASHES}
