"""Every event becomes a row in its own transaction: no audit, no commit.

The events of a unit of work are collected and written by one statement just before the commit; one
more event then costs microseconds, not a round trip (facts of the frame §5).
"""

import os
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import text

from cms.database.reads import Query
from cms.kernel.actors import EPOCH
from cms.kernel.events import Event, Subject
from cms.kernel.hooks import LAST, Hooks
from cms.kernel.work import Work
from plugins.audit_trail.hashing.canonical import canonical_bytes, timestamp
from plugins.audit_trail.hashing.leaf import SCHEMA_VERSION, Envelope, envelope_bytes, leaf_hash_of
from plugins.audit_trail.writing.recordable import recordable_text, state_of

_CAMEL = re.compile(r"(?<!^)(?=[A-Z])")
_DIGEST = re.compile(r"[0-9a-f]{64}")

_TYPES = {
    "event_id": "uuid",
    "occurred_at": "timestamptz",
    "tenant_id": "bigint",
    "schema_version": "bigint",
    "event_type": "text",
    "action": "text",
    "outcome": "text",
    "resource_type": "text",
    "resource_id": "bigint",
    "resource_version": "bytea",
    "actor_id": "bigint",
    "actor_kind": "text",
    "actor_role": "text",
    "actor_ip": "text",
    "actor_user_agent": "text",
    "channel": "text",
    "request_id": "text",
    "risk_level": "text",
    "automated_flags": "json",
    "before_state": "json",
    "after_state": "json",
    "event_data": "json",
    "writer_id": "text",
    "writer_seq": "bigint",
    "writer_void": "bigint[]",
}
"""The columns that are written; the others are null until an event can say them."""

_NAMES = ", ".join(_TYPES)
# These travel as text: `unnest` would take lists within lists apart.
_AS_TEXT = ("json", "bigint[]")
_GIVEN = ", ".join(
    f"cast(:{name} as {'text' if kind in _AS_TEXT else kind}[])" for name, kind in _TYPES.items()
)
_CAST = ", ".join(
    f"cast({name} as {kind})" if kind in _AS_TEXT else name for name, kind in _TYPES.items()
)

# Names and types are the constants above; every value is a parameter.
_WRITE = Query(
    text(
        f"""
    with given as (
      select * from unnest({_GIVEN}, cast(:leaf_hash as bytea[])) as g ({_NAMES}, leaf_hash)
    ), kept as (
      insert into audit.events ({_NAMES}) select {_CAST} from given
    )
    insert into audit.pending (event_id, occurred_at, leaf_hash)
    select event_id, occurred_at, leaf_hash from given
    """  # noqa: S608
    )
)


@dataclass
class Notebook:
    """The events of one unit of work that are not written yet, and how many there were."""

    events: list[Event] = field(default_factory=list)
    count: int = 0


class Writer:
    """Numbers what this process writes, so that a removed row leaves a gap."""

    def __init__(self) -> None:
        self._pid, self.id, self._seq = 0, "", 0

    def next(self) -> int:
        """The next number. A forked child starts a sequence of its own."""
        if self._pid != os.getpid():
            self._pid, self.id, self._seq = os.getpid(), secrets.token_hex(8), 0
        self._seq += 1
        return self._seq - 1


_writer = Writer()
_notebooks: WeakKeyDictionary[Work, Notebook] = WeakKeyDictionary()


def connect(hooks: Hooks) -> None:
    """Observe every event of the host and of every plugin, after all others have."""
    hooks.observe(Event, record, order=LAST)


async def record(work: Work, event: Event) -> None:
    """Note the event; it is written before this unit of work commits."""
    notebook = _notebooks.setdefault(work, Notebook())
    notebook.events.append(event)
    work.before_commit("audit", partial(_write, work, notebook))


async def _write(work: Work, notebook: Notebook) -> None:
    events, notebook.events = notebook.events, []
    rows = []
    for event in events:
        rows.append(_row(envelope_of(work, event, notebook.count)))
        notebook.count += 1
    if rows:
        await work.put(_WRITE, {name: [row[name] for row in rows] for name in rows[0]})


def envelope_of(work: Work, event: Event, position: int) -> Envelope:
    """What the trail says of the event; `position` is its place in its unit of work."""
    subject, seq = event.subject(), _writer.next()
    version, detail = _version_and_detail(event, subject)
    agent = work.request.user_agent
    return Envelope(
        event_id=str(event_id(work.now, position)),
        schema_version=SCHEMA_VERSION,
        occurred_at=timestamp(work.now),
        tenant_id=str(work.tenant_id),
        event_type=_event_type(type(event)),
        action=event.tag,
        outcome=event.outcome.value,
        resource_type=subject.type,
        resource_id=_id(subject.id),
        resource_version=version,
        actor_id=_id(work.actor.user_id),
        actor_kind=work.actor.kind.value,
        actor_role=",".join(work.actor.roles) or None,
        on_behalf_of=None,
        actor_ip=work.request.ip,
        actor_user_agent=recordable_text(agent) if agent else None,
        actor_device=None,
        channel=work.request.channel,
        request_id=work.request.request_id,
        purpose=None,
        legal_basis=None,
        consent_reference=None,
        data_subject=None,
        policy_reference=None,
        risk_level=event.risk.value,
        automated_flags=[],
        before=state_of(event.before),
        after=state_of(event.after),
        detail=detail,
        pii_commitment=None,
        writer_id=_writer.id,
        writer_seq=seq,
        writer_void=[],
    )


def event_id(moment: datetime, position: int) -> UUID:
    """A UUIDv7 (RFC 9562 §5.7) whose counter keeps the events of one transaction in their order."""
    milliseconds = (moment - EPOCH) // timedelta(milliseconds=1)
    number = milliseconds << 80 | 0x7 << 76 | min(position, 0xFFF) << 64
    return UUID(int=number | 0b10 << 62 | secrets.randbits(62))


def _version_and_detail(event: Event, subject: Subject) -> tuple[str | None, dict[str, Any] | None]:
    fields = event.ids()
    fields.pop("outcome")
    version = subject.version
    if version is not None and not _DIGEST.fullmatch(version):
        # Only a SHA-256 has a column; what else a plugin calls a version is still said.
        fields["resource_version"], version = version, None
    return version, state_of(_told_once(fields, subject, version)) or None


def _told_once(fields: dict[str, Any], subject: Subject, version: str | None) -> dict[str, Any]:
    """Without what the columns of the resource say already: a digest alone costs 80 bytes."""
    name = f"{subject.type}_id"
    return {
        key: value
        for key, value in fields.items()
        if not (key == name and value == subject.id)
        and not (version is not None and value == version)
    }


def _row(envelope: Envelope) -> dict[str, Any]:
    canonical = envelope_bytes(envelope)
    said = msgspec.structs.asdict(envelope)
    row = {name: said.get(name) for name in _TYPES}
    for name in ("tenant_id", "resource_id", "actor_id"):
        row[name] = None if said[name] is None else int(said[name])
    return row | {
        "event_id": UUID(envelope.event_id),
        "occurred_at": datetime.fromisoformat(envelope.occurred_at),
        "resource_version": _bytes(envelope.resource_version),
        "automated_flags": _json(envelope.automated_flags),
        "before_state": _json(envelope.before),
        "after_state": _json(envelope.after),
        "event_data": _json(envelope.detail),
        "writer_void": f"{{{','.join(map(str, envelope.writer_void))}}}",
        "leaf_hash": leaf_hash_of(canonical),
    }


def _json(value: Any) -> str | None:
    return None if value is None else canonical_bytes(value).decode()


def _bytes(digest: str | None) -> bytes | None:
    return None if digest is None else bytes.fromhex(digest)


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


@lru_cache(maxsize=1024)
def _event_type(kind: type[Event]) -> str:
    return _CAMEL.sub("_", kind.__name__).lower()
