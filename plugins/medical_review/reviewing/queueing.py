"""What waits for review, as somebody wants to see it: in her hand, free, due, escalated, or all."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import text

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.quorum.rules import Risk
from plugins.medical_review.reviewing.board import CARDS, Card, card_of, next_of, place
from plugins.medical_review.reviewing.course_models import Priority
from plugins.medical_review.reviewing.reading import may_oversee

SOON = timedelta(hours=24)
"""What is due within this time counts as due."""


class View(StrEnum):
    """Which of the open reviews."""

    HAND = "hand"
    FREE = "free"
    DUE = "due"
    ESCALATED = "escalated"
    ALL = "all"


@dataclass(frozen=True)
class Wanted:
    """What is asked for; an empty text means any."""

    view: str = View.ALL
    stage: str = ""
    risk: str = ""
    priority: str = ""


_IN_HAND = """(select from medical_review.claims c
     where c.tenant_id = o.tenant_id and c.review_id = o.review_id and c.ended_at is null %s)"""
_VIEWS = {
    View.HAND: "exists " + _IN_HAND % "and c.user_id = :person",
    View.FREE: "not exists " + _IN_HAND % "",
    View.DUE: "o.due_at <= :soon",
    View.ESCALATED: "o.escalated_at is not null",
    View.ALL: "true",
}
_WAITING = {
    view: text(
        CARDS
        % f"""
    select o.* from medical_review.rounds o
    where o.tenant_id = :tenant and o.closed_at is null and {which}
      and (cast(:stage as text) = '' or o.stage = cast(:stage as text))
      and (cast(:risk as text) = '' or o.risk = cast(:risk as text))
      and (cast(:priority as text) = '' or o.priority = cast(:priority as text))
      and (o.due_at, o.review_id) > (cast(:due as timestamptz), cast(:id as bigint))
    order by o.due_at, o.review_id
    limit :limit
    """  # noqa: S608 - our own words
    )
    for view, which in _VIEWS.items()
}


async def waiting(
    work: UnitOfWork, wanted: Wanted, after: str | None, limit: int
) -> tuple[list[Card], str | None]:
    """A page of open reviews by due date, in one statement, and where the next one begins.
    InvalidInput names every word of `wanted` that is unknown."""
    require(may_oversee(work), "review.list", "Sorry, you are not allowed to see the reviews.")
    _refuse_unknown(wanted)
    begin = place(after)
    values: dict[str, Any] = {
        "tenant": work.tenant_id,
        "stage": wanted.stage,
        "risk": wanted.risk,
        "priority": wanted.priority,
        "due": begin.due,
        "id": begin.review_id,
        "limit": limit,
    }
    view = View(wanted.view)
    if view is View.HAND:
        values["person"] = work.actor.user_id
    elif view is View.DUE:
        values["soon"] = work.now + SOON
    rows = await work.all(_WAITING[view], values)
    cards = sorted(map(card_of, rows), key=lambda card: (card.due_at, card.review_id))
    return cards, next_of(cards, limit)


def _refuse_unknown(wanted: Wanted) -> None:
    faults: dict[str, str] = {}
    for name, choices in (("view", View), ("risk", Risk), ("priority", Priority)):
        said, known = getattr(wanted, name), [one.value for one in choices]
        if said not in known and (said or name == "view"):
            faults[name] = f"{said[:40]!r} must be one of {', '.join(known)}"
    if faults:
        raise InvalidInput(faults)
