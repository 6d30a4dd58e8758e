"""The bytes that are hashed, signed and sealed; docs/reference/signed-bytes.md says it in words.

Nothing here looks into a database: whoever has the documents and the public keys checks with it.
"""

import base64
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from plugins.medical_review.signing.models import Signature

TO_SIGN = b"cms-to-sign-v1\n"
RECORD = b"cms-signature-v1\n"
SEAL = b"cms-signature-seal-v1\n"
CERTIFICATE = b"cms-certificate-v1\n"
CERTIFICATE_SEAL = b"cms-certificate-seal-v1\n"

MEANINGS = ("review", "approval", "responsibility", "authorship")
"""What a signature can mean (21 CFR 11.50 (a) (3))."""


class ToSign(msgspec.Struct, frozen=True):
    """What a person puts her name to, known before anybody knows when and how she does."""

    tenant: int
    signer: int | None
    kind: str
    meaning: str
    content_hash: str
    statement: dict[str, Any]

    @property
    def canonical(self) -> bytes:
        """RFC 8785 (JCS); what an ICP-Brasil signature is made over."""
        return TO_SIGN + rfc8785.dumps(msgspec.to_builtins(self))

    @property
    def hash(self) -> bytes:
        """SHA-256 of the canonical bytes; what a passkey's challenge is made from."""
        return hashlib.sha256(self.canonical).digest()


def to_sign_of(record: Mapping[str, Any]) -> ToSign:
    """What the signer of a record put her name to."""
    return ToSign(
        tenant=record["tenant"],
        signer=record["signer"]["user"],
        kind=record["about"]["kind"],
        meaning=record["meaning"],
        content_hash=record["content_hash"],
        statement=dict(record["statement"]),
    )


def record_of(row: Signature) -> dict[str, Any]:
    """A signature with all that 21 CFR 11.50 wants to be read beside it."""
    return {
        "tenant": row.tenant_id,
        "signature": row.id,
        "about": {"kind": row.about_kind, "id": row.about_id},
        "post": row.post_id,
        "content_hash": row.content_hash.hex(),
        "statement": row.statement,
        "meaning": row.meaning,
        "signer": {
            "user": row.signer_id,
            "name": row.signer_name,
            "registration": row.registration,
            "roles": list(row.roles),
        },
        "byline": row.byline,
        "on_behalf_of": row.on_behalf_of,
        "authentication": {
            "method": row.method,
            "factors": list(row.factors),
            "at": moment(row.authenticated_at),
        },
        "level": row.level,
        "evidence": row.evidence,
        "signed_at": moment(row.signed_at),
        "request": row.request_id,
    }


def hash_of(record: Mapping[str, Any]) -> bytes:
    """SHA-256 over a version prefix and the JCS of the record."""
    return hashlib.sha256(RECORD + rfc8785.dumps(dict(record))).digest()


def certificate_hash(document: Mapping[str, Any]) -> bytes:
    """The same for the document of a certificate."""
    return hashlib.sha256(CERTIFICATE + rfc8785.dumps(dict(document))).digest()


def moment(at: datetime) -> str:
    """`2026-11-21T20:15:00.123456Z`: always UTC, always six digits."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def jwk(public_key: bytes) -> dict[str, str]:
    """An Ed25519 public key as RFC 8037 writes it; `kid` is its thumbprint (RFC 7638)."""
    named = {"crv": "Ed25519", "kty": "OKP", "x": base64url(public_key)}
    kid = base64url(hashlib.sha256(rfc8785.dumps(named)).digest())
    return {**named, "kid": kid, "alg": "EdDSA", "use": "sig"}


def kid_of(public_key: bytes) -> str:
    """The name of a public key: it follows from the key, so nobody can give it to another."""
    return jwk(public_key)["kid"]


def public_key_of(key: Mapping[str, Any]) -> Ed25519PublicKey:
    """The key that a JWK holds; ValueError when it is none, or says a name that is not its own."""
    if key.get("kty") != "OKP" or key.get("crv") != "Ed25519" or not isinstance(key.get("x"), str):
        raise ValueError("only Ed25519 keys (RFC 8037) are known")
    raw = unbase64url(key["x"])
    if key.get("kid", kid_of(raw)) != kid_of(raw):
        raise ValueError(f"the key that calls itself {key['kid']!r:.60} is {kid_of(raw)}")
    return Ed25519PublicKey.from_public_bytes(raw)


def base64url(value: bytes) -> str:
    """Without padding, as in RFC 7515 §2."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def unbase64url(value: str) -> bytes:
    """ValueError for what is no base64url."""
    return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
