"""By when inherited texts are reviewed, and by whom: so many a week, the riskiest first, the days
spread; in bulk, because thousands come at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.identity.models import User
from plugins.medical_review.aftercare.board import MATCHING, Wanted, require_overseer
from plugins.medical_review.aftercare.events import InheritedAssigned, InheritedPlanned
from plugins.medical_review.aftercare.models import InheritedDuty, InheritedPlan, InheritedText
from plugins.medical_review.aftercare.steps import today_of
from plugins.medical_review.reviewing.reading import OVERSEE

MOST_A_WEEK, MOST_REVIEWERS, MOST_TEXTS = 1000, 50, 500
FARTHEST = timedelta(days=366)

# The first texts come first, each day as many as a week divided by seven, and reviewers in turn.
_SPREAD = text(
    """
    with ranked as (
      select i.post_id,
             row_number() over (order by i.risk desc, i.post_id) - 1 as place
      from medical_review.inherited_texts i
      left join medical_review.inherited_duties d
        on d.tenant_id = i.tenant_id and d.post_id = i.post_id
      where {matching} and d.plan_id is null
    )
    insert into medical_review.inherited_duties as known
      (tenant_id, post_id, plan_id, due_on, assigned_to, assigned_at, assigned_by)
    select :tenant, post_id, :plan,
           cast(:starts_on as date) + ((place * 7) / cast(:per_week as int))::int,
           (cast(:reviewers as bigint[]))[1 + place % greatest(cast(:people as int), 1)],
           case when :people > 0 then cast(:now as timestamptz) end,
           case when :people > 0 then cast(:by as bigint) end
    from ranked
    on conflict (tenant_id, post_id) do update
      set plan_id = excluded.plan_id, due_on = excluded.due_on,
          assigned_to = coalesce(known.assigned_to, excluded.assigned_to),
          assigned_at = coalesce(known.assigned_at, excluded.assigned_at),
          assigned_by = coalesce(known.assigned_by, excluded.assigned_by)
    returning post_id
    """.replace("{matching}", MATCHING)
)

_PLANS = text(
    """
    select n.id, n.level, n.specialty, n.per_week, n.starts_on, n.ended_at,
           count(d.post_id) as texts, count(i.reviewed_at) as reviewed,
           count(*) filter (where i.reviewed_at is null and d.due_on < :today) as late,
           max(d.due_on) as ends_on
    from medical_review.inherited_plans n
    left join medical_review.inherited_duties d on d.tenant_id = n.tenant_id and d.plan_id = n.id
    left join medical_review.inherited_texts i
      on i.tenant_id = d.tenant_id and i.post_id = d.post_id
    where n.tenant_id = :tenant
    group by n.tenant_id, n.id
    order by n.starts_on, n.id
    """
)


@dataclass(frozen=True)
class Pace:
    """How many texts a week, from which day, and by whom in turn (nobody in particular if none)."""

    per_week: int
    starts_on: date
    reviewers: Sequence[int] = ()


class PlanOut(msgspec.Struct, frozen=True):
    """A plan and how far it has come; `late` are texts whose day has passed."""

    id: int
    level: str | None
    specialty: int | None
    per_week: int
    starts_on: date
    ended_at: datetime | None
    texts: int
    reviewed: int
    late: int
    ends_on: date | None


async def plan(work: UnitOfWork, wanted: Wanted, pace: Pace) -> PlanOut:
    """Give every such text that no plan has yet its day. Conflict when there is none."""
    _require_planner(work, "inherited.plan")
    await _refuse_faults(work, pace)
    plan_id = await work.next_id("inherited_plan")
    await _keep(work, plan_id, wanted, pace)
    values = {
        **wanted.values(work),
        "plan": plan_id,
        "starts_on": pace.starts_on,
        "per_week": pace.per_week,
        "reviewers": list(pace.reviewers),
        "people": len(pace.reviewers),
        "now": work.now,
        "by": work.actor.user_id,
    }
    planned = (await work.execute(_SPREAD, values)).all()
    if not planned:
        raise Conflict("No inherited text of this kind waits without a plan.", code="no_texts")
    after = {"texts": len(planned), "per_week": pace.per_week}
    await work.emit(InheritedPlanned(plan_id=plan_id, after=after))
    return next(one for one in await plans(work) if one.id == plan_id)


async def _keep(work: UnitOfWork, plan_id: int, wanted: Wanted, pace: Pace) -> None:
    row = insert(InheritedPlan).values(
        tenant_id=work.tenant_id,
        id=plan_id,
        level=wanted.level.value if wanted.level else None,
        specialty=wanted.specialty,
        per_week=pace.per_week,
        starts_on=pace.starts_on,
        made_at=work.now,
        made_by=work.actor.user_id,
    )
    await work.execute(row)


async def _refuse_faults(work: UnitOfWork, pace: Pace) -> None:
    faults: dict[str, str] = {}
    today = today_of(work)
    if not 1 <= pace.per_week <= MOST_A_WEEK:
        faults["per_week"] = f"{pace.per_week} must be between 1 and {MOST_A_WEEK}"
    if not today <= pace.starts_on <= today + FARTHEST:
        faults["starts_on"] = f"{pace.starts_on} must be today or within a year"
    if len(pace.reviewers) > MOST_REVIEWERS:
        faults["reviewers"] = f"are {len(pace.reviewers)}; at most {MOST_REVIEWERS}"
    else:
        faults |= await _strangers(work, "reviewers", pace.reviewers)
    if faults:
        raise InvalidInput(faults)


async def plans(work: UnitOfWork) -> list[PlanOut]:
    """Every plan with its progress, in one statement."""
    require_overseer(work)
    rows = await work.all(_PLANS, {"tenant": work.tenant_id, "today": today_of(work)})
    return [PlanOut(*row) for row in rows]


async def end(work: UnitOfWork, plan_id: int) -> None:
    """Give up a plan: the texts that were not reviewed have no day any more, and may be planned
    anew. Who is to review them stays."""
    _require_planner(work, "inherited.plan")
    ended = await work.execute(
        update(InheritedPlan)
        .where(
            InheritedPlan.tenant_id == work.tenant_id,
            InheritedPlan.id == plan_id,
            InheritedPlan.ended_at.is_(None),
        )
        .values(ended_at=work.now)
        .returning(InheritedPlan.id)
    )
    if ended.one_or_none() is None:
        raise NotFound("running plan", plan_id)
    waiting = select(InheritedText.post_id).where(
        InheritedText.tenant_id == work.tenant_id, InheritedText.reviewed_at.is_(None)
    )
    await work.execute(
        update(InheritedDuty)
        .where(
            InheritedDuty.tenant_id == work.tenant_id,
            InheritedDuty.plan_id == plan_id,
            InheritedDuty.post_id.in_(waiting),
        )
        .values(plan_id=None, due_on=None)
    )
    await work.emit(
        InheritedPlanned(plan_id=plan_id, before={"ended": False}, after={"ended": True})
    )


async def assign(work: UnitOfWork, post_ids: Sequence[int], to_user_id: int | None) -> int:
    """Give these inherited texts to a person, or to nobody; how many they are. Ids of other texts
    are faults: nothing is left out silently."""
    _require_planner(work, "inherited.assign")
    await _refuse_strange(work, post_ids, to_user_id)
    values: dict[str, Any] = {
        "assigned_to": to_user_id,
        "assigned_at": work.now if to_user_id else None,
        "assigned_by": work.actor.user_id if to_user_id else None,
    }
    wanted = sorted(set(post_ids))
    rows = [{"tenant_id": work.tenant_id, "post_id": post_id, **values} for post_id in wanted]
    await work.execute(
        insert(InheritedDuty)
        .values(rows)
        .on_conflict_do_update(index_elements=["tenant_id", "post_id"], set_=values)
    )
    await work.emit(InheritedAssigned(user_id=to_user_id, after={"posts": wanted}))
    return len(wanted)


async def _refuse_strange(work: UnitOfWork, ids: Sequence[int], person: int | None) -> None:
    faults: dict[str, str] = {}
    if not 1 <= len(ids) <= MOST_TEXTS:
        faults["post_ids"] = f"are {len(ids)}; give 1 to {MOST_TEXTS}"
    else:
        rows = await work.all(
            select(InheritedText.post_id).where(
                InheritedText.tenant_id == work.tenant_id,
                InheritedText.post_id.in_(ids),
                InheritedText.reviewed_at.is_(None),
            )
        )
        strange = sorted(set(ids) - {row.post_id for row in rows})
        if strange:
            faults["post_ids"] = f"{strange[:10]} are no inherited texts that wait for a review"
    if person is not None:
        faults |= await _strangers(work, "to_user_id", [person])
    if faults:
        raise InvalidInput(faults)


async def _strangers(work: UnitOfWork, field: str, ids: Sequence[int]) -> dict[str, str]:
    if not ids:
        return {}
    rows = await work.all(select(User.id).where(User.tenant_id == work.tenant_id, User.id.in_(ids)))
    strange = sorted(set(ids) - {row.id for row in rows})
    return {field: f"{strange[:10]} are no people of this site"} if strange else {}


def _require_planner(work: UnitOfWork, action: str) -> None:
    require(
        work.actor.has(OVERSEE),
        action,
        "Sorry, you are not allowed to plan the review of inherited texts.",
    )
