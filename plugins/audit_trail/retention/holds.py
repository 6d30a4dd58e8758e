"""Legal holds: events of a time or of a thing stay, whatever their retention says."""

from datetime import datetime
from typing import Any

import msgspec

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from plugins.audit_trail.retention.events import HoldPlaced, HoldReleased
from plugins.audit_trail.retention.rights import person_of, require_view
from plugins.audit_trail.retention.rules import LONGEST_REASON

_ALL = "select * from audit.holds order by id"
_PLACE = """
select audit.place_hold(:reason, cast(:since as timestamptz), cast(:until as timestamptz),
                        :kind, cast(:number as bigint), cast(:person as bigint))
"""
_RELEASE = "select audit.release_hold(cast(:hold as bigint), :reason, cast(:person as bigint))"


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to stay: a time, a kind of thing, one thing, or everything when nothing is said."""

    reason: str
    since: datetime | None = None
    until: datetime | None = None
    resource_type: str | None = None
    resource_id: int | None = None


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A hold of this site; it counts until it is released."""

    id: int
    reason: str
    since: datetime | None
    until: datetime | None
    resource_type: str | None
    resource_id: int | None
    placed_by: int
    placed_at: datetime
    released_by: int | None
    released_at: datetime | None
    release_reason: str | None


async def holds(work: UnitOfWork) -> list[Hold]:
    """All holds of the site, released ones too, the oldest first."""
    require_view(work, "audit_hold.read")
    return [Hold(**row._mapping) for row in await work.audit.all(_ALL)]


async def place(work: UnitOfWork, wanted: Wanted) -> Hold:
    """Hold events back. InvalidInput names every fault."""
    person = person_of(work, "audit_hold.place")
    _refuse_faults(wanted)
    row = await work.audit.one(
        _PLACE,
        {
            "reason": wanted.reason,
            "since": wanted.since,
            "until": wanted.until,
            "kind": wanted.resource_type,
            "number": wanted.resource_id,
            "person": person,
        },
    )
    await work.emit(HoldPlaced(hold_id=row[0]))
    return await _get(work, row[0])


async def release(work: UnitOfWork, hold_id: int, reason: str) -> Hold:
    """Let go of what was held; NotFound if nothing is."""
    person = person_of(work, "audit_hold.release")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise InvalidInput({"reason": f"must have 1 to {LONGEST_REASON} characters"})
    row = await work.audit.one(_RELEASE, {"hold": hold_id, "reason": reason, "person": person})
    if not row[0]:
        raise NotFound("hold that is not released", hold_id)
    await work.emit(HoldReleased(hold_id=hold_id))
    return await _get(work, hold_id)


async def _get(work: UnitOfWork, hold_id: int) -> Hold:
    return next(hold for hold in await holds(work) if hold.id == hold_id)


def _refuse_faults(wanted: Wanted) -> None:
    faults: dict[str, Any] = {}
    if not wanted.reason.strip() or len(wanted.reason) > LONGEST_REASON:
        faults["reason"] = f"must have 1 to {LONGEST_REASON} characters"
    for name in ("since", "until"):
        moment = getattr(wanted, name)
        if moment is not None and moment.tzinfo is None:
            faults[name] = "must name its time zone, such as 2026-01-31T00:00:00-03:00"
    if not faults and wanted.since and wanted.until and wanted.since >= wanted.until:
        faults["until"] = "must be later than since"
    if wanted.resource_id is not None and wanted.resource_type is None:
        faults["resource_type"] = "is needed beside resource_id, such as post"
    if faults:
        raise InvalidInput(faults)
