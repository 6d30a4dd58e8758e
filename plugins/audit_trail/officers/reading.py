"""Reading the trail: who did what, in order. Whoever reads it is in it from then on."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy.exc import DBAPIError

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from plugins.audit_trail.events import AuditRead
from plugins.audit_trail.officers.filters import (
    LARGEST_PAGE,
    Paging,
    Wanted,
    conditions_of,
    id_bounds,
)
from plugins.audit_trail.officers.purposes import (
    SECONDS,
    VIEW,
    Purpose,
    begin,
    require_view,
)
from plugins.audit_trail.verification.rebuild import TRAIL_FORM, canonical_of

__all__ = ["LARGEST_PAGE", "VIEW", "Paging", "Purpose", "Wanted"]

NOTHING: Mapping[str, Any] = {}
MOST_COUNTED = 10_000
"""Beyond it a total is only said to be more: counting millions would cost seconds."""

_COLUMNS = """
t.event_id, t."timestamp", t.event_type, t.action, t.outcome,
t.resource_type, t.resource_id, t.resource_version, t.actor_id, t.actor_kind, t.actor_role,
t.actor_ip, t.actor_user_agent, t.actor_device_fingerprint, t.channel, t.request_id,
t.lgpd_basis, t.consent_reference, t.data_subject_id, t.risk_level, t.automated_flags,
t.event_data, t.before_state, t.after_state
"""
# The page is cut first, from the events alone; only then the places in the log and the names of the
# few rows are looked up.
_PAGE = """
with page as materialized (
  select {columns} from {view} t where t.tenant_id = :tenant {conditions}
  order by t."timestamp" {direction}, t.event_id {direction} limit :rows
), place as (
  select * from audit.places(
    (select array_agg(p."timestamp" order by p.event_id) from page p),
    (select array_agg(p.event_id order by p.event_id) from page p))
)
select t.*, {name} as actor_name,
       t.actor_id is not null and (u.id is null or u.left_at is not null) as is_erased,
       l.epoch, l.seq, l.leaf_hash, l.record_hash,
       l.previous_record_hash
from page t left join place l on l.event_id = t.event_id
left join cms.users u on u.tenant_id = :tenant and u.id = t.actor_id
order by t."timestamp" {direction}, t.event_id {direction}
"""
_ONE = 't.event_id = :event and t."timestamp" >= :first and t."timestamp" < :last'
_COUNT = """
select count(*) as found from (
  select from {view} t where t.tenant_id = :tenant {conditions} limit :most) counted
"""
_WHOLE = f"""
select {TRAIL_FORM} from audit.trail e
where e.tenant_id = :tenant and e.event_id = :event
  and e."timestamp" >= :first and e."timestamp" < :last
"""  # noqa: S608
_HEAD = "select epoch, size, note from audit.latest_head()"


class TrailEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event under the names of the first data model (`audit_trail`). `seq` and the hashes are
    null for the moment between the commit and the log; what the purpose of the look does not need
    is null too."""

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


class Total(msgspec.Struct, frozen=True):
    """How many events the filter finds; of more than 10,000 it is said that there are more."""

    count: int
    is_exact: bool


class Page(msgspec.Struct, frozen=True):
    """Events in their order, the cursor of the next page, if there is one, what the look was for,
    and the total if it was asked for."""

    events: list[TrailEvent]
    next: str | None
    purpose: str
    total: Total | None = None


class Place(msgspec.Struct, frozen=True):
    """Where an event stands in the log, its leaf hash, and the bytes that it hashes, from the
    columns; the bytes are for those alone whose purpose sees everything."""

    epoch: int | None
    seq: int | None
    leaf: bytes | None
    canonical: bytes | None


class Cut(NamedTuple):
    """What of an order is wanted: so many rows after a place."""

    newest_first: bool
    start: tuple[datetime, UUID] | None
    rows: int


class Head(msgspec.Struct, frozen=True):
    """The newest signed head: `note` is what signed it, as text (C2SP tlog-checkpoint)."""

    epoch: int
    size: int
    note: str


async def read_trail(
    work: UnitOfWork,
    wanted: Wanted,
    paging: Paging | None = None,
    *,
    purpose: str | None = None,
    search_id: int | None = None,
) -> Page:
    """One page of the tenant's trail. CapabilityMissing without `view_audit_trail` or for a
    purpose that is not the actor's; InvalidInput for what the purpose cannot ask."""
    paging = paging or Paging()
    stated = await begin(work, purpose)
    refuse_hidden(wanted, stated)
    cut = cut_of(work, wanted, paging, stated)
    async with bounded(SECONDS):
        rows = await fetch_page(work, stated, wanted, cut)
        total = await count(work, stated, wanted) if paging.with_total else None
    await work.emit(AuditRead(**looked(work, wanted, stated), search_id=search_id))
    events = [event_of(row) for row in rows[: paging.limit]]
    following = None
    if len(rows) > paging.limit:
        following = cursor(work, wanted, paging, stated, events[-1])
    return Page(events, following, stated.name, total)


async def fetch_page(
    work: UnitOfWork,
    purpose: Purpose,
    wanted: Wanted,
    cut: Cut,
    *,
    besides: Mapping[str, Any] = NOTHING,
) -> list[Any]:
    """The rows after a place in the order, with that of each in the log; for those who have stated
    their purpose and tell the trail. `besides`: more columns of the view with their values."""
    conditions, values = conditions_of(wanted)
    conditions += [f"t.{name} = :{name}" for name in besides]
    values |= besides
    if cut.start is not None:
        sign = "<" if cut.newest_first else ">"
        conditions.append(f'(t."timestamp", t.event_id) {sign} (:at, :after_event)')
        values["at"], values["after_event"] = cut.start
    sql = _sql(_PAGE, purpose, conditions, "desc" if cut.newest_first else "asc")
    return await work.all(sql, {"tenant": work.tenant_id, "rows": cut.rows, **values})


async def count(work: UnitOfWork, purpose: Purpose, wanted: Wanted) -> Total:
    """How many there are, counted up to 10,000."""
    conditions, values = conditions_of(wanted)
    sql = _sql(_COUNT, purpose, conditions)
    most = MOST_COUNTED + 1
    row = await work.one(sql, {"tenant": work.tenant_id, "most": most, **values})
    return Total(min(row.found, MOST_COUNTED), row.found <= MOST_COUNTED)


async def read_event(work: UnitOfWork, event_id: UUID, *, purpose: str | None = None) -> TrailEvent:
    """One event of the tenant, or NotFound."""
    stated = await begin(work, purpose)
    row = await _one(work, event_id, stated)
    await work.emit(AuditRead(event_id=str(event_id), purpose_of_use=stated.name))
    return event_of(row)


async def read_place(work: UnitOfWork, event_id: UUID, *, purpose: str | None = None) -> Place:
    """Where an event of the tenant stands, or NotFound."""
    stated = await begin(work, purpose)
    row = await _one(work, event_id, stated)
    canonical = None
    if stated.view == "audit.trail":
        whole = await work.one(_WHOLE, _values(work, event_id))
        canonical = canonical_of(whole)
    await work.emit(AuditRead(what="proof", event_id=str(event_id), purpose_of_use=stated.name))
    leaf = None if row.leaf_hash is None else bytes.fromhex(row.leaf_hash)
    return Place(row.epoch, row.seq, leaf, canonical)


async def _one(work: UnitOfWork, event_id: UUID, purpose: Purpose) -> Any:
    sql = _sql(_PAGE, purpose, [_ONE], "asc")
    row = await work.one(sql, {**_values(work, event_id), "rows": 1})
    if row is None:
        raise NotFound("audit event", event_id)
    return row


def _values(work: UnitOfWork, event_id: UUID) -> dict[str, Any]:
    first, last = id_bounds(event_id)
    return {"tenant": work.tenant_id, "event": event_id, "first": first, "last": last}


async def read_head(work: UnitOfWork) -> Head:
    """The newest head, for officers."""
    require_view(work)
    return await newest_head(work)


async def newest_head(work: UnitOfWork) -> Head:
    """The newest head of the whole log; NotFound before the sequencer has signed the first."""
    row = await work.one(_HEAD)
    if row is None:
        raise NotFound("signed head", "yet")
    return Head(row.epoch, row.size, row.note)


def refuse_hidden(wanted: Wanted, purpose: Purpose) -> None:
    """InvalidInput for a question about what the purpose does not see."""
    faults = {}
    if wanted.ip is not None and not purpose.sees_addresses:
        faults["ip"] = f"is not for the purpose {purpose.name}: state compliance or security"
    if wanted.data_subject is not None and not purpose.sees_subjects:
        faults["data_subject"] = (
            f"is not for the purpose {purpose.name}: state compliance or data_protection"
        )
    if faults:
        raise InvalidInput(faults)


def looked(work: UnitOfWork, wanted: Wanted, purpose: Purpose) -> dict[str, Any]:
    """The fields of the event that tells of a look."""
    said = wanted.said()
    if "ip" in said:
        sought = f"audit-look:{work.tenant_id}:{said.pop('ip')}"
        said["ip_token"] = work.shop.sign(sought)[:16].hex()
    if "outcome" in said:
        said["outcome_sought"] = said.pop("outcome")
    return {**said, "purpose_of_use": purpose.name}


@asynccontextmanager
async def bounded(seconds: int) -> AsyncIterator[None]:
    """Say of a question that took too long what to do about it."""
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != "57014":
            raise
        raise InvalidInput(
            {
                "since": f"leaves too much to look through: the question took more than {seconds} "
                "seconds. Narrow the period, or ask by actor, resource, data subject or request"
            }
        ) from error


def event_of(row: Any) -> TrailEvent:
    fields = {name: row._mapping[name] for name in TrailEvent.__struct_fields__}
    fields["event_id"] = UUID(str(fields["event_id"]))  # the driver brings a class of its own
    return TrailEvent(**fields)


def _sql(template: str, purpose: Purpose, conditions: list[str], direction: str = "") -> str:
    return template.format(
        columns=_COLUMNS,
        view=purpose.view,
        conditions="".join(f" and {condition}" for condition in conditions),
        direction=direction,
        name="u.display_name" if purpose.sees_names else "null::text",
    )


# -- cursors: a place in the order, bound to the question that it belongs to


def _binding(work: UnitOfWork, wanted: Wanted, paging: Paging, purpose: Purpose) -> bytes:
    question: Mapping[str, Any] = {
        "tenant": work.tenant_id,
        "purpose": purpose.name,
        "filter": wanted.said(),
        "newest_first": paging.newest_first,
    }
    said = msgspec.json.encode(question, order="sorted").decode()
    return work.shop.sign(f"audit-cursor:{said}")[:12]


def cursor(
    work: UnitOfWork, wanted: Wanted, paging: Paging, purpose: Purpose, last: TrailEvent
) -> str:
    binding = _binding(work, wanted, paging, purpose).hex()
    said = f"{last.timestamp.isoformat()} {last.event_id} {binding}"
    return urlsafe_b64encode(said.encode()).decode()


def cut_of(work: UnitOfWork, wanted: Wanted, paging: Paging, purpose: Purpose) -> Cut:
    """The page of the question, and one row more, which says whether there is another page.
    InvalidInput for a cursor of another question."""
    start = _position(work, wanted, paging, purpose)
    return Cut(paging.newest_first, start, paging.limit + 1)


def _position(
    work: UnitOfWork, wanted: Wanted, paging: Paging, purpose: Purpose
) -> tuple[datetime, UUID] | None:
    if paging.cursor is None:
        return None
    try:
        written = urlsafe_b64decode(paging.cursor.encode()).decode()
        moment, event_id, binding = written.split(" ")
        place = datetime.fromisoformat(moment), UUID(event_id)
    except ValueError:
        raise InvalidInput(
            {"cursor": "is not one that an earlier page gave: leave it out"}
        ) from None
    if binding != _binding(work, wanted, paging, purpose).hex():
        raise InvalidInput(
            {"cursor": "belongs to another question: repeat its filter, or leave it out"}
        )
    return place
