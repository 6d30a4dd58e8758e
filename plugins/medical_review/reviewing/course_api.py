"""/api/v1/reviews: who has what in hand, until when, what may be done next, the board."""

from datetime import datetime

import msgspec

from cms.api.routing import delete, get, patch, post
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.kernel.objections import Objection
from plugins.medical_review.reviewing import board, claims, due, people, reviews
from plugins.medical_review.reviewing.api import ReviewOut
from plugins.medical_review.reviewing.board import Card, Column
from plugins.medical_review.reviewing.candidates import Candidate, candidates
from plugins.medical_review.reviewing.course_models import Absence, Delegation, Round
from plugins.medical_review.reviewing.next_steps import next_steps
from plugins.medical_review.reviewing.reading import of_review
from plugins.medical_review.reviewing.rounds import of
from plugins.medical_review.workflows.choosing import definition_of


class BoardOut(msgspec.Struct, frozen=True):
    """Every stage with its first cards."""

    columns: list[Column]


class QueueOut(msgspec.Struct, frozen=True):
    """A page of what waits for the actor; `next` continues it as `after`."""

    reviews: list[Card]
    next: str | None


class Step(msgspec.Struct, frozen=True):
    """Whether the actor may take a step now; if not, each reason and what to do about it."""

    action: str
    is_possible: bool
    objections: list[Objection]


class WayOut(msgspec.Struct, frozen=True):
    """Where a review is, and until when somebody has to decide."""

    review_id: int
    workflow: str
    version: int
    stage: str
    risk: str
    priority: str
    due_at: datetime
    overdue_at: datetime | None
    escalated_at: datetime | None

    @classmethod
    def of(cls, way: Round) -> "WayOut":
        return cls(**{name: getattr(way, name) for name in cls.__struct_fields__})


class ActionsOut(msgspec.Struct, frozen=True):
    """What the actor may do next with the working text of a post."""

    post_id: int
    content_hash: str
    review: WayOut | None
    actions: list[Step]


class Assignment(msgspec.Struct, frozen=True):
    """Whom a review is given to; `instead_of` is who had it in hand."""

    to_user_id: int
    instead_of: int | None = None


class Timing(msgspec.Struct, frozen=True):
    """`priority` is normal, high or urgent; `due_at` a moment of its own instead."""

    priority: str | None = None
    due_at: datetime | None = None


class AbsenceIn(msgspec.Struct, frozen=True):
    """When somebody is away: the actor, if nobody is named."""

    from_at: datetime
    to_at: datetime
    user_id: int | None = None


class AbsenceOut(msgspec.Struct, frozen=True):
    id: int
    user_id: int
    from_at: datetime
    to_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, absence: Absence) -> "AbsenceOut":
        return cls(**{name: getattr(absence, name) for name in cls.__struct_fields__})


class DelegationIn(msgspec.Struct, frozen=True):
    """Who may decide for the actor, and until when."""

    to_user_id: int
    ends_at: datetime
    starts_at: datetime | None = None


class DelegationOut(msgspec.Struct, frozen=True):
    id: int
    from_user_id: int
    to_user_id: int
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, delegation: Delegation) -> "DelegationOut":
        return cls(**{name: getattr(delegation, name) for name in cls.__struct_fields__})


def _refuse_limit(limit: int) -> None:
    if not 1 <= limit <= board.MOST:
        raise InvalidInput({"limit": f"{limit} must be between 1 and {board.MOST}"})


@get("/board", action="review.board", resource="review")
async def read_board(work: UnitOfWork, limit: int = board.FIRST_CARDS) -> BoardOut:
    """Every stage with what waits in it, the most urgent first."""
    _refuse_limit(limit)
    return BoardOut(await board.board(work, limit))


@get("/board/{stage:str}", action="review.board", resource="review")
async def read_column(
    stage: str, work: UnitOfWork, after: str | None = None, limit: int = board.FIRST_CARDS
) -> Column:
    """A page of one stage."""
    _refuse_limit(limit)
    return await board.column(work, stage, after, limit)


@get("/mine", action="review.list", resource="review")
async def read_mine(
    work: UnitOfWork, after: str | None = None, limit: int = board.FIRST_CARDS
) -> QueueOut:
    """What the actor has in hand, and what is free for her roles."""
    _refuse_limit(limit)
    return QueueOut(*await board.mine(work, after, limit))


@get("/actions/{post_id:int}", action="review.next", resource="review")
async def read_actions(post_id: int, work: UnitOfWork) -> ActionsOut:
    """What may I do next, and of what I may not, each reason and what to do about it."""
    found = await next_steps(work, post_id)
    return ActionsOut(
        post_id,
        found.content_hash,
        WayOut.of(found.way) if found.way is not None else None,
        [Step(name, not objections, objections) for name, objections in found.steps.items()],
    )


@post("/{review_id:int}/claim", action="review.claim", resource="review", status_code=200)
async def claim(review_id: int, work: UnitOfWork) -> WayOut:
    """Take a review up, so that nobody else reads the same text unawares."""
    await claims.claim(work, review_id)
    return WayOut.of(await of(work, review_id))


@post("/{review_id:int}/release", action="review.claim", resource="review", status_code=200)
async def release(review_id: int, work: UnitOfWork) -> WayOut:
    """Give it back."""
    await claims.release(work, review_id)
    return WayOut.of(await of(work, review_id))


@post("/{review_id:int}/assignment", action="review.assign", resource="review", status_code=200)
async def assign(review_id: int, data: Assignment, work: UnitOfWork) -> WayOut:
    """Give a review into somebody's hand; she must be able to decide on it."""
    await claims.reassign(work, review_id, data.to_user_id, data.instead_of)
    return WayOut.of(await of(work, review_id))


@patch("/{review_id:int}/schedule", action="review.assign", resource="review")
async def schedule(review_id: int, data: Timing, work: UnitOfWork) -> WayOut:
    """Another priority, or another time until which it is due."""
    return WayOut.of(await due.schedule(work, review_id, data.priority, data.due_at))


@post("/{review_id:int}/withdrawal", action="review.take_back", resource="review", status_code=200)
async def withdraw(review_id: int, work: UnitOfWork) -> ReviewOut:
    """Take the text back before anybody has decided; it is a draft again."""
    return ReviewOut.of(await reviews.take_out(work, review_id))


@get("/{review_id:int}/candidates", action="review.candidates", resource="review")
async def read_candidates(review_id: int, work: UnitOfWork) -> list[Candidate]:
    """Who could decide on the text, those first who have least in hand."""
    review = await of_review(work, review_id)
    way = await of(work, review_id)
    return await candidates(work, await definition_of(work, way.workflow, way.version), review)


@get("/absences", action="absence.list", resource="absence")
async def list_absences(work: UnitOfWork) -> list[AbsenceOut]:
    """Who is or will be away."""
    return [AbsenceOut.of(one) for one in await people.absences(work)]


@post("/absences", action="absence.note", resource="absence", status_code=201)
async def note_absence(data: AbsenceIn, work: UnitOfWork) -> AbsenceOut:
    """Note when somebody is away; what she has in hand is free again."""
    noted = await people.note_absence(work, data.user_id, data.from_at, data.to_at)
    return AbsenceOut.of(noted)


@delete("/absences/{absence_id:int}", action="absence.note", resource="absence")
async def end_absence(absence_id: int, work: UnitOfWork) -> None:
    """She is back, or never went."""
    await people.end_absence(work, absence_id)


@get("/delegations", action="delegation.list", resource="delegation")
async def list_delegations(work: UnitOfWork) -> list[DelegationOut]:
    """Who speaks for whom, now or later."""
    return [DelegationOut.of(one) for one in await people.delegations(work)]


@post("/delegations", action="delegation.make", resource="delegation", status_code=201)
async def make_delegation(data: DelegationIn, work: UnitOfWork) -> DelegationOut:
    """Let another reviewer decide for the actor, until a day."""
    made = await people.delegate(work, data.to_user_id, data.ends_at, data.starts_at)
    return DelegationOut.of(made)


@delete("/delegations/{delegation_id:int}", action="delegation.make", resource="delegation")
async def end_delegation(delegation_id: int, work: UnitOfWork) -> None:
    """Take a delegation back."""
    await people.end_delegation(work, delegation_id)


routes = [
    read_board,
    read_column,
    read_mine,
    read_actions,
    claim,
    release,
    assign,
    schedule,
    withdraw,
    read_candidates,
    list_absences,
    note_absence,
    end_absence,
    list_delegations,
    make_delegation,
    end_delegation,
]
