"""/api/v1/reviews/due, /reopened, /aftercare and what is asked of one text after publication."""

from datetime import date, datetime

import msgspec

from cms.api.routing import get, post, put
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.aftercare import due, rules, upkeep
from plugins.medical_review.aftercare.cursors import day_cursor, read_day, refuse_limit
from plugins.medical_review.aftercare.due import DueText, ReopenedText
from plugins.medical_review.aftercare.models import Reopening, Upkeep
from plugins.medical_review.aftercare.rules import Rules
from plugins.medical_review.reviewing.reading import reviewed_post

LARGEST_SPAN = 3660


class DuePage(msgspec.Struct, frozen=True):
    """Live texts by their next review; `next` is the value of `after` that continues it."""

    texts: list[DueText]
    next: str | None


class ReopenedPage(msgspec.Struct, frozen=True):
    """Reopened texts; `next` is the value of `after` that continues it."""

    texts: list[ReopenedText]
    next: int | None


class DueIn(msgspec.Struct, frozen=True):
    """The day of the next review, and why it is another one than the rules say."""

    due_on: date
    reason: str


class Why(msgspec.Struct, frozen=True):
    """A person's reason, in plain text."""

    reason: str


class UpkeepOut(msgspec.Struct, frozen=True):
    """When a text was reviewed and is to be reviewed again."""

    post_id: int
    last_reviewed: datetime
    next_review: date
    risk: str
    reason: str

    @classmethod
    def of(cls, known: Upkeep) -> "UpkeepOut":
        return cls(known.post_id, known.reviewed_at, known.due_on, known.risk, known.reason)


class ReopeningOut(msgspec.Struct, frozen=True):
    """Why a text is judged again, and how that ended."""

    id: int
    post_id: int
    reason: str
    source: int | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: str

    @classmethod
    def of(cls, one: Reopening) -> "ReopeningOut":
        return cls(
            one.id,
            one.post_id,
            one.reason,
            one.source,
            one.opened_at,
            one.closed_at,
            one.outcome,
        )


@get("/due", action="upkeep.list", resource="review")
async def list_due(
    work: UnitOfWork,
    within_days: int = 90,
    limit: int = 50,
    after: str | None = None,
    specialty: int | None = None,
) -> DuePage:
    """Live texts whose next review is overdue or near, the longest overdue first; of a specialty
    (the id of a category) only, if one is named."""
    refuse_limit(limit)
    if not 0 <= within_days <= LARGEST_SPAN:
        raise InvalidInput({"within_days": f"{within_days} must be 0 to {LARGEST_SPAN}"})
    place = read_day(after)
    found = await due.due(
        work, within_days=within_days, limit=limit, after=place, specialty=specialty
    )
    last = found[-1] if len(found) == limit else None
    return DuePage(found, day_cursor(last.next_review, last.post_id) if last else None)


@get("/reopened", action="upkeep.list", resource="review")
async def list_reopened(work: UnitOfWork, limit: int = 50, after: int = 0) -> ReopenedPage:
    """Texts that have to be judged again although they were approved."""
    refuse_limit(limit)
    found = list(await due.reopened(work, limit=limit, after=after))
    return ReopenedPage(found, found[-1].id if len(found) == limit else None)


@post(
    "/reopened/{reopening_id:int}/dismiss",
    action="reopening.dismiss",
    resource="review",
    status_code=200,
)
async def dismiss(reopening_id: int, data: Why, work: UnitOfWork) -> ReopeningOut:
    """Say why a text need not be judged again."""
    return ReopeningOut.of(await due.dismiss(work, reopening_id, data.reason))


@post("/of-post/{post_id:int}/again", action="upkeep.ask", resource="review", status_code=201)
async def ask_again(post_id: int, work: UnitOfWork) -> ReopeningOut:
    """Have a live text reviewed again as it is."""
    return ReopeningOut.of(await due.ask_again(work, post_id))


@get("/of-post/{post_id:int}/due", action="review.history", resource="review")
async def read_due(post_id: int, work: UnitOfWork) -> UpkeepOut | None:
    """When a text is to be reviewed again; null for one without a review that counts."""
    await reviewed_post(work, post_id)
    known = await upkeep.of_post(work, post_id)
    return UpkeepOut.of(known) if known is not None and known.is_live else None


@put("/of-post/{post_id:int}/due", action="upkeep.set", resource="review")
async def set_due(post_id: int, data: DueIn, work: UnitOfWork) -> UpkeepOut:
    """Move the next review of a text to another day."""
    return UpkeepOut.of(await upkeep.set_due(work, post_id, data.due_on, data.reason))


@get("/aftercare/rules", action="aftercare.read", resource="review")
async def read_rules(work: UnitOfWork) -> Rules:
    """How long a review counts here, and what follows when it counts no longer."""
    return await rules.rules_of(work)


@put("/aftercare/rules", action="aftercare.set", resource="review")
async def set_rules(data: Rules, work: UnitOfWork) -> Rules:
    """Change them, for every review from now on."""
    return await rules.set_rules(work, data)


upkeep_routes = [
    list_due,
    list_reopened,
    dismiss,
    ask_again,
    read_due,
    set_due,
    read_rules,
    set_rules,
]
