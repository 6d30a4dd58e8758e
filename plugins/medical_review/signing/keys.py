"""The Ed25519 keys that seal signatures: one of the tenant, made at its first signature."""

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.kernel.work import ReadableWork
from cms.sealing.keys import Keyring, Purpose
from plugins.medical_review.signing.events import SigningKeyMade
from plugins.medical_review.signing.models import SigningKey
from plugins.medical_review.signing.statements import jwk, kid_of, moment


@dataclass(frozen=True)
class Sealer:
    """Seals in the name of the tenant."""

    key_id: int
    key: Ed25519PrivateKey

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def kid(self) -> str:
        return kid_of(self.public_key)

    def seal(self, purpose: bytes, digest: bytes) -> bytes:
        """64 bytes over `purpose`, which no other kind of document begins with, and a hash."""
        return self.key.sign(purpose + digest)


async def sealer(work: UnitOfWork) -> Sealer:
    """The key that is used now; the first one is made now."""
    found = _sealer(*await _keyring(work).newest(work, Purpose.SIGNATURES))
    await _register(work, found)
    return found


async def rotate(work: UnitOfWork) -> Sealer:
    """A new key for what is signed from now on. The public half of the one before stays, and what
    it sealed stays as good as it was. Other processes follow within a minute."""
    keyring = _keyring(work)
    await keyring.replace(work, Purpose.SIGNATURES)
    work.afterwards(keyring.forget)
    found = _sealer(*await keyring.active(work, Purpose.SIGNATURES))
    await _register(work, found)
    return found


async def published(work: ReadableWork) -> list[dict[str, Any]]:
    """Every public key that the tenant has had, the oldest first, as JWKs (RFC 7517) that say when
    each was made."""
    rows = await work.all(
        select(SigningKey.public_key, SigningKey.made_at)
        .where(SigningKey.tenant_id == work.tenant_id)
        .order_by(SigningKey.key_id)
    )
    return [{**jwk(row.public_key), "made_at": moment(row.made_at)} for row in rows]


async def public_key(work: ReadableWork, key_id: int) -> bytes:
    """The public half of one key."""
    row = await work.one(
        select(SigningKey.public_key).where(
            SigningKey.tenant_id == work.tenant_id, SigningKey.key_id == key_id
        )
    )
    return bytes(row.public_key)


def _sealer(key_id: int, seed: bytes) -> Sealer:
    return Sealer(key_id, Ed25519PrivateKey.from_private_bytes(seed))


async def _register(work: UnitOfWork, made: Sealer) -> None:
    known = await work.one(
        select(SigningKey.key_id).where(
            SigningKey.tenant_id == work.tenant_id, SigningKey.key_id == made.key_id
        )
    )
    if known is not None:
        return
    values = {
        "tenant_id": work.tenant_id,
        "key_id": made.key_id,
        "public_key": made.public_key,
        "made_at": work.now,
    }
    await work.execute(insert(SigningKey).values(**values).on_conflict_do_nothing())
    await work.emit(SigningKeyMade(key_id=made.key_id, after={"kid": made.kid}))


def _keyring(work: UnitOfWork) -> Keyring:
    if work.cipher is None:
        raise LookupError("this process has no keys, so nothing can be signed in it")
    keyring: Keyring = work.cipher.keyring
    return keyring
