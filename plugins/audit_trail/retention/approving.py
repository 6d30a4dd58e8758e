"""Ranges that are to go, and the two people of each site who must agree."""

from datetime import datetime

import msgspec

from cms.database.work import UnitOfWork
from cms.errors import Conflict, NotFound
from plugins.audit_trail.retention.events import PruningApproved
from plugins.audit_trail.retention.rights import person_of, require_view

PEOPLE = 2

_ALL = "select * from audit.pruning_requests order by id desc"
_ONE = "select * from audit.pruning_requests where id = :pruning"
_APPROVE = "select audit.approve_pruning(cast(:pruning as bigint), cast(:person as bigint))"


class Pruning(msgspec.Struct, frozen=True, kw_only=True):
    """A range of time whose events are to go, or went. `events` are those of this site. `state` is
    proposed, archived (a verified copy lies elsewhere), dropped, or withdrawn."""

    id: int
    since: datetime
    until: datetime
    events: int
    all_events: int
    state: str
    proposed_at: datetime
    archived_at: datetime | None
    archive_sha256: str | None
    dropped_at: datetime | None
    approvers: list[int]


async def prunings(work: UnitOfWork) -> list[Pruning]:
    """Ranges with events of this site, the newest proposal first."""
    require_view(work, "audit_range.read")
    return [Pruning(**row._mapping) for row in await work.audit.all(_ALL)]


async def approve(work: UnitOfWork, pruning_id: int) -> Pruning:
    """Agree as one of two people. NotFound, or Conflict when the same person agrees twice or
    nothing is left to agree to."""
    person = person_of(work, "audit_range.approve")
    found = await _get(work, pruning_id)
    if person in found.approvers:
        raise Conflict(
            f"You have agreed already. {PEOPLE} people must: ask a colleague who may approve "
            "prunings."
        )
    given = await work.audit.one(_APPROVE, {"pruning": pruning_id, "person": person})
    if not given[0]:
        raise Conflict(f"This range is {found.state}: there is nothing to agree to any more.")
    await work.emit(PruningApproved(pruning_id=pruning_id))
    return await _get(work, pruning_id)


async def _get(work: UnitOfWork, pruning_id: int) -> Pruning:
    row = await work.audit.one(_ONE, {"pruning": pruning_id})
    if row is None:
        raise NotFound("range that is to go", pruning_id)
    return Pruning(**row._mapping)
