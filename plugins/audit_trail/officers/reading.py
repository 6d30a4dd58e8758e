"""Reading the trail: who did what, in order. Whoever reads it is in it from then on."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput, NotFound
from plugins.audit_trail.events import AuditRead
from plugins.audit_trail.verification.rebuild import TRAIL_FORM, canonical_of

VIEW = "view_audit_trail"
MANAGE_COMPLIANCE = "manage_compliance"
LARGEST_PAGE = 500
LARGEST_ID = 2**63 - 1

_SELECT = """
select t.event_id, t."timestamp", t.event_type, t.action, t.outcome,
       t.resource_type, t.resource_id, t.resource_version,
       t.actor_id, u.display_name as actor_name, t.actor_kind, t.actor_role, t.actor_ip,
       t.actor_user_agent, t.actor_device_fingerprint, t.channel, t.request_id,
       t.lgpd_basis, t.consent_reference, t.data_subject_id, t.risk_level, t.automated_flags,
       t.event_data, t.before_state, t.after_state,
       t.epoch, t.seq, t.leaf_hash, t.record_hash, t.previous_record_hash
from audit.trail t
left join cms.users u on u.tenant_id = t.tenant_id and u.id = t.actor_id
where t.tenant_id = :tenant
"""
_PLACE = f"""
select e.epoch, e.seq, {TRAIL_FORM} from audit.trail e
where e.tenant_id = :tenant and e.event_id = :event
"""  # noqa: S608
_HEAD = "select epoch, size, note from audit.latest_head()"


class TrailEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event under the names of the first data model (`audit_trail`). `seq` and the hashes are
    null for the moment between the commit and the log."""

    event_id: UUID
    timestamp: datetime
    event_type: str
    action: str
    outcome: str
    resource_type: str
    resource_id: int | None
    resource_version: str | None
    actor_id: int | None
    actor_name: str | None
    actor_kind: str
    actor_role: str | None
    actor_ip: str | None
    actor_user_agent: str | None
    actor_device_fingerprint: str | None
    channel: str
    request_id: str | None
    lgpd_basis: str | None
    consent_reference: str | None
    data_subject_id: str | None
    risk_level: str
    automated_flags: list[str]
    event_data: dict[str, Any] | None
    before_state: dict[str, Any] | None
    after_state: dict[str, Any] | None
    epoch: int | None
    seq: int | None
    leaf_hash: str | None
    record_hash: str | None
    previous_record_hash: str | None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What to look for. `since` and `until` bound the time, `since` inclusive."""

    resource_type: str | None = None
    resource_id: int | None = None
    actor_id: int | None = None
    action: str | None = None
    risk_level: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    newest_first: bool = False
    limit: int = 100
    cursor: str | None = None


class Page(msgspec.Struct, frozen=True):
    """Events in their order, and the cursor of the next page, if there is one."""

    events: list[TrailEvent]
    next: str | None


class Place(msgspec.Struct, frozen=True):
    """Where an event stands in the log, and the bytes that its leaf hashes, from the columns."""

    epoch: int | None
    seq: int | None
    canonical: bytes


class Head(msgspec.Struct, frozen=True):
    """The newest signed head: `note` is what signed it, as text (C2SP tlog-checkpoint)."""

    epoch: int
    size: int
    note: str


async def read_trail(work: UnitOfWork, wanted: Wanted) -> Page:
    """One page of the tenant's trail. CapabilityMissing without `view_audit_trail`."""
    _require_view(work)
    _refuse_faults(wanted)
    sql, values = _query(wanted)
    rows = await work.all(_SELECT + sql, {"tenant": work.tenant_id, **values})
    await work.emit(_reading(wanted))
    events = [_event(row) for row in rows[: wanted.limit]]
    return Page(events, _cursor(events[-1]) if len(rows) > wanted.limit else None)


async def read_event(work: UnitOfWork, event_id: UUID) -> TrailEvent:
    """One event of the tenant, or NotFound."""
    _require_view(work)
    row = await work.one(
        _SELECT + "and t.event_id = :event", {"tenant": work.tenant_id, "event": event_id}
    )
    if row is None:
        raise NotFound("audit event", event_id)
    await work.emit(AuditRead(event_id=str(event_id)))
    return _event(row)


async def read_place(work: UnitOfWork, event_id: UUID) -> Place:
    """Where an event of the tenant stands, or NotFound."""
    _require_view(work)
    row = await work.one(_PLACE, {"tenant": work.tenant_id, "event": event_id})
    if row is None:
        raise NotFound("audit event", event_id)
    await work.emit(AuditRead(event_id=str(event_id)))
    return Place(row[0], row[1], canonical_of(row[2:]))


async def read_head(work: UnitOfWork) -> Head:
    """The newest head, for officers."""
    _require_view(work)
    return await newest_head(work)


async def newest_head(work: UnitOfWork) -> Head:
    """The newest head of the whole log; NotFound before the sequencer has signed the first."""
    row = await work.one(_HEAD)
    if row is None:
        raise NotFound("signed head", "yet")
    return Head(row.epoch, row.size, row.note)


def _require_view(work: UnitOfWork) -> None:
    if not work.actor.has(VIEW):
        raise CapabilityMissing(
            f"Reading the audit trail needs the capability {VIEW}; the compliance officer has it.",
            action="audit.read",
        )


def _refuse_faults(wanted: Wanted) -> None:
    bounds = {"limit": LARGEST_PAGE, "resource_id": LARGEST_ID, "actor_id": LARGEST_ID}
    faults = {
        name: f"must be between 1 and {largest}"
        for name, largest in bounds.items()
        if (value := getattr(wanted, name)) is not None and not 1 <= value <= largest
    }
    if faults:
        raise InvalidInput(faults)


def _query(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The conditions, each one that the barrier lets pass down to an index."""
    conditions, values = [], dict[str, Any]()
    for name in ("resource_type", "resource_id", "actor_id", "action", "risk_level"):
        if (value := getattr(wanted, name)) is not None:
            conditions.append(f"t.{name} = :{name}")
            values[name] = value
    for name, sign in (("since", ">="), ("until", "<")):
        if (value := getattr(wanted, name)) is not None:
            conditions.append(f't."timestamp" {sign} :{name}')
            values[name] = _utc(value)
    direction, sign = ("desc", "<") if wanted.newest_first else ("asc", ">")
    if wanted.cursor is not None:
        conditions.append(f'(t."timestamp", t.event_id) {sign} (:at, :after_event)')
        values["at"], values["after_event"] = _position(wanted.cursor)
    order = f' order by t."timestamp" {direction}, t.event_id {direction} limit :rows'
    values["rows"] = wanted.limit + 1
    return "".join(f" and {condition}" for condition in conditions) + order, values


def _reading(wanted: Wanted) -> AuditRead:
    return AuditRead(
        resource_type=wanted.resource_type,
        resource_id=wanted.resource_id,
        actor_id=wanted.actor_id,
        action=wanted.action,
        risk_level=wanted.risk_level,
        since=wanted.since.isoformat() if wanted.since else None,
        until=wanted.until.isoformat() if wanted.until else None,
    )


def _event(row: Any) -> TrailEvent:
    fields = dict(row._mapping)
    fields["event_id"] = UUID(str(fields["event_id"]))  # the driver brings a class of its own
    return TrailEvent(**fields)


def _cursor(event: TrailEvent) -> str:
    return urlsafe_b64encode(f"{event.timestamp.isoformat()} {event.event_id}".encode()).decode()


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        moment, _, event_id = urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return _utc(datetime.fromisoformat(moment)), UUID(event_id)
    except ValueError:
        raise InvalidInput({"cursor": "is not one that an earlier page gave"}) from None


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
