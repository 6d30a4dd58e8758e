"""/api/v1/audit: retention, holds, and the approval of ranges that are to go."""

import msgspec

from cms.api.routing import get, post, put
from cms.database.work import UnitOfWork
from plugins.audit_trail.retention import approving, holds, rules
from plugins.audit_trail.retention.approving import Pruning
from plugins.audit_trail.retention.holds import Hold
from plugins.audit_trail.retention.rules import Order, Rule


class Months(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how long, why, and by which order when it is shorter."""

    months: int
    reason: str
    order: Order | None = None


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why nothing needs to be held any more."""

    reason: str


@get("/retention", action="audit_retention.read", resource="audit_retention")
async def list_rules(work: UnitOfWork) -> list[Rule]:
    """How long events of each class are kept at this site."""
    return await rules.rules(work)


@put("/retention/{class_name:str}", action="audit_retention.set", resource="audit_retention")
async def set_rule(class_name: str, data: Months, work: UnitOfWork) -> list[Rule]:
    """Keep events of a class longer; or shorter, by an order, if they are personal data."""
    return await rules.set_months(work, class_name, data.months, data.reason, data.order)


@get("/holds", action="audit_hold.read", resource="audit_hold")
async def list_holds(work: UnitOfWork) -> list[Hold]:
    """The holds of this site, released ones too."""
    return await holds.holds(work)


@post("/holds", action="audit_hold.place", resource="audit_hold", status_code=201)
async def place_hold(data: holds.Wanted, work: UnitOfWork) -> Hold:
    """Hold events back that might go otherwise."""
    return await holds.place(work, data)


@post(
    "/holds/{hold_id:int}/release",
    action="audit_hold.release",
    resource="audit_hold",
    status_code=200,
)
async def release_hold(hold_id: int, data: Release, work: UnitOfWork) -> Hold:
    """Release a hold, and say why."""
    return await holds.release(work, hold_id, data.reason)


@get("/prunings", action="audit_range.read", resource="audit_range")
async def list_prunings(work: UnitOfWork) -> list[Pruning]:
    """Ranges that are to go, or went, with those who agreed."""
    return await approving.prunings(work)


@post(
    "/prunings/{pruning_id:int}/approve",
    action="audit_range.approve",
    resource="audit_range",
    status_code=200,
)
async def approve_pruning(pruning_id: int, work: UnitOfWork) -> Pruning:
    """Agree, as one of two people, that a range may go."""
    return await approving.approve(work, pruning_id)


retention_routes = [
    list_rules,
    set_rule,
    list_holds,
    place_hold,
    release_hold,
    list_prunings,
    approve_pruning,
]
