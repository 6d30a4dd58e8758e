"""What makes a wrong sentence do harm, and its weight. Patients act on doses; what is old, or names
no source, is wrong more often."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import TextClause, text

from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import PART

RISKS: Mapping[str, int] = {
    "patient_data": 8,
    "doses": 4,
    "urgent": 3,
    "for_patients": 2,
    "no_references": 2,
    "older_than_two_years": 1,
}

_DOSES = r"\m\d+([.,]\d+)?\s?(mg|mcg|µg|g|ml|ui|gotas|comprimidos?)(/(kg|dia|h|ml))?\M"
_URGENT = (
    r"\m(emerg[eê]ncia|overdose|dose m[aá]xima|gestantes?|gravidez|beb[eê]s?|crian[cç]as?"
    r"|anticoagulantes?|quimioterapia|insulina|suic[ií]dio)\M"
)

# Of a revision `r` of a post `p`, wherever a statement says {reasons}.
_REASONS = """
array_remove(array[
  case when coalesce((r.parts -> :part ->> 'contains_patient_data')::boolean, false)
       then 'patient_data' end,
  case when r.title || ' ' || r.content ~* :doses then 'doses' end,
  case when r.title || ' ' || r.content ~* :urgent then 'urgent' end,
  case when coalesce(r.parts -> :part ->> 'target_audience', 'patients') <> 'professionals'
       then 'for_patients' end,
  case when coalesce(jsonb_array_length(r.parts -> :part -> 'scientific_references'), 0) = 0
       then 'no_references' end,
  case when p.modified_gmt < cast(:two_years_ago as timestamptz)
       then 'older_than_two_years' end
], null)
"""


def judging(statement: str) -> TextClause:
    """The statement with the reasons of the risk of a text in its place."""
    return text(statement.replace("{reasons}", _REASONS))


_OF_REVISION = judging(
    """
    select {reasons} as reasons, r.parts -> :part ->> 'target_audience' as audience, p.post_type
    from cms.revisions r
    join cms.posts p on p.tenant_id = r.tenant_id and p.id = r.post_id
    where r.tenant_id = :tenant and r.post_id = :post and r.id = :revision
    """
)


class Level(StrEnum):
    """How much harm a wrong sentence of the text could do."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


# The least weight of each level.
LEAST: Mapping[Level, int] = {Level.HIGH: 6, Level.MEDIUM: 3, Level.LOW: 0}


class Kind(msgspec.Struct, frozen=True):
    """What the rules of aftercare tell texts apart by."""

    post_type: str
    audience: str
    risk: Level


def values(now: datetime) -> dict[str, Any]:
    """The parameters of the reasons."""
    return {
        "part": PART,
        "doses": _DOSES,
        "urgent": _URGENT,
        "two_years_ago": now.replace(year=now.year - 2, day=min(now.day, 28)),
    }


def weight(reasons: list[str]) -> int:
    return sum(RISKS[reason] for reason in reasons)


def level_of(risk: int) -> Level:
    return next(level for level, least in LEAST.items() if risk >= least)


async def kind_of(work: ReadableWork, post_id: int, revision_id: int) -> Kind:
    """The type, the audience and the risk of a text. Who is not named is a patient."""
    of = {"tenant": work.tenant_id, "post": post_id, "revision": revision_id, **values(work.now)}
    row = await work.one(_OF_REVISION, of)
    return Kind(row.post_type, row.audience or "patients", level_of(weight(row.reasons)))
