"""A review's way through its workflow: where it begins, where it goes, until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from cms.errors import NotFound
from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.quorum.engine import Matter
from plugins.medical_review.quorum.rules import Definition, Risk, Stage
from plugins.medical_review.reviewing.course_models import Claim, Ended, Priority, Round
from plugins.medical_review.reviewing.models import Review
from plugins.medical_review.workflows.choosing import chosen, definition_of

# Where a workflow names no hours for the risk.
HOURS = {Risk.LOW: 120, Risk.NORMAL: 72, Risk.HIGH: 24}
# A text of high priority has half the time of others, an urgent one a quarter.
_SHARE = {Priority.NORMAL: 1, Priority.HIGH: 2, Priority.URGENT: 4}


async def of(work: ReadableWork, review_id: int) -> Round:
    """The way of the review, or NotFound."""
    row = await work.one(
        select(Round)
        .where(Round.tenant_id == work.tenant_id, Round.review_id == review_id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("review", review_id)
    found: Round = row[0]
    return found


@dataclass(frozen=True)
class Plan:
    """The workflow that a text takes, and the stage that it begins in."""

    slug: str
    version: int
    stage: Stage
    matter: Matter


async def planned(work: ReadableWork, post_type: str, matter: Matter) -> Plan:
    """The way that such a text has to take today."""
    slug, version = await chosen(work, post_type, matter)
    definition = await definition_of(work, slug, version)
    return Plan(slug, version, definition.stages[0], matter)


async def begin(work: Work, review_id: int, post_id: int, plan: Plan) -> None:
    """Put a new review on its way; the caller tells of it."""
    matter = plan.matter
    await work.execute(
        insert(Round).values(
            tenant_id=work.tenant_id,
            review_id=review_id,
            post_id=post_id,
            workflow=plan.slug,
            version=plan.version,
            risk=matter.risk.value,
            specialties=sorted(matter.specialties),
            stage=plan.stage.name,
            priority=Priority.NORMAL.value,
            entered_at=work.now,
            due_at=due(plan.stage, matter.risk, Priority.NORMAL, work.now),
        )
    )


def due(stage: Stage, risk: Risk, priority: Priority, since: datetime) -> datetime:
    """Until when somebody has to have decided in this stage."""
    hours = stage.due_hours.get(risk, HOURS[risk])
    return since + timedelta(hours=max(1, hours // _SHARE[priority]))


async def enter(work: Work, way: Round, definition: Definition, name: str) -> None:
    """Bring the review into another stage, with the time that this one has; the caller tells of
    it."""
    stage = definition.stage(name) or definition.stages[0]
    until = due(stage, Risk(way.risk), Priority(way.priority), work.now)
    await work.execute(
        update(Round)
        .where(Round.tenant_id == work.tenant_id, Round.review_id == way.review_id)
        .values(stage=name, entered_at=work.now, due_at=until, overdue_at=None, escalated_at=None)
    )
    await work.execute(
        update(Review)
        .where(Review.tenant_id == work.tenant_id, Review.id == way.review_id)
        .values(stage=name)
    )
    await end_claims(work, way.review_id, Ended.DECIDED)


async def finish(work: Work, review_id: int) -> None:
    """The way ends here, and nobody has the review in hand any more."""
    await work.execute(
        update(Round)
        .where(Round.tenant_id == work.tenant_id, Round.review_id == review_id)
        .values(closed_at=work.now)
    )
    await end_claims(work, review_id, Ended.CLOSED)


async def end_claims(
    work: Work, review_id: int, ended: Ended, user_id: int | None = None
) -> list[int]:
    """End the claims on the review, or one person's; whose they were. The caller tells of it."""
    which = [
        Claim.tenant_id == work.tenant_id,
        Claim.review_id == review_id,
        Claim.ended_at.is_(None),
    ]
    if user_id is not None:
        which.append(Claim.user_id == user_id)
    ended_ones = await work.execute(
        update(Claim)
        .where(*which)
        .values(ended_at=work.now, ended_as=ended.value)
        .returning(Claim.user_id)
    )
    return [row.user_id for row in ended_ones]
