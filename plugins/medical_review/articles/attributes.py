"""What a medical text says of itself beside the seed's columns: how sure it is, who pays, what for.

These came after the first texts were approved. Each stands in the medical part only where it says
something: a text that says nothing of it keeps the hash that it always had, and its approval.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from plugins.medical_review.articles.cleaners import (
    MOST_SPECIALTIES,
    Cleaner,
    choice,
    day,
    flag,
    line,
    specialty_codes,
    statement,
)

# Oxford Centre for Evidence-Based Medicine, levels of 2011: five, by the question asked.
CEBM_LEVELS = ("1", "2", "3", "4", "5")
QUESTIONS = ("prevalence", "diagnosis", "prognosis", "therapy", "harms", "screening")
# GRADE rates a body of evidence for an outcome, and how strongly to act on it.
CERTAINTIES = ("high", "moderate", "low", "very_low")
STRENGTHS = ("strong", "weak")
NATURES = ("editorial", "sponsored")
AI_USES = ("none", "assisted", "generated")

LONGEST_STATEMENT, LONGEST_SPONSOR = 2000, 200
MEDIA_HASHES = "media"


@dataclass(frozen=True)
class Attribute:
    """`argument`: the name that lists are filtered by it under."""

    schema: Mapping[str, Any]
    clean: Cleaner
    unset: Any = None
    argument: str = ""


def _one_of(choices: tuple[str, ...], argument: str = "") -> Attribute:
    schema = {"type": ["string", "null"], "enum": [*choices, None]}
    return Attribute(schema, choice(choices), argument=argument)


def _statement() -> Attribute:
    return Attribute({"type": "string"}, statement(LONGEST_STATEMENT), unset="")


ATTRIBUTES: Mapping[str, Attribute] = {
    "evidence_question": _one_of(QUESTIONS),
    "evidence_cebm": _one_of(CEBM_LEVELS, "evidence_cebm"),
    "evidence_grade": _one_of(CERTAINTIES, "evidence_grade"),
    "evidence_recommendation": _one_of(STRENGTHS, "evidence_recommendation"),
    "evidence_reason": _statement(),
    "evidence_cutoff_date": Attribute({"type": ["string", "null"]}, day),
    "conflict_of_interest": _statement(),
    "funding": _statement(),
    "content_nature": _one_of(NATURES, "content_nature"),
    "sponsor": Attribute({"type": "string"}, line(LONGEST_SPONSOR), unset=""),
    "specialties": Attribute(
        {"type": "array", "items": {"type": "string"}, "maxItems": MOST_SPECIALTIES},
        specialty_codes,
        unset=[],
        argument="specialty",
    ),
    "non_identification_confirmed": Attribute({"type": "boolean"}, flag, unset=False),
    "ai_use": _one_of(AI_USES, "ai_use"),
    "ai_use_statement": _statement(),
    "change_note": _statement(),
}


def without_unset(part: Mapping[str, Any]) -> dict[str, Any]:
    """The part without attributes that say nothing."""
    return {
        name: value
        for name, value in part.items()
        if name not in ATTRIBUTES or value != ATTRIBUTES[name].unset
    }
