"""What is shown of an event, to whom, and for which purpose."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from cms.database.work import UnitOfWork
from cms.kernel.work import ReadableWork
from plugins.audit_trail.officers.purposes import BY_NAME, Purpose
from plugins.audit_trail.writing.personal import Personal, open_personal

OPEN = "open_audit_personal"
_OF_ACTOR = ("actor_ip", "actor_user_agent", "actor_device_fingerprint")


class TrailEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event under the names of the first data model (`audit_trail`). `seq` and the hashes are
    null for the moment between the commit and the log; what the purpose of the look does not need
    is null too.

    Address, browser and device of the actor, and `personal_values`, are sealed. Who may see them
    has the capability `open_audit_personal`, or looks for the sake of security; others see by
    `has_personal` that there are some. They may have been erased since, or be unreadable because
    somebody changed what is stored."""

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
    on_behalf_of: int | None
    actor_ip: str | None
    actor_user_agent: str | None
    actor_device_fingerprint: str | None
    channel: str
    request_id: str | None
    purpose: str | None
    lgpd_basis: str | None
    consent_reference: str | None
    data_subject_id: str | None
    policy_reference: str | None
    risk_level: str
    automated_flags: list[str]
    has_personal: bool
    personal_values: dict[str, Any] | None = None
    personal_erased_at: datetime | None = None
    is_personal_unreadable: bool = False
    event_data: dict[str, Any] | None
    before_state: dict[str, Any] | None
    after_state: dict[str, Any] | None
    epoch: int | None
    seq: int | None
    leaf_hash: str | None
    record_hash: str | None
    previous_record_hash: str | None


def sees_addresses(work: ReadableWork, purpose: Purpose) -> bool:
    """Whether addresses, browsers and devices are shown: all that who guards the house needs."""
    return purpose.sees_addresses and (work.actor.has(OPEN) or not purpose.sees_subjects)


async def shown(
    work: UnitOfWork, rows: Sequence[Any], purpose: Purpose = BY_NAME["compliance"]
) -> list[TrailEvent]:
    """Rows of the trail as the actor may see them. Whoever calls records the reading, with the
    number of events whose personal values were opened."""
    of_actor, of_subject = sees_addresses(work, purpose), purpose.sees_subjects
    sealed: dict[UUID, Personal] | None = None
    if of_actor or (of_subject and work.actor.has(OPEN)):
        sealed = await open_personal(work, [row for row in rows if row.has_personal])
    hidden = {} if of_actor else dict.fromkeys(_OF_ACTOR)
    if not (of_subject and work.actor.has(OPEN)):
        hidden["personal_values"] = None
    return [_event(row, {**_personal(row, sealed), **hidden}) for row in rows]


def plain(row: Any) -> TrailEvent:
    """A row without personal values, for those to whom the story matters."""
    return _event(row, {**dict.fromkeys(_OF_ACTOR), "personal_values": None})


def opened(events: Sequence[TrailEvent]) -> dict[str, int] | None:
    """How many events were shown with what names or locates somebody."""
    count = sum(e.actor_ip is not None or e.personal_values is not None for e in events)
    return {"opened": count} if count else None


def _personal(row: Any, sealed: dict[UUID, Personal] | None) -> dict[str, Any]:
    if not row.has_personal or sealed is None:
        return {}  # an event of version 1 has them in its own columns
    found = sealed.get(UUID(str(row.event_id)), Personal(is_unreadable=True))
    return {
        "actor_ip": found.ip,
        "actor_user_agent": found.user_agent,
        "actor_device_fingerprint": found.device,
        "personal_values": found.values,
        "personal_erased_at": found.erased_at,
        "is_personal_unreadable": found.is_unreadable,
    }


def _event(row: Any, personal: dict[str, Any]) -> TrailEvent:
    known = row._mapping
    fields = {name: known[name] for name in TrailEvent.__struct_fields__ if name in known}
    # Those of version 1 stand in the columns, and are personal all the same.
    fields["has_personal"] = row.has_personal or row.actor_ip is not None
    fields["event_id"] = UUID(str(row.event_id))  # the driver brings a class of its own
    return TrailEvent(**{**fields, **personal})
