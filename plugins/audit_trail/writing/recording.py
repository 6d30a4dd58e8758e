"""Every event becomes a row in its own transaction: no audit, no commit.

The events of a unit of work are collected and written by one statement just before the commit; one
more event then costs microseconds, not a round trip (facts of the frame §5).
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

import msgspec
from sqlalchemy import text

from cms.database.reads import Query
from cms.kernel.actors import EPOCH
from cms.kernel.events import Event, Subject, lawful_grounds
from cms.kernel.hooks import LAST, Hooks
from cms.kernel.work import Ending, Work
from plugins.audit_trail.hashing.canonical import canonical_bytes, timestamp
from plugins.audit_trail.hashing.leaf import SCHEMA_VERSION, Envelope, envelope_bytes, leaf_hash_of
from plugins.audit_trail.hashing.queueing import entry_mac, writer_key
from plugins.audit_trail.writing.circumstances import automated_flags, policy_reference
from plugins.audit_trail.writing.personal import SealedRow, Sealer
from plugins.audit_trail.writing.recordable import state_of
from plugins.audit_trail.writing.writer import Block, Writer

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
    "on_behalf_of": "bigint",
    "channel": "text",
    "request_id": "text",
    "purpose": "text",
    "lgpd_basis": "text",
    "consent_reference": "text",
    "data_subject_id": "text",
    "policy_reference": "text",
    "risk_level": "text",
    "automated_flags": "json",
    "before_state": "json",
    "after_state": "json",
    "event_data": "json",
    "pii_commitment": "bytea",
    "writer_id": "text",
    "writer_seq": "bigint",
    "writer_void": "bigint[]",
}
"""The columns that are written. Address, browser and device lie sealed beside the event."""

_BESIDE = {
    "leaf_hash": "bytea",
    "mac": "bytea",
    "key_id": "bigint",
    "salt": "bytea",
    "ciphertext": "bytea",
    "ip_token": "bytea",
}
"""What goes into the queue and beside the event, by the same statement."""

_NAMES = ", ".join(_TYPES)
# These travel as text: `unnest` would take lists within lists apart.
_AS_TEXT = ("json", "bigint[]")
_GIVEN = ", ".join(
    f"cast(:{name} as {'text' if kind in _AS_TEXT else kind}[])"
    for name, kind in (_TYPES | _BESIDE).items()
)
_CAST = ", ".join(
    f"cast({name} as {kind})" if kind in _AS_TEXT else name for name, kind in _TYPES.items()
)

# Names and types are the constants above; every value is a parameter.
_WRITE = Query(
    text(
        f"""
    with given as (
      select * from unnest({_GIVEN}) as g ({_NAMES}, {", ".join(_BESIDE)})
    ), kept as (
      insert into audit.events ({_NAMES}) select {_CAST} from given
    ), queued as (
      insert into audit.pending (event_id, occurred_at, leaf_hash, writer_id, writer_seq, mac)
      select event_id, occurred_at, leaf_hash, writer_id, writer_seq, mac from given
    ), sealed as (
      insert into audit.personal
        (event_id, occurred_at, tenant_id, key_id, salt, ciphertext, ip_token)
      select event_id, occurred_at, tenant_id, key_id, salt, ciphertext, ip_token from given
      where salt is not null
    )
    select pg_current_xact_id()::text as transaction
    """  # noqa: S608
    )
)


# Where the trail has a database of its own, its rows wait here until they are carried over.
_HAND_OVER = Query(
    text(
        """
    with kept as (
      insert into audit.outbox (event_id, occurred_at, entry)
      select * from unnest(cast(:ids as uuid[]), cast(:moments as timestamptz[]),
                           cast(:entries as json[]))
    )
    select pg_current_xact_id()::text as transaction
    """
    )
)


@dataclass
class Notebook:
    """The events of one unit of work that are not written yet, and how many there were."""

    events: list[Event] = field(default_factory=list)
    count: int = 0


class Seat(NamedTuple):
    """The number of one event among those of its writer, and the numbers that it takes back."""

    writer_id: str
    number: int
    void: tuple[int, ...]


_writer = Writer()
_STATUS = Query(text("select pg_xact_status(cast(cast(:transaction as text) as xid8)) as status"))
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
    if not events:
        return
    await _settle(work)
    sealer = await Sealer.ready(work, events)
    # Nothing waits between the numbers and the statement: neighbours stay neighbours.
    block = _writer.take(len(events))
    told = _Told(block)
    work.when_ended(told.end)
    rows = []
    for event, number in zip(events, block.numbers, strict=True):
        seat = Seat(block.writer_id, number, block.void if number == block.first else ())
        rows.append(_row(work, *told_of(sealer, event, notebook.count, seat)))
        notebook.count += 1
    if work.audit is work:
        kept = await work.put(_WRITE, {name: [row[name] for row in rows] for name in rows[0]})
    else:
        kept = await work.put(
            _HAND_OVER,
            {
                "ids": [row["event_id"] for row in rows],
                "moments": [row["occurred_at"] for row in rows],
                "entries": [_entry(row) for row in rows],
            },
        )
    told.transaction = kept[0].transaction


@dataclass
class _Told:
    """Tells the writer what became of a block."""

    block: Block
    transaction: str | None = None

    def end(self, ending: Ending) -> None:
        _writer.end(self.block, ending, self.transaction)


async def _settle(work: Work) -> None:
    """Ask what became of transactions whose connection was lost at COMMIT: as a rule none."""
    doubtful = _writer.in_doubt()
    while doubtful:
        block, transaction = doubtful[-1]
        try:
            found = await work.fetch(_STATUS, transaction=transaction)
        except BaseException:
            for one, its_transaction in doubtful:
                _writer.end(one, Ending.UNKNOWN, its_transaction)
            raise
        doubtful.pop()
        _writer.settle(block, transaction, found[0].status)


def told_of(
    sealer: Sealer, event: Event, position: int, seat: Seat
) -> tuple[Envelope, SealedRow | None]:
    """What the trail says of the event, and what lies sealed beside it; `position` is its place in
    its unit of work."""
    number = event_id(sealer.work.now, position)
    sealed = sealer.sealed(event, number)
    return envelope_of(sealer, event, number, seat, sealed), sealed


def envelope_of(
    sealer: Sealer, event: Event, number: UUID, seat: Seat, sealed: SealedRow | None
) -> Envelope:
    """What is hashed: references and enumerations, nobody's personal values."""
    work, subject, grounds = sealer.work, event.subject(), lawful_grounds(event)
    version, detail = _version_and_detail(event, subject)
    return Envelope(
        event_id=str(number),
        schema_version=SCHEMA_VERSION,
        occurred_at=timestamp(work.now),
        tenant_id=str(work.tenant_id),
        event_type=_event_type(type(event)),
        action=str(event.tag),
        outcome=event.outcome.value,
        resource_type=subject.type,
        resource_id=_id(subject.id),
        resource_version=version,
        actor_id=_id(work.actor.user_id),
        actor_kind=work.actor.kind.value,
        actor_role=",".join(work.actor.roles) or None,
        on_behalf_of=_id(work.request.on_behalf_of),
        actor_ip=None,
        actor_user_agent=None,
        actor_device=None,
        channel=work.request.channel,
        request_id=work.request.request_id,
        purpose=(work.request.purpose or grounds.purpose).value,
        legal_basis=grounds.basis.value,
        consent_reference=grounds.consent,
        data_subject=sealer.reference(event),
        policy_reference=policy_reference(work.decided),
        risk_level=event.risk.value,
        automated_flags=automated_flags(work, event),
        before=state_of(event.before),
        after=state_of(event.after),
        detail=detail,
        pii_commitment=sealed.commitment.hex() if sealed else None,
        writer_id=seat.writer_id,
        writer_seq=seat.number,
        writer_void=list(seat.void),
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


def _row(work: Work, envelope: Envelope, sealed: SealedRow | None) -> dict[str, Any]:
    leaf = leaf_hash_of(envelope_bytes(envelope))
    key = writer_key(work.sign, envelope.writer_id)
    said = msgspec.structs.asdict(envelope)
    row = {name: said.get(name) for name in _TYPES}
    for name in ("tenant_id", "resource_id", "actor_id", "on_behalf_of"):
        row[name] = None if said[name] is None else int(said[name])
    return row | {
        "event_id": UUID(envelope.event_id),
        "occurred_at": datetime.fromisoformat(envelope.occurred_at),
        "resource_version": _bytes(envelope.resource_version),
        "automated_flags": _json(envelope.automated_flags),
        "before_state": _json(envelope.before),
        "after_state": _json(envelope.after),
        "event_data": _json(envelope.detail),
        "lgpd_basis": envelope.legal_basis,
        "data_subject_id": envelope.data_subject,
        "pii_commitment": sealed.commitment if sealed else None,
        "writer_void": f"{{{','.join(map(str, envelope.writer_void))}}}",
        "leaf_hash": leaf,
        "mac": entry_mac(key, leaf, envelope.writer_id, envelope.writer_seq),
        "key_id": sealed.key_id if sealed else None,
        "salt": sealed.salt if sealed else None,
        "ciphertext": sealed.ciphertext if sealed else None,
        "ip_token": sealed.ip_token if sealed else None,
    }


def _entry(row: Mapping[str, Any]) -> str:
    """The row as one JSON object; JSON within it stays the very text that was hashed."""
    fields = {name: _carried(_TYPES.get(name), value) for name, value in row.items()}
    return msgspec.json.encode(fields).decode()


def _carried(kind: str | None, value: Any) -> Any:
    if value is not None and kind == "json":
        return msgspec.Raw(value.encode())
    if kind == "bigint[]":
        return msgspec.Raw(b"[%b]" % value[1:-1].encode())
    return f"\\x{value.hex()}" if isinstance(value, bytes) else value


def _json(value: Any) -> str | None:
    return None if value is None else canonical_bytes(value).decode()


def _bytes(digest: str | None) -> bytes | None:
    return None if digest is None else bytes.fromhex(digest)


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


@lru_cache(maxsize=1024)
def _event_type(kind: type[Event]) -> str:
    return _CAMEL.sub("_", kind.__name__).lower()
