"""Signatures as they are read: each with whether its row still says what was sealed."""

import base64
from dataclasses import dataclass

from sqlalchemy import and_, select

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from plugins.medical_review.reviewing.reading import may_oversee
from plugins.medical_review.signing.checking import is_sealed
from plugins.medical_review.signing.models import Proof, Signature, SigningKey


@dataclass(frozen=True)
class Read:
    """A signature, the public key that it was sealed with, and whether it is what was sealed."""

    signature: Signature
    public_key: bytes
    is_intact: bool


async def one(work: UnitOfWork, signature_id: int) -> Read:
    """For who oversees reviews, and for who signed; else, and without one, NotFound."""
    found = await _read(work, Signature.id == signature_id)
    if not found:
        raise NotFound("signature", signature_id)
    own = found[0].signature.signer_id == work.actor.user_id
    require(
        own or may_oversee(work),
        "signature.read",
        "Sorry, you are not allowed to see the signatures of others.",
    )
    await work.decide("signature.read", "signature", signature_id, {"medical_context": True})
    return found[0]


async def cades_of(work: UnitOfWork, signature: Signature) -> bytes:
    """The CMS signature (DER) of a qualified one; NotFound where there is none."""
    row = await work.one(
        select(Proof.evidence).where(
            Proof.tenant_id == work.tenant_id, Proof.id == signature.proof_id
        )
    )
    if row is None or "cades" not in row.evidence:
        raise NotFound("ICP-Brasil signature", f"under the signature {signature.id}")
    return base64.b64decode(row.evidence["cades"])


async def about(work: UnitOfWork, kind: str, about_id: int) -> list[Read]:
    """The signatures under one decision, override, correction, …; the caller has asked who may
    see them."""
    return await _read(work, and_(Signature.about_kind == kind, Signature.about_id == about_id))


async def of_text(work: UnitOfWork, post_id: int, content_hash: bytes) -> list[Read]:
    """The signatures about exactly this text of the post."""
    this = and_(Signature.post_id == post_id, Signature.content_hash == content_hash)
    return await _read(work, this)


async def _read(work: UnitOfWork, which: object) -> list[Read]:
    key = and_(SigningKey.tenant_id == Signature.tenant_id, SigningKey.key_id == Signature.key_id)
    rows = await work.all(
        select(Signature, SigningKey.public_key)
        .join(SigningKey, key)
        .where(Signature.tenant_id == work.tenant_id, which)  # type: ignore[arg-type]
        .order_by(Signature.id)
    )
    return [Read(row, public_key, is_sealed(row, public_key)) for row, public_key in rows]
