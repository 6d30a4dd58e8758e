"""/api/v1/reviews/inherited: the board of what was public before it came here."""

from datetime import date

import msgspec

from cms.api.routing import get, post
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.aftercare import board, planning, scanning
from plugins.medical_review.aftercare.board import Board, InheritedLine, Wanted
from plugins.medical_review.aftercare.cursors import read_risk, refuse_limit, risk_cursor
from plugins.medical_review.aftercare.planning import Pace, PlanOut
from plugins.medical_review.aftercare.risks import Level


class InheritedPage(msgspec.Struct, frozen=True):
    """Inherited texts, the riskiest first; `next` is the value of `after` that continues it."""

    texts: list[InheritedLine]
    next: str | None


class PlanIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many a week from that day, of one level and one specialty or of all; given to these people
    in turn, or to nobody yet."""

    per_week: int
    starts_on: date
    level: str | None = None
    specialty: int | None = None
    reviewers: list[int] = []


class AssignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Texts, and who is to review them; null takes them back."""

    post_ids: list[int]
    to_user_id: int | None


class Assigned(msgspec.Struct, frozen=True):
    """How many texts were given."""

    texts: int


class PlansOut(msgspec.Struct, frozen=True):
    """Every plan with its progress."""

    plans: list[PlanOut]


class Asked(msgspec.Struct, frozen=True):
    """The job is queued."""

    queued: bool = True


@get("/inherited", action="inherited.list", resource="review")
async def list_inherited(
    work: UnitOfWork,
    *,
    level: str | None = None,
    specialty: int | None = None,
    assigned_to: int | None = None,
    limit: int = 50,
    after: str | None = None,
) -> InheritedPage:
    """Live texts that came from another site and were never reviewed here, by risk."""
    refuse_limit(limit)
    wanted = Wanted(_level(level), specialty)
    place = read_risk(after)
    found = await board.listed(work, wanted, limit=limit, after=place, assigned_to=assigned_to)
    last = found[-1] if len(found) == limit else None
    return InheritedPage(list(found), risk_cursor(last.risk, last.post_id) if last else None)


@get("/inherited/board", action="inherited.list", resource="review")
async def read_board(work: UnitOfWork) -> Board:
    """How many wait, by risk and by specialty, and how far the work has come."""
    return await board.board(work)


@get("/inherited/plans", action="inherited.list", resource="review")
async def list_plans(work: UnitOfWork) -> PlansOut:
    """The plans and their progress."""
    return PlansOut(await planning.plans(work))


@post("/inherited/plans", action="inherited.plan", resource="review", status_code=201)
async def plan(data: PlanIn, work: UnitOfWork) -> PlanOut:
    """Give every such text that no plan has yet a day of its own."""
    wanted = Wanted(_level(data.level), data.specialty)
    return await planning.plan(work, wanted, Pace(data.per_week, data.starts_on, data.reviewers))


@post(
    "/inherited/plans/{plan_id:int}/end",
    action="inherited.plan",
    resource="review",
    status_code=200,
)
async def end_plan(plan_id: int, work: UnitOfWork) -> PlansOut:
    """Give up a plan; what was not reviewed may be planned anew."""
    await planning.end(work, plan_id)
    return PlansOut(await planning.plans(work))


@post("/inherited/assign", action="inherited.assign", resource="review", status_code=200)
async def assign(data: AssignIn, work: UnitOfWork) -> Assigned:
    """Give texts to a reviewer, many at once."""
    return Assigned(await planning.assign(work, data.post_ids, data.to_user_id))


@post("/inherited/scan", action="inherited.scan", resource="review", status_code=202)
async def ask_scan(work: UnitOfWork) -> Asked:
    """Have the content rules look at every inherited text."""
    await scanning.ask(work)
    return Asked()


def _level(said: str | None) -> Level | None:
    if said is not None and said not in set(Level):
        raise InvalidInput({"level": f"{said[:40]!r} must be one of {', '.join(Level)}"})
    return Level(said) if said is not None else None


inherited_routes = [
    list_inherited,
    read_board,
    list_plans,
    plan,
    end_plan,
    assign,
    ask_scan,
]
