"""The board of inherited texts: by risk, by specialty, by reviewer; and what was reached so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import text

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.kernel.work import ReadableWork
from plugins.medical_review.aftercare.risks import LEAST, Level
from plugins.medical_review.reviewing.reading import may_oversee

_HIGHEST = 32_767

# Of inherited texts `i`; both the page and a plan are cut by it.
MATCHING = """
i.tenant_id = :tenant and i.is_live and i.reviewed_at is null
and i.risk between :least and :most
and (cast(:specialty as bigint) is null or cast(:specialty as bigint) = any(i.specialties))
"""

# The page is cut before its texts are joined: the index gives it in order.
_PAGE = text(
    """
    with cut as (
      select i.*, d.due_on, d.assigned_to
      from medical_review.inherited_texts i
      left join medical_review.inherited_duties d
        on d.tenant_id = i.tenant_id and d.post_id = i.post_id
      where {matching}
        and (cast(:assigned as bigint) is null or d.assigned_to = cast(:assigned as bigint))
        and i.risk <= :risk and (i.risk < :risk or i.post_id > :id)
      order by i.risk desc, i.post_id
      limit :limit
    )
    select i.post_id, p.post_type, p.status, p.slug, i.revision_id, r.title, i.content_hash,
           p.date_gmt, p.modified_gmt, r.created_at, p.working_revision_id <> r.id, i.risk,
           i.reasons, i.specialties, i.findings, i.due_on, i.assigned_to
    from cut i
    join cms.posts p on p.tenant_id = i.tenant_id and p.id = i.post_id
    join cms.revisions r on r.tenant_id = i.tenant_id and r.id = i.revision_id
    order by i.risk desc, i.post_id
    """.replace("{matching}", MATCHING)
)

_COUNTS = text(
    """
    with waiting as materialized (
      select i.risk, i.specialties, d.plan_id, d.due_on, d.assigned_to
      from medical_review.inherited_texts i
      left join medical_review.inherited_duties d
        on d.tenant_id = i.tenant_id and d.post_id = i.post_id
      where i.tenant_id = :tenant and i.is_live and i.reviewed_at is null
    )
    select count(*) as waiting, count(plan_id) as planned, count(assigned_to) as assigned,
      count(*) filter (where due_on < :today) as late,
      (select count(*) from medical_review.inherited_texts i
       where i.tenant_id = :tenant and i.reviewed_at is not null) as reviewed,
      (select coalesce(jsonb_object_agg(risk, n), '{}')
       from (select risk, count(*) as n from waiting group by risk) by_risk) as by_risk,
      (select coalesce(jsonb_agg(jsonb_build_object(
         'specialty', specialty, 'name', t.name, 'texts', n) order by n desc, specialty), '[]')
       from (select specialty, count(*) as n
             from waiting left join lateral unnest(specialties) as specialty on true
             group by specialty) by_specialty
       left join cms.terms t on t.tenant_id = :tenant and t.id = specialty) as by_specialty
    from waiting
    """
)


@dataclass(frozen=True)
class Wanted:
    """Which inherited texts: of a level of risk, of a specialty (the id of a category)."""

    level: Level | None = None
    specialty: int | None = None

    def values(self, work: ReadableWork) -> dict[str, Any]:
        """The parameters of MATCHING."""
        above = [least for least in LEAST.values() if self.level and least > LEAST[self.level]]
        return {
            "tenant": work.tenant_id,
            "least": LEAST[self.level] if self.level else 0,
            "most": min(above, default=_HIGHEST + 1) - 1,
            "specialty": self.specialty,
        }


class InheritedLine(msgspec.Struct, frozen=True):
    """A live text that waits for its first review here; `reasons` are those of `risk`, and
    `is_being_changed` says that somebody has begun to work on it. `findings` counts what the
    content rules found, by severity; null until they have looked."""

    post_id: int
    post_type: str
    status: str
    slug: str
    revision_id: int
    title: str
    content_hash: str
    published_at: datetime | None
    modified_at: datetime
    imported_at: datetime
    is_being_changed: bool
    risk: int
    reasons: list[str]
    specialties: list[int]
    findings: dict[str, int] | None
    review_by: date | None
    assigned_to: int | None


class OfSpecialty(msgspec.Struct, frozen=True):
    """How many texts of a specialty wait; null are those without any."""

    specialty: int | None
    name: str | None
    texts: int


class Board(msgspec.Struct, frozen=True):
    """How many inherited texts wait, how far the work has come, and where most of it is left."""

    waiting: int
    reviewed: int
    planned: int
    assigned: int
    late: int
    by_risk: dict[str, int]
    by_specialty: list[OfSpecialty]


async def listed(
    work: UnitOfWork,
    wanted: Wanted,
    *,
    limit: int,
    after: tuple[int, int],
    assigned_to: int | None = None,
) -> Sequence[InheritedLine]:
    """Inherited texts, those first whose mistakes would do most harm."""
    require_overseer(work)
    place = {"risk": after[0], "id": after[1], "limit": limit, "assigned": assigned_to}
    rows = await work.all(_PAGE, {**wanted.values(work), **place})
    return [InheritedLine(*(*row[:6], row[6].hex(), *row[7:])) for row in rows]


async def board(work: UnitOfWork) -> Board:
    """The counts, in one statement."""
    require_overseer(work)
    today = work.now.astimezone(work.tenant.zone).date()
    row = await work.one(_COUNTS, {"tenant": work.tenant_id, "today": today})
    return Board(
        row.waiting,
        row.reviewed,
        row.planned,
        row.assigned,
        row.late,
        _by_level(row.by_risk),
        msgspec.convert(row.by_specialty, list[OfSpecialty]),
    )


def _by_level(by_risk: dict[str, int]) -> dict[str, int]:
    counts = dict.fromkeys((level.value for level in LEAST), 0)
    for risk, texts in by_risk.items():
        level = next(level for level, least in LEAST.items() if int(risk) >= least)
        counts[level.value] += texts
    return counts


def require_overseer(work: UnitOfWork) -> None:
    require(may_oversee(work), "inherited.list", "Sorry, you are not allowed to see the reviews.")
