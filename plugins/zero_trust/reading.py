"""Reading the log of decisions: what was decided, for whom, by which policies."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, select, tuple_

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput
from plugins.zero_trust.defaults import MANAGE_POLICIES
from plugins.zero_trust.events import DecisionsRead
from plugins.zero_trust.models import EvaluationRecord

DECISIONS = ("allow", "deny", "conditional", "gap")
REFUSED = "refused"
"""Everything but what was allowed."""

USUAL = timedelta(days=30)
_A_PAGE = 50
_OWN = 20
_WORD = re.compile(r"[A-Za-z0-9_.:@-]{1,200}")


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for; everything that is set must hold. `decision` is one of DECISIONS, or
    refused. Without `since` it is the last 30 days: the log has no index for every question."""

    user_id: int | None = None
    action: str | None = None
    resource_type: str | None = None
    resource_id: int | None = None
    decision: str | None = None
    mode: str | None = None
    request_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def decisions(
    work: UnitOfWork, sought: Sought, *, cursor: str | None = None, limit: int = _A_PAGE
) -> tuple[list[EvaluationRecord], str | None]:
    """A page of the log, the newest first, and the cursor of the next; told to the trail.
    CapabilityMissing, InvalidInput."""
    if not work.actor.has(MANAGE_POLICIES):
        raise CapabilityMissing(
            f"The log of decisions is for people with the capability {MANAGE_POLICIES}.",
            action="policy.decisions",
        )
    _refuse_faults(sought)
    statement = _conditions(work, sought)
    if cursor is not None:
        place = tuple_(EvaluationRecord.evaluated_at, EvaluationRecord.id)
        statement = statement.where(place < tuple_(*_place(cursor)))
    found = await _fetched(work, statement.limit(limit + 1))
    await work.emit(
        DecisionsRead(
            person_id=sought.user_id,
            action_sought=sought.action,
            decision=sought.decision,
            request_sought=sought.request_id,
        )
    )
    following = _cursor(found[limit - 1]) if len(found) > limit else None
    return found[:limit], following


async def why(
    work: UnitOfWork, request_id: str | None = None, action: str | None = None
) -> list[EvaluationRecord]:
    """The refusals of one request, or one's own of the last 30 days, the newest first; of one
    action, if it is named. Others' requests are for those who may read the log; for everybody else
    there is nothing."""
    if request_id is not None and not _WORD.fullmatch(request_id):
        raise InvalidInput({"request": "is no request: copy it from the page that refused you"})
    if action is not None and action not in work.registry.actions:
        raise InvalidInput({"action": "is none that anybody declares: leave it empty"})
    sought = Sought(decision=REFUSED, request_id=request_id, action=action)
    statement = _conditions(work, sought)
    if request_id is None or not work.actor.has(MANAGE_POLICIES):
        statement = statement.where(EvaluationRecord.user_id == (work.actor.user_id or 0))
    return await _fetched(work, statement.limit(_OWN))


def _conditions(work: UnitOfWork, sought: Sought) -> Select[Any]:
    log = EvaluationRecord
    since = sought.since or (sought.until or work.now) - USUAL
    statement = select(log).where(log.tenant_id == work.tenant_id, log.evaluated_at >= since)
    if sought.until is not None:
        statement = statement.where(log.evaluated_at < sought.until)
    for column, value in (
        (log.user_id, sought.user_id),
        (log.action_requested, sought.action),
        (log.resource_requested, sought.resource_type),
        (log.resource_id, sought.resource_id),
        (log.mode, sought.mode),
        (log.request_id, sought.request_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if sought.decision == REFUSED:
        statement = statement.where(log.decision != "allow", log.decision != "gap")
    elif sought.decision is not None:
        statement = statement.where(log.decision == sought.decision)
    return statement.order_by(log.evaluated_at.desc(), log.id.desc())


def _refuse_faults(sought: Sought) -> None:
    faults: dict[str, str] = {}
    if sought.decision not in (None, REFUSED, *DECISIONS):
        faults["decision"] = f"must be one of {', '.join((REFUSED, *DECISIONS))}"
    if sought.mode not in (None, "enforce", "shadow"):
        faults["mode"] = "must be enforce or shadow"
    faults |= {
        name: "must be up to 200 letters, digits and . _ : @ -"
        for name in ("action", "resource_type", "request_id")
        if (value := getattr(sought, name)) is not None and not _WORD.fullmatch(value)
    }
    if sought.since and sought.until and sought.since >= sought.until:
        faults["until"] = "must be later than since"
    if faults:
        raise InvalidInput(faults)


async def _fetched(work: UnitOfWork, statement: Select[Any]) -> list[EvaluationRecord]:
    return [row[0] for row in await work.all(statement)]


def _cursor(last: EvaluationRecord) -> str:
    return urlsafe_b64encode(f"{last.evaluated_at.isoformat()} {last.id}".encode()).decode()


def _place(cursor: str) -> tuple[datetime, UUID]:
    try:
        moment, _, identity = urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return datetime.fromisoformat(moment), UUID(identity)
    except ValueError:
        raise InvalidInput(
            {"cursor": "is not one that an earlier page gave: leave it out"}
        ) from None


def reasons_of(found: Sequence[EvaluationRecord]) -> Mapping[str, None]:
    """The policies and the engine's own words that these decisions name, each once."""
    return dict.fromkeys(reason for one in found for reason in one.policy_ids)
