"""Reading the trail: who did what, in order. Whoever reads it is in it from then on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.exc import DBAPIError

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from plugins.audit_trail.events import AuditRead
from plugins.audit_trail.officers.cursors import cursor, cut_of
from plugins.audit_trail.officers.filters import Paging, Wanted
from plugins.audit_trail.officers.opening import TrailEvent, opened, sees_addresses, shown
from plugins.audit_trail.officers.pages import (
    ONE_EVENT,
    Total,
    count,
    fetch_one,
    fetch_page,
    one_event,
)
from plugins.audit_trail.officers.purposes import SECONDS, Purpose, begin, require_view
from plugins.audit_trail.verification.rebuild import TRAIL_FORM, canonical_of

_ONE = ONE_EVENT.replace("t.", "e.")
_WHOLE = f"""
select {TRAIL_FORM} from audit.trail e
where e.tenant_id = :tenant and {_ONE}
"""  # noqa: S608
_HEAD = "select epoch, size, note from audit.latest_head()"
_HEAD_OF = "select epoch, size, note from audit.head_of(:epoch)"


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
    refuse_hidden(work, wanted, stated)
    cut = cut_of(work, wanted, paging, stated)
    async with bounded(SECONDS):
        rows = await fetch_page(work, stated, wanted, cut)
        total = await count(work, stated, wanted) if paging.with_total else None
    events = await shown(work, rows[: paging.limit], stated)
    fields = looked(work, wanted, stated)
    await work.emit(AuditRead(**fields, search_id=search_id, after=opened(events)))
    following = None
    if len(rows) > paging.limit:
        following = cursor(work, wanted, paging, stated, events[-1])
    return Page(events, following, stated.name, total)


async def read_event(work: UnitOfWork, event_id: UUID, *, purpose: str | None = None) -> TrailEvent:
    """One event of the tenant, or NotFound."""
    stated = await begin(work, purpose)
    events = await shown(work, [await _one(work, event_id, stated)], stated)
    said = AuditRead(event_id=str(event_id), purpose_of_use=stated.name, after=opened(events))
    await work.emit(said)
    return events[0]


async def read_place(work: UnitOfWork, event_id: UUID, *, purpose: str | None = None) -> Place:
    """Where an event of the tenant stands, or NotFound."""
    stated = await begin(work, purpose)
    row = await _one(work, event_id, stated)
    canonical = None
    if stated.view == "audit.trail":
        whole = await work.audit.one(_WHOLE, one_event(work, event_id))
        canonical = canonical_of(whole)
    await work.emit(AuditRead(what="proof", event_id=str(event_id), purpose_of_use=stated.name))
    leaf = None if row.leaf_hash is None else bytes.fromhex(row.leaf_hash)
    return Place(row.epoch, row.seq, leaf, canonical)


async def _one(work: UnitOfWork, event_id: UUID, purpose: Purpose) -> Any:
    row = await fetch_one(work, purpose, event_id)
    if row is None:
        raise NotFound("audit event", event_id)
    return row


async def read_head(work: UnitOfWork) -> Head:
    """The newest head, for officers."""
    require_view(work)
    return await newest_head(work)


async def read_head_of(work: UnitOfWork, epoch: int) -> Head:
    """The newest head of one epoch, which for a closed one is its last, for officers."""
    require_view(work)
    return await head_of(work, epoch)


async def head_of(work: UnitOfWork, epoch: int) -> Head:
    """The newest head of one epoch, or NotFound."""
    row = await work.audit.one(_HEAD_OF, {"epoch": epoch})
    if row is None:
        raise NotFound("signed head", f"of epoch {epoch}")
    return Head(row.epoch, row.size, row.note)


async def newest_head(work: UnitOfWork) -> Head:
    """The newest head of the whole log; NotFound before the sequencer has signed the first."""
    row = await work.audit.one(_HEAD)
    if row is None:
        raise NotFound("signed head", "yet")
    return Head(row.epoch, row.size, row.note)


def refuse_hidden(work: UnitOfWork, wanted: Wanted, purpose: Purpose) -> None:
    """InvalidInput for a question about what the purpose does not see."""
    faults = {}
    if wanted.ip is not None and not sees_addresses(work, purpose):
        faults["ip"] = f"is not for you for the purpose {purpose.name}: state security"
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
    for name, called in (("outcome", "outcome_sought"), ("data_subject", "subject_sought")):
        if name in said:
            said[called] = said.pop(name)
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
