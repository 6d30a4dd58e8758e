"""Sealed values: what stands in their place, keeping them, opening them, erasing them."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.kernel.work import Work
from cms.sealing.cipher import CannotBeOpened, Place, key_id_of, seal, unseal
from cms.sealing.events import OwnerKind, ValuesErased, ValuesOpened, ValuesSealed
from cms.sealing.keys import Keyring, Purpose
from cms.sealing.models import SealedValue

MARK = "$sealed"
"""No field can have this name, so no value of a field looks like a reference."""

_SALT_BYTES = 32


@dataclass(frozen=True)
class Owner:
    """What sealed values belong to, such as the post 12; 0 is the only one of its kind."""

    kind: OwnerKind
    id: int
    name: str = ""

    @property
    def subject(self) -> str:
        """The kind, with the name of what has no number."""
        return f"{self.kind.value}:{self.name}" if self.name else self.kind.value


@dataclass(frozen=True)
class Opened:
    """A value in clear, and where it belongs."""

    owner: Owner
    field: str
    value: Any


@dataclass(frozen=True)
class SealedRow:
    """A value that is sealed and not yet kept."""

    owner: Owner
    field: str
    commitment: bytes
    key_id: int
    sealed: bytes


class FieldCipher(Protocol):
    """Seals and opens the values of fields. The one of the platform is `PlatformCipher`; one whose
    keys only the tenant's own people hold can take its place."""

    async def seal(
        self, work: UnitOfWork, owner: Owner, values: Mapping[str, Any]
    ) -> dict[str, SealedRow]:
        """Each value, by field, sealed for its owner."""
        ...

    async def open(self, work: UnitOfWork, commitments: Iterable[bytes]) -> dict[bytes, Opened]:
        """The values of commitments, without erased ones; CannotBeOpened for a damaged one."""
        ...


class PlatformCipher:
    """AES-256-GCM with a key for each tenant and purpose, which the installation's key wraps."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring

    async def seal(
        self, work: UnitOfWork, owner: Owner, values: Mapping[str, Any]
    ) -> dict[str, SealedRow]:
        if not values:
            return {}
        key_id, key = await self.keyring.active(work, Purpose.FIELDS)
        rows = {}
        for field, value in values.items():
            salt = secrets.token_bytes(_SALT_BYTES)
            plain = salt + msgspec.json.encode(value, order="deterministic")
            commitment = hashlib.sha256(plain).digest()
            sealed = seal(key, key_id, _place(work.tenant_id, owner, field), plain)
            rows[field] = SealedRow(owner, field, commitment, key_id, sealed)
        return rows

    async def open(self, work: UnitOfWork, commitments: Iterable[bytes]) -> dict[bytes, Opened]:
        wanted = sorted(set(commitments))
        if not wanted:
            return {}
        rows = await work.all(
            select(
                SealedValue.commitment,
                SealedValue.subject,
                SealedValue.subject_id,
                SealedValue.field,
                SealedValue.sealed,
            ).where(SealedValue.tenant_id == work.tenant_id, SealedValue.commitment.in_(wanted))
        )
        keys = await self.keyring.by_id(work, (key_id_of(row.sealed) for row in rows))
        return {row.commitment: _value(work.tenant_id, row, keys) for row in rows}


def _value(tenant_id: int, row: Any, keys: Mapping[int, bytes]) -> Opened:
    key = keys.get(key_id_of(row.sealed))
    if key is None:
        raise CannotBeOpened("The key of a sealed value is not there")
    owner = owner_named(row.subject, row.subject_id)
    plain = unseal(key, _place(tenant_id, owner, row.field), row.sealed)
    # Of the same field at another time: bound to the same place, and yet another value.
    if hashlib.sha256(plain).digest() != row.commitment:
        raise CannotBeOpened("A sealed value stands in the place of another")
    return Opened(owner, row.field, msgspec.json.decode(plain[_SALT_BYTES:]))


def owner_named(subject: str, subject_id: int) -> Owner:
    """The owner whose `subject` this is."""
    kind, _, name = subject.partition(":")
    return Owner(OwnerKind(kind), subject_id, name)


def _place(tenant_id: int, owner: Owner, field: str) -> Place:
    return Place(tenant_id, "sealed_values", owner.subject, owner.id, field)


def resealed(tenant_id: int, row: Any, keys: Mapping[int, bytes], key_id: int, key: bytes) -> bytes:
    """What a row seals, sealed with another key; CannotBeOpened as when it is read."""
    place = _place(tenant_id, owner_named(row.subject, row.subject_id), row.field)
    return seal(key, key_id, place, unseal(keys[key_id_of(row.sealed)], place, row.sealed))


def reference(commitment: bytes) -> dict[str, str]:
    """What stands in the place of a sealed value."""
    return {MARK: commitment.hex()}


def is_sealed(value: Any) -> bool:
    """Whether this stands in the place of a sealed value."""
    return isinstance(value, dict) and value.keys() == {MARK}


def commitment_of(value: Mapping[str, str]) -> bytes:
    """The commitment that a reference names."""
    return bytes.fromhex(value[MARK])


async def keep(work: Work, rows: Iterable[SealedRow]) -> None:
    """Store sealed values in the transaction of what refers to them."""
    kept: dict[Owner, list[str]] = {}
    for row in rows:
        await work.execute(
            insert(SealedValue).values(
                tenant_id=work.tenant_id,
                commitment=row.commitment,
                subject=row.owner.subject,
                subject_id=row.owner.id,
                field=row.field,
                key_id=row.key_id,
                sealed=row.sealed,
                created_at=work.now,
            )
        )
        kept.setdefault(row.owner, []).append(row.field)
    for owner, fields in kept.items():
        told = {"fields": sorted(fields)}
        await work.emit(ValuesSealed(kind=owner.kind, subject_id=owner.id, after=told))


async def tell_opened(work: Work, owner: Owner, fields: Iterable[str]) -> None:
    """Record that the actor gets to see sealed values, in the transaction of the answer."""
    told = {"fields": sorted(fields)}
    await work.emit(ValuesOpened(kind=owner.kind, subject_id=owner.id, after=told))


async def erase(work: Work, owner: Owner) -> int:
    """Let nobody read the sealed values of a subject ever again, in no revision; how many there
    were. What refers to them stays as it is, and its hashes stay true."""
    mine = (
        SealedValue.tenant_id == work.tenant_id,
        SealedValue.subject == owner.subject,
        SealedValue.subject_id == owner.id,
    )
    rows = await work.all(select(SealedValue.field).where(*mine).with_for_update())
    fields = sorted({row.field for row in rows})
    if fields:
        await work.execute(delete(SealedValue).where(*mine))
        told = {"fields": fields}
        await work.emit(ValuesErased(kind=owner.kind, subject_id=owner.id, after=told))
    return len(fields)
