"""The medical part of a draft: every value checked, all faults named at once, texts cleaned."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from cms.content.draft import Draft
from cms.errors import InvalidInput
from cms.identity.models import User
from cms.kernel.work import ReadableWork
from cms.markup.clean import clean_content
from plugins.medical_review.articles.kinds import AUDIENCES, EVIDENCE_LEVELS, PART, REVIEWED
from plugins.medical_review.references.entries import read_reference
from plugins.professional_registry.standing import standing

Faults = dict[str, str]
Cleaner = Callable[[str, Any, Faults], Any]

MOST_REFERENCES, MOST_KEYWORDS = 100, 50
LONGEST_DISCLAIMER, LONGEST_KEYWORD = 5000, 100
LONGEST_SEO_TITLE, LONGEST_SEO_DESCRIPTION = 160, 320
RESPONSIBLE = "responsible_professional"

_TAG = re.compile(r"<[a-zA-Z/!?]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


async def fit_for_medicine(work: ReadableWork, draft: Draft) -> Draft:
    """The draft with its medical part in canonical form. InvalidInput names every fault."""
    part = draft.parts.get(PART, {})
    if draft.post_type not in REVIEWED or not part:
        return draft
    faults: Faults = {}
    cleaned = {name: _clean(name, value, faults) for name, value in part.items()}
    if cleaned.get(RESPONSIBLE) is not None:
        await _refuse_stranger(work, cleaned[RESPONSIBLE], faults)
    if faults:
        raise InvalidInput(faults)
    return draft.with_part(PART, **cleaned)


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
    if name not in _CLEANERS:
        faults[name] = f"is not a field of a medical text; there are: {', '.join(_CLEANERS)}"
        return value
    return _CLEANERS[name](name, value, faults)


def _choice(choices: Sequence[str]) -> Cleaner:
    def clean(name: str, value: Any, faults: Faults) -> str | None:
        if value in (None, ""):
            return None
        if value not in choices:
            faults[name] = f"{value!r:.60} must be one of {', '.join(choices)}, or null"
        return str(value)

    return clean


def _line(longest: int) -> Cleaner:
    """Plain text in one line: it ends up in attributes of a page, where markup has no place."""

    def clean(name: str, value: Any, faults: Faults) -> str:
        if not isinstance(value, str):
            faults[name] = "must be a text"
            return ""
        text = " ".join(value.split())
        if len(text) > longest:
            faults[name] = f"has {len(text)} characters; at most {longest} are accepted"
        if _TAG.search(text) or _UNPRINTABLE.search(text):
            faults[name] = "must be plain text without HTML and control characters"
        return text

    return clean


def _disclaimer(name: str, value: Any, faults: Faults) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_DISCLAIMER:
        faults[name] = f"must be a text of at most {LONGEST_DISCLAIMER} characters"
        return ""
    return clean_content(value.strip())


def _flag(name: str, value: Any, faults: Faults) -> bool:
    if not isinstance(value, bool):
        faults[name] = "must be true or false"
    return value is True


def _person(name: str, value: Any, faults: Faults) -> int | None:
    if value in (None, 0) and value is not False:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**53:
        faults[name] = "must be the id of a user, or null"
        return None
    return value


def _references(name: str, value: Any, faults: Faults) -> list[dict[str, str]]:
    items = _list_of(name, value, MOST_REFERENCES, "objects with doi, pmid or title", faults)
    return [read_reference(f"{name}[{i}]", item, faults) for i, item in enumerate(items)]


def _keywords(name: str, value: Any, faults: Faults) -> list[str]:
    items = _list_of(name, value, MOST_KEYWORDS, "texts", faults)
    clean = _line(LONGEST_KEYWORD)
    words = [clean(f"{name}[{i}]", item, faults) for i, item in enumerate(items)]
    return [word for word in dict.fromkeys(words) if word]


def _list_of(name: str, value: Any, most: int, what: str, faults: Faults) -> list[Any]:
    if isinstance(value, list) and len(value) <= most:
        return value
    faults[name] = f"must be a list of at most {most} {what}"
    return []


_CLEANERS: Mapping[str, Cleaner] = {
    "evidence_level": _choice(EVIDENCE_LEVELS),
    "scientific_references": _references,
    "target_audience": _choice(AUDIENCES),
    "medical_disclaimer": _disclaimer,
    RESPONSIBLE: _person,
    "medical_keywords": _keywords,
    "contains_patient_data": _flag,
    "anonymization_applied": _flag,
    "consent_for_publication": _flag,
    "seo_title": _line(LONGEST_SEO_TITLE),
    "seo_description": _line(LONGEST_SEO_DESCRIPTION),
}
