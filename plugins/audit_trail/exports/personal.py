"""Opened personal values beside the events: what is sealed, what it says, and what was erased."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import text

from cms.database.reads import Query
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing
from plugins.audit_trail.exports.covering import LogAltered
from plugins.audit_trail.exports.evidence_files import Draft
from plugins.audit_trail.exports.reading import Entry
from plugins.audit_trail.officers.opening import OPEN
from plugins.audit_trail.writing.personal import Personal, commitment_of, open_personal

_SEALED = Query(
    text(
        "select p.event_id, p.salt, p.ciphertext "
        "from unnest(cast(:ids as uuid[]), cast(:times as timestamptz[])) as w (event_id, at) "
        "join audit.sealed_personal p on p.occurred_at = w.at and p.event_id = w.event_id"
    )
)
_NOTHING = Personal()


class _Bound(NamedTuple):
    event_id: UUID
    timestamp: datetime
    commitment: str


class _Committed(msgspec.Struct):
    event_id: UUID
    occurred_at: datetime
    pii_commitment: str | None


class Opening:
    """Writes personal.jsonl in the order of the events; `counts` says how many are opened, erased,
    and sealed with a key that is gone."""

    def __init__(self, work: UnitOfWork, draft: Draft) -> None:
        if not work.actor.has(OPEN):
            raise CapabilityMissing(
                f"Opening personal values of the audit trail needs the capability {OPEN}; the data "
                "protection officer has it. The events can be exported without them.",
                action="audit.export",
            )
        self._work, self._file = work, draft.file("personal.jsonl")
        self.counts = {"opened": 0, "erased": 0, "unreadable": 0}

    async def take(self, entries: Sequence[Entry]) -> dict[str, Mapping[str, Any]]:
        """The opened values of these events by event id, under the keys of the envelope."""
        bound = [row for row in map(_bound, entries) if row is not None]
        if not bound:
            return {}
        ids, times = [row.event_id for row in bound], [row.timestamp for row in bound]
        rows = await self._work.audit.fetch(_SEALED, ids=ids, times=times)
        sealed = {UUID(str(row.event_id)): (row.salt, row.ciphertext) for row in rows}
        opened = await open_personal(self._work, bound)
        for row in bound:
            salt, ciphertext = sealed.get(row.event_id, (None, None))
            self._write(row, salt, ciphertext, opened.get(row.event_id, _NOTHING))
        return {
            str(event_id): {
                "actor_ip": found.ip,
                "actor_user_agent": found.user_agent,
                "actor_device": found.device,
            }
            for event_id, found in opened.items()
        }

    def _write(
        self, row: _Bound, salt: bytes | None, ciphertext: bytes | None, found: Personal
    ) -> None:
        line: dict[str, Any] = {"event_id": str(row.event_id), "erased": salt is None}
        if salt is None or ciphertext is None:
            self.counts["erased"] += 1
            # Null where nobody has recorded an erasure: the row is simply not there.
            line["erased_at"] = found.erased_at
        else:
            if commitment_of(salt, ciphertext, row.event_id).hex() != row.commitment:
                raise LogAltered(f"The personal values of event {row.event_id} were altered.")
            self.counts["unreadable" if found.is_unreadable else "opened"] += 1
            line["salt"] = b64encode(salt).decode()
            line["ciphertext"] = b64encode(ciphertext).decode()
            said = {name: getattr(found, name) for name in ("ip", "user_agent", "device", "values")}
            line["plaintext"] = None if found.is_unreadable else said
        self._file.write(msgspec.json.encode(line) + b"\n")


def _bound(entry: Entry) -> _Bound | None:
    event = msgspec.json.decode(entry.canonical, type=_Committed)
    if event.pii_commitment is None:
        return None
    return _Bound(event.event_id, event.occurred_at, event.pii_commitment)
