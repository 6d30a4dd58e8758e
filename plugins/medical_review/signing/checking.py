"""Whether a signature says what was signed: with its document and public keys, nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from plugins.medical_review.signing.assertions import evidence_faults
from plugins.medical_review.signing.models import Signature
from plugins.medical_review.signing.statements import (
    SEAL,
    base64url,
    hash_of,
    kid_of,
    public_key_of,
    record_of,
    to_sign_of,
    unbase64url,
)

SIGNATURE = "cms-signature-v1"

Keys = Mapping[str, Ed25519PublicKey]


def document_of(row: Signature, public_key: bytes) -> dict[str, Any]:
    """A signature as a file that is checked without any database."""
    return {
        "type": SIGNATURE,
        "record": record_of(row),
        "hash": row.hash.hex(),
        "seal": {"alg": "EdDSA", "kid": kid_of(public_key), "value": base64url(row.seal)},
    }


def keys_of(jwks: Mapping[str, Any]) -> Keys:
    """The keys of a JWK set (RFC 7517) by name; ValueError when one of them is no Ed25519 key."""
    keys = [public_key_of(key) for key in jwks["keys"]]
    return {kid_of(key.public_bytes_raw()): key for key in keys}


def signature_faults(document: Mapping[str, Any], keys: Keys) -> Iterator[str]:
    """What is wrong with a document of `document_of`; nothing is when it holds."""
    record = document["record"]
    digest = hash_of(record)
    if digest.hex() != document["hash"]:
        yield "its record is not the one that its hash was made from"
    yield from seal_faults(SEAL, digest, document["seal"], keys)
    evidence = record["evidence"]
    if evidence is not None and evidence["kind"] == "passkey":
        yield from evidence_faults(to_sign_of(record), evidence)


def seal_faults(
    purpose: bytes, digest: bytes, seal: Mapping[str, Any], keys: Keys
) -> Iterator[str]:
    """What is wrong with a seal over a hash."""
    key = keys.get(seal["kid"])
    if key is None:
        yield f"its key is {seal['kid']!r:.60}, which is none of those that you trust"
        return
    try:
        key.verify(unbase64url(seal["value"]), purpose + digest)
    except (InvalidSignature, ValueError):
        yield "its seal was not made over what it says, or not with the key that it names"


def is_sealed(row: Signature, public_key: bytes) -> bool:
    """Whether a row still says what was signed and sealed."""
    trusted = keys_of({"keys": [_named(public_key)]})
    faults: Iterable[str] = signature_faults(document_of(row, public_key), trusted)
    return not list(faults)


def _named(public_key: bytes) -> dict[str, str]:
    return {"kty": "OKP", "crv": "Ed25519", "x": base64url(public_key)}
