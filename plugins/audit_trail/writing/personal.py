"""Personal values of an event: sealed beside it, bound to it by a commitment, erasable.

Network address, browser, device and what the event itself calls personal never stand in the
envelope. They are sealed (AES-256-GCM) with the key of the person whom they tell of, and the leaf
holds SHA-256(03 || salt || ciphertext || event id). Without the key, the
salt and the ciphertext nobody can say what was committed to, and every proof stays true.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple, Self
from uuid import UUID

import msgspec
from sqlalchemy import text

from cms.database.reads import Query
from cms.kernel.actors import Method
from cms.kernel.events import Event
from cms.kernel.lawfulness import DataSubject
from cms.kernel.work import ReadableWork, Work
from cms.sealing.cipher import CannotBeOpened, Place, seal, unseal
from plugins.audit_trail.writing.people import (
    References,
    SealingKey,
    key_of,
    keys_by_id,
    references,
)
from plugins.audit_trail.writing.recordable import recordable_text, state_of

SALT_BYTES = 32
_TABLE = "audit.personal"

_ROWS = Query(
    text(
        "select p.event_id, p.key_id, p.salt, p.ciphertext, p.erased_at, "
        "p.commitment "
        "from unnest(cast(:ids as uuid[]), cast(:times as timestamptz[])) as w (event_id, at) "
        "join audit.sealed_personal p on p.occurred_at = w.at and p.event_id = w.event_id"
    )
)


class SealedRow(NamedTuple):
    """One row of audit.personal, and the commitment that the leaf holds."""

    commitment: bytes
    key_id: int
    salt: bytes
    ciphertext: bytes
    ip_token: bytes | None


class Personal(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer sees. Erased: nothing is left, and `erased_at` says since when. Unreadable:
    what is stored is not what was sealed; `cms audit verify` tells more."""

    ip: str | None = None
    user_agent: str | None = None
    device: str | None = None
    values: dict[str, Any] | None = None
    erased_at: datetime | None = None
    is_unreadable: bool = False


class _Content(msgspec.Struct, omit_defaults=True):
    ip: str | None = None
    user_agent: str | None = None
    device: str | None = None
    values: dict[str, Any] | None = None

    @property
    def is_empty(self) -> bool:
        return self == _Content()


@dataclass
class Sealer:
    """What a unit of work needs to write its events: asked for before the first is numbered, so
    that nothing waits afterwards."""

    work: Work
    references: References | None = None
    keys: dict[str | None, SealingKey] = field(default_factory=dict)

    @classmethod
    async def ready(cls, work: Work, events: Sequence[Event]) -> Self:
        sealer = cls(work)
        is_local = work.request.ip is None and work.request.user_agent is None
        for event in events:
            whom, has_values = event.data_subject(), not is_local or event.personal is not None
            if whom is None and not has_values:
                continue
            if sealer.references is None:
                sealer.references = await references(work)
            reference = sealer._whose(event)
            if has_values and reference not in sealer.keys:
                sealer.keys[reference] = await key_of(work, reference)
        return sealer

    def reference(self, event: Event) -> str | None:
        """What stands for the person whom the event is about."""
        whom = event.data_subject()
        return self.references.of(whom) if whom is not None and self.references else None

    def sealed(self, event: Event, event_id: UUID) -> SealedRow | None:
        """The personal values of the event, or None where there are none."""
        content = self._content(event)
        if content.is_empty or self.references is None:
            return None
        key = self.keys[self._whose(event)]
        salt = os.urandom(SALT_BYTES)
        place = place_of(self.work.tenant_id, event_id)
        ciphertext = seal(key.key, key.id, place, msgspec.json.encode(content))
        token = self.references.of_address(content.ip) if content.ip else None
        return SealedRow(commitment_of(salt, ciphertext, event_id), key.id, salt, ciphertext, token)

    def _whose(self, event: Event) -> str | None:
        """One row has one key, of the person whom its values tell of: of who acted where they are
        only address, browser and device; of the person whom the event is about where it says more,
        or where nobody knows who acted."""
        number = self.work.actor.user_id
        actor = None if number is None else DataSubject.user(number)
        is_hers = event.personal is not None or actor is None
        whom = (event.data_subject() or actor) if is_hers else actor
        return self.references.of(whom) if whom is not None and self.references else None

    def _content(self, event: Event) -> _Content:
        request = self.work.request
        agent = recordable_text(request.user_agent) if request.user_agent else None
        return _Content(request.ip, agent, self._device(agent), state_of(event.personal))

    def _device(self, agent: str | None) -> str | None:
        """One of a person's browsers or applications. A token or a session is new at each sign-in
        and says nothing of the device; an application password is one installation."""
        actor = self.work.actor
        if actor.user_id is None or agent is None or self.references is None:
            return None
        proof = actor.authentication
        is_installation = proof.method is Method.APPLICATION_PASSWORD
        person = f"{actor.user_id}/{proof.credential if is_installation else ''}"
        return self.references.of_device(person, agent)


def commitment_of(salt: bytes, ciphertext: bytes, event_id: UUID) -> bytes:
    """SHA-256(03 || salt || ciphertext || event id); 03 keeps it apart from the other hashes."""
    return sha256(b"\x03" + salt + ciphertext + event_id.bytes).digest()


def place_of(tenant_id: int, event_id: UUID) -> Place:
    """What the ciphertext is bound to: it opens beside its event and nowhere else."""
    return Place(tenant_id, _TABLE, "event", 0, str(event_id))


async def open_personal(work: ReadableWork, rows: Iterable[Any]) -> dict[UUID, Personal]:
    """The personal values of events (anything with `event_id` and `timestamp`), by event. Whoever
    calls has asked for the capability and records that they were opened."""
    wanted = [(UUID(str(row.event_id)), row.timestamp) for row in rows]
    if not wanted:
        return {}
    ids, times = zip(*wanted, strict=True)
    found = await work.audit.fetch(_ROWS, ids=list(ids), times=list(times))
    keys = await keys_by_id(work, {row.key_id for row in found})  # type: ignore[arg-type]
    return {UUID(str(row.event_id)): _opened(work.tenant_id, row, keys) for row in found}


def _opened(tenant_id: int, row: Any, keys: dict[int, bytes]) -> Personal:
    if row.erased_at is not None:
        return Personal(erased_at=row.erased_at)
    event_id = UUID(str(row.event_id))
    key = keys.get(row.key_id)
    if key is None or commitment_of(row.salt, row.ciphertext, event_id) != row.commitment:
        return Personal(is_unreadable=True)
    try:
        plain = unseal(key, place_of(tenant_id, event_id), row.ciphertext)
    except CannotBeOpened:
        return Personal(is_unreadable=True)
    return Personal(**msgspec.structs.asdict(msgspec.json.decode(plain, type=_Content)))
