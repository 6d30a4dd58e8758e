"""The keys of tenants: made when first needed, wrapped in the database, remembered for a while."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from cms.database.reads import Query
from cms.database.work import UnitOfWork
from cms.sealing.cipher import KEY_BYTES, CannotBeOpened, Place, PlatformKey
from cms.sealing.events import KeyDestroyed, KeyMade, KeyRetired, KeysRewrapped
from cms.sealing.models import EncryptionKey, SealedValue

ALGORITHM = "AES-256-GCM"
LIFE = timedelta(days=365)
REMEMBER_SECONDS = 60.0
MOST_REMEMBERED = 1_000
# What is left of a key that was destroyed: its row, as the register of it.
DESTROYED = b""
_ACTIVE = Query(
    text(
        "select key_id, key_version, purpose, wrapped_key, created_at from cms.encryption_keys "
        "where tenant_id = :tenant and purpose = :purpose and status = 'active'"
    )
)
_HOLD = text("select pg_advisory_xact_lock(hashtextextended(:name, 0))")


class Purpose(StrEnum):
    """What a key is for; a value of one is never sealed with the key of another."""

    FIELDS = "field_encryption"
    REFERENCES = "audit_reference"
    PERSONAL = "audit_personal"
    SIGNATURES = "signatures"


_ABOUT = {
    Purpose.FIELDS: "Sensitive values of custom fields and meta (LGPD, art. 11 and 46)",
    Purpose.REFERENCES: "References to people in the audit trail (LGPD, art. 13, § 4)",
    Purpose.PERSONAL: "Personal values of the audit trail (LGPD, art. 37 and 46)",
    Purpose.SIGNATURES: "Seals what people sign here, as the seed of an Ed25519 key (RFC 8032)",
}
_ALGORITHM = {Purpose.SIGNATURES: "Ed25519"}


def of_person(reference: str) -> str:
    """The purpose of the key of one person: what it seals goes when it is destroyed."""
    return f"{Purpose.PERSONAL}/{reference}"


_OF_PERSONS = f"{Purpose.PERSONAL}/"


class Keyring:
    """Opens the wrapped keys. What it remembers is forgotten after a minute, so that a key that was
    retired elsewhere is not used for long."""

    def __init__(self, platform: PlatformKey) -> None:
        self._platform = platform
        self._known: OrderedDict[tuple[int, int], tuple[float, bytes]] = OrderedDict()
        self._newest: OrderedDict[tuple[int, str], tuple[float, int, bytes]] = OrderedDict()

    async def active(self, work: UnitOfWork, purpose: str) -> tuple[int, bytes]:
        """The key that new values are sealed with; the first one is made now."""
        row = await self._active(work, purpose)
        if row is None:
            await work.execute(_HOLD, {"name": f"{work.tenant_id}/keys/{purpose}"})
            row = await self._active(work, purpose)
        if row is None:
            version = await self._latest_version(work, purpose) + 1
            return await self.make(work, purpose, version=version)
        key = self._opened(work.tenant_id, row)
        if row.created_at != work.now:  # one that this work has made may still be rolled back
            self._newest[work.tenant_id, purpose] = (time.monotonic(), row.key_id, key)
            while len(self._newest) > MOST_REMEMBERED:
                self._newest.popitem(last=False)
        return row.key_id, key

    async def newest(self, work: UnitOfWork, purpose: str) -> tuple[int, bytes]:
        """The same as it was within the last minute, without a question to the database."""
        at, key_id, key = self._newest.get((work.tenant_id, purpose), (float("-inf"), 0, b""))
        if time.monotonic() - at < REMEMBER_SECONDS:
            return key_id, key
        return await self.active(work, purpose)

    async def every(self, work: UnitOfWork, purpose: str) -> dict[int, bytes]:
        """All keys that a purpose has had and that were not destroyed, by id."""
        model = EncryptionKey
        rows = await work.all(
            select(model.key_id, model.purpose, model.wrapped_key).where(
                model.tenant_id == work.tenant_id,
                model.purpose == purpose,
                model.wrapped_key != DESTROYED,
            )
        )
        return {row.key_id: self._opened(work.tenant_id, row) for row in rows}

    async def destroy(self, work: UnitOfWork, purposes: Iterable[str]) -> list[int]:
        """Let nobody ever open again what the keys of these purposes have sealed; their ids. The
        rows stay as the register of what was destroyed."""
        model, wanted = EncryptionKey, set(purposes)
        rows = await work.all(
            select(model.key_id)
            .where(
                model.tenant_id == work.tenant_id,
                model.purpose.in_(sorted(wanted)),
                model.wrapped_key != DESTROYED,
            )
            .with_for_update()
        )
        for row in rows:
            left = {"status": "retired", "wrapped_key": DESTROYED}
            await work.execute(_of(work, row.key_id).values(**left))
            await work.emit(KeyDestroyed(key_id=row.key_id))
        gone = [row.key_id for row in rows]
        forget = partial(self._forget, work.tenant_id, wanted, gone)
        forget()
        work.afterwards(forget)  # somebody may have asked in between
        return gone

    async def by_id(self, work: UnitOfWork, ids: Iterable[int]) -> dict[int, bytes]:
        """The keys that values were sealed with; retired ones too, as long as their rows stand."""
        wanted = set(ids)
        found = {one: key for one in wanted if (key := self._remembered(work.tenant_id, one))}
        if missing := sorted(wanted - found.keys()):
            rows = await work.all(
                select(EncryptionKey.key_id, EncryptionKey.purpose, EncryptionKey.wrapped_key)
                .where(EncryptionKey.tenant_id == work.tenant_id)
                .where(EncryptionKey.key_id.in_(missing), EncryptionKey.wrapped_key != DESTROYED)
            )
            found |= {row.key_id: self._opened(work.tenant_id, row) for row in rows}
        return found

    async def make(self, work: UnitOfWork, purpose: str, *, version: int) -> tuple[int, bytes]:
        """A new active key; whoever calls has seen to it that there is no other."""
        key = secrets.token_bytes(KEY_BYTES)
        key_id = await work.next_id("encryption_key")
        about = Purpose(purpose.partition("/")[0])
        wrapped = self._platform.wrap(_place(work.tenant_id, purpose, key_id), key)
        await work.execute(
            insert(EncryptionKey).values(
                tenant_id=work.tenant_id,
                key_id=key_id,
                purpose=str(purpose),
                key_version=version,
                algorithm=_ALGORITHM.get(about, ALGORITHM),
                status="active",
                wrapped_key=wrapped,
                created_at=work.now,
                activated_at=work.now,
                expires_at=work.now + LIFE,
                purpose_description=_ABOUT[about],
                compliance_requirements={"law": "LGPD"},
                admin_accessible=True,
            )
        )
        await work.emit(KeyMade(key_id=key_id, key_version=version))
        return key_id, key

    async def replace(self, work: UnitOfWork, purpose: str) -> int:
        """Begin a rotation: a new active key; the one before is rotating until `retire`."""
        await work.execute(_HOLD, {"name": f"{work.tenant_id}/keys/{purpose}"})
        before = await self._active(work, purpose)
        if before is None:
            return (await self.make(work, purpose, version=1))[0]
        await work.execute(_of(work, before.key_id).values(status="rotating"))
        key_id, _ = await self.make(work, purpose, version=before.key_version + 1)
        await work.execute(_of(work, before.key_id).values(rotated_to_key_id=key_id))
        return key_id

    async def retire(self, work: UnitOfWork) -> list[int]:
        """Retire the rotating keys that nothing is sealed with any more; their ids."""
        used = select(SealedValue.key_id).where(
            SealedValue.tenant_id == work.tenant_id, SealedValue.key_id == EncryptionKey.key_id
        )
        rows = await work.all(
            select(EncryptionKey.key_id)
            .where(EncryptionKey.tenant_id == work.tenant_id)
            .where(EncryptionKey.status == "rotating", ~used.exists())
        )
        for row in rows:
            await work.execute(_of(work, row.key_id).values(status="retired"))
            await work.emit(KeyRetired(key_id=row.key_id))
        return [row.key_id for row in rows]

    async def rewrap(self, work: UnitOfWork, new: PlatformKey) -> int:
        """Wrap all keys of the tenant by another platform key; how many there are. Every process
        needs the new one afterwards."""
        model = EncryptionKey
        rows = await work.all(
            select(model.key_id, model.purpose, model.wrapped_key)
            .where(model.tenant_id == work.tenant_id, model.wrapped_key != DESTROYED)
            .with_for_update()
        )
        for row in rows:
            place = _place(work.tenant_id, row.purpose, row.key_id)
            wrapped = new.wrap(place, self._platform.unwrap(place, row.wrapped_key))
            await work.execute(_of(work, row.key_id).values(wrapped_key=wrapped))
        if rows:
            await work.emit(KeysRewrapped())
        return len(rows)

    def forget(self) -> None:
        """Unwrap every key again at the next use."""
        self._known.clear()
        self._newest.clear()

    def _forget(self, tenant_id: int, purposes: Iterable[str], key_ids: Iterable[int]) -> None:
        for purpose in purposes:
            self._newest.pop((tenant_id, purpose), None)
        for key_id in key_ids:
            self._known.pop((tenant_id, key_id), None)

    async def _active(self, work: UnitOfWork, purpose: str) -> Any:
        values = {"tenant": work.tenant_id, "purpose": str(purpose)}
        rows = await work.fetch(_ACTIVE, **values)
        return rows[0] if rows else None

    async def _latest_version(self, work: UnitOfWork, purpose: str) -> int:
        row = await work.one(
            select(func.coalesce(func.max(EncryptionKey.key_version), 0)).where(
                EncryptionKey.tenant_id == work.tenant_id, EncryptionKey.purpose == str(purpose)
            )
        )
        return int(row[0])

    def _opened(self, tenant_id: int, row: Any) -> bytes:
        place = _place(tenant_id, row.purpose, row.key_id)
        key = self._platform.unwrap(place, row.wrapped_key)
        self._known[tenant_id, row.key_id] = (time.monotonic(), key)
        while len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return key

    def _remembered(self, tenant_id: int, key_id: int) -> bytes | None:
        at, key = self._known.get((tenant_id, key_id), (float("-inf"), b""))
        return key if time.monotonic() - at < REMEMBER_SECONDS else None


async def listed(work: UnitOfWork) -> list[dict[str, Any]]:
    """The keys of the tenant, oldest first, with how many values each one seals. Those of single
    people are not listed: there are as many as people."""
    model = EncryptionKey
    sealed = (
        select(func.count())
        .where(SealedValue.tenant_id == model.tenant_id, SealedValue.key_id == model.key_id)
        .correlate(model)
        .scalar_subquery()
    )
    rows = await work.all(
        select(model, sealed.label("values"))
        .where(model.tenant_id == work.tenant_id, ~model.purpose.startswith(_OF_PERSONS))
        .order_by(model.key_id)
    )
    return [
        {
            "key_id": row[0].key_id,
            "purpose": row[0].purpose,
            "version": row[0].key_version,
            "status": row[0].status,
            "algorithm": row[0].algorithm,
            "created_at": row[0].created_at,
            "expires_at": row[0].expires_at,
            "rotated_to": row[0].rotated_to_key_id,
            "values": row[1],
        }
        for row in rows
    ]


async def shut_keys(work: UnitOfWork, platform: PlatformKey) -> list[int]:
    """The ids of the tenant's keys that this platform key does not open."""
    model = EncryptionKey
    rows = await work.all(
        select(model.key_id, model.purpose, model.wrapped_key).where(
            model.tenant_id == work.tenant_id, model.wrapped_key != DESTROYED
        )
    )
    return [row.key_id for row in rows if not _opens(platform, work.tenant_id, row)]


def _opens(platform: PlatformKey, tenant_id: int, row: Any) -> bool:
    try:
        platform.unwrap(_place(tenant_id, row.purpose, row.key_id), row.wrapped_key)
    except CannotBeOpened:
        return False
    return True


def _place(tenant_id: int, purpose: str, key_id: int) -> Place:
    return Place(tenant_id, "encryption_keys", str(purpose), key_id, "wrapped_key")


def _of(work: UnitOfWork, key_id: int) -> Any:
    return update(EncryptionKey).where(
        EncryptionKey.tenant_id == work.tenant_id, EncryptionKey.key_id == key_id
    )
