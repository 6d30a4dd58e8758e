"""/api/v1/reviews/signatures and /keys: what was signed, and what it is checked with."""

from typing import Any

import msgspec
from litestar import Response

from cms.api.routing import get
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from plugins.medical_review.reviewing.reading import may_oversee
from plugins.medical_review.signing import keys, reading
from plugins.medical_review.signing.checking import document_of
from plugins.medical_review.signing.reading import Read


class SealOut(msgspec.Struct, frozen=True):
    """An Ed25519 seal; `kid` is the thumbprint of its key (RFC 7638), `value` is base64url."""

    alg: str
    kid: str
    value: str


class SignatureOut(msgspec.Struct, frozen=True):
    """A signature as `cms review verify` checks it offline. `is_intact` is false when its row was
    altered; a file is worth what its own check says."""

    type: str
    record: dict[str, Any]
    hash: str
    seal: SealOut
    is_intact: bool

    @classmethod
    def of(cls, read: Read) -> "SignatureOut":
        said = {**document_of(read.signature, read.public_key), "is_intact": read.is_intact}
        return msgspec.convert(said, cls)


class KeysOut(msgspec.Struct, frozen=True):
    """A JWK set (RFC 7517, RFC 8037)."""

    keys: list[dict[str, Any]]


@get("/keys", action="signing_key.list", resource="signing_key")
async def list_keys(work: UnitOfWork) -> KeysOut:
    """Every public key that signatures of this site were sealed with; old ones stay."""
    return KeysOut(await keys.published(work))


@get("/signatures/{signature_id:int}", action="signature.read", resource="signature")
async def read_signature(signature_id: int, work: UnitOfWork) -> SignatureOut:
    """One signature, as a file that can be checked without this site."""
    return SignatureOut.of(await reading.one(work, signature_id))


@get("/signatures/of/{kind:str}/{about_id:int}", action="signature.read", resource="signature")
async def list_signatures(kind: str, about_id: int, work: UnitOfWork) -> list[SignatureOut]:
    """The signatures under a decision, an override, a correction, …"""
    require(
        may_oversee(work),
        "signature.read",
        "Sorry, you are not allowed to see the signatures of others.",
    )
    return [SignatureOut.of(read) for read in await reading.about(work, kind, about_id)]


@get("/signatures/{signature_id:int}/cades", action="signature.read", resource="signature")
async def read_cades(signature_id: int, work: UnitOfWork) -> Response[bytes]:
    """The ICP-Brasil signature that a qualified one rests on, with the chain of its certificate."""
    signed = (await reading.one(work, signature_id)).signature
    return Response(
        await reading.cades_of(work, signed),
        media_type="application/pkcs7-signature",
        headers={"Cache-Control": "no-store"},
    )


routes = [list_keys, read_signature, list_signatures, read_cades]
