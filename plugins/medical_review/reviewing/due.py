"""What waits too long: told once when its time is over, once more when nobody has stepped in."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.kernel.declarations import Job
from plugins.medical_review.quorum.rules import Risk
from plugins.medical_review.reviewing import reviews, rounds
from plugins.medical_review.reviewing.claim_events import (
    DecisionEscalated,
    DecisionOverdue,
    ReviewScheduled,
)
from plugins.medical_review.reviewing.claims import ASSIGN
from plugins.medical_review.reviewing.course_models import Priority, Round
from plugins.medical_review.reviewing.errors import ReviewClosed
from plugins.medical_review.reviewing.models import State
from plugins.medical_review.reviewing.people import free_absent
from plugins.medical_review.workflows.choosing import definition_of

MOST_IN_A_RUN = 500
# A text of high risk is escalated with the end of its own time, 24 hours in the shipped workflows.
PATIENCE = {
    Risk.HIGH: timedelta(0),
    Risk.NORMAL: timedelta(hours=24),
    Risk.LOW: timedelta(hours=72),
}


async def schedule(
    work: UnitOfWork, review_id: int, priority: str | None, due_at: datetime | None
) -> Round:
    """Give an open review another priority, which moves its time, or a time of its own."""
    require(
        work.actor.has(ASSIGN), "review.assign", "Sorry, you are not allowed to assign reviews."
    )
    review = await reviews.get(work, review_id, lock=True)
    if review.state != State.OPEN:
        raise ReviewClosed(review.state)
    way = await rounds.of(work, review_id)
    wanted = _priority(priority or way.priority)
    until = due_at or await _until(work, way, wanted)
    if until.tzinfo is None or until <= work.now:
        raise InvalidInput({"due_at": "must lie ahead, and say its offset from UTC"})
    before = {"priority": way.priority, "due_at": way.due_at.isoformat()}
    await work.execute(
        update(Round)
        .where(Round.tenant_id == work.tenant_id, Round.review_id == review_id)
        .values(priority=wanted.value, due_at=until, overdue_at=None, escalated_at=None)
    )
    await work.emit(
        ReviewScheduled(
            review_id=review_id,
            post_id=way.post_id,
            before=before,
            after={"priority": wanted.value, "due_at": until.isoformat()},
        )
    )
    return await rounds.of(work, review_id)


def _priority(name: str) -> Priority:
    known = [one.value for one in Priority]
    if name not in known:
        raise InvalidInput({"priority": f"{name[:40]!r} must be one of {', '.join(known)}"})
    return Priority(name)


async def _until(work: UnitOfWork, way: Round, priority: Priority) -> datetime:
    """The time that the stage gives to a text of this priority; one that is over already is due in
    an hour."""
    definition = await definition_of(work, way.workflow, way.version)
    stage = definition.stage(way.stage) or definition.stages[0]
    until = rounds.due(stage, Risk(way.risk), priority, way.entered_at)
    return max(until, work.now + timedelta(hours=1))


async def watch(work: UnitOfWork) -> None:
    """The periodic job: what is overdue is marked and told, what people who are away have in hand
    is free again."""
    await free_absent(work)
    for way in await _late(work, Round.overdue_at.is_(None)):
        await _mark(work, way, "overdue_at")
        await work.emit(
            DecisionOverdue(review_id=way.review_id, post_id=way.post_id, after=_told(way))
        )
    for way in await _late(work, and_(Round.escalated_at.is_(None), _nobody_came(work))):
        await _mark(work, way, "escalated_at")
        await work.emit(
            DecisionEscalated(review_id=way.review_id, post_id=way.post_id, after=_told(way))
        )


def _nobody_came(work: UnitOfWork) -> ColumnElement[bool]:
    return or_(
        *(
            and_(Round.risk == risk.value, Round.due_at <= work.now - patience)
            for risk, patience in PATIENCE.items()
        )
    )


async def _late(work: UnitOfWork, which: ColumnElement[bool]) -> list[Round]:
    rows = await work.all(
        select(Round)
        .where(
            Round.tenant_id == work.tenant_id,
            Round.closed_at.is_(None),
            Round.due_at <= work.now,
            which,
        )
        .order_by(Round.due_at, Round.review_id)
        .limit(MOST_IN_A_RUN)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return [row[0] for row in rows]


async def _mark(work: UnitOfWork, way: Round, column: str) -> None:
    await work.execute(
        update(Round)
        .where(Round.tenant_id == work.tenant_id, Round.review_id == way.review_id)
        .values({column: work.now})
    )


def _told(way: Round) -> dict[str, str]:
    return {"stage": way.stage, "risk": way.risk, "due_at": way.due_at.isoformat()}


REVIEW_JOBS = (Job("medical_review.watch", watch, cron="*/5 * * * *"),)
