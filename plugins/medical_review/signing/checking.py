"""Whether a signature says what was signed: with its document and public keys, nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from plugins.medical_review.signing.assertions import evidence_faults
from plugins.medical_review.signing.models import Signature
from plugins.medical_review.signing.signatures import facts_hash
from plugins.medical_review.signing.statements import (
    CERTIFICATE_SEAL,
    SEAL,
    base64url,
    certificate_hash,
    hash_of,
    kid_of,
    public_key_of,
    record_of,
    to_sign_of,
    unbase64url,
)

SIGNATURE = "cms-signature-v1"
CERTIFICATE = "cms-approval-certificate-v1"

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


def certificate_faults(envelope: Mapping[str, Any], keys: Keys) -> Iterator[str]:
    """What is wrong with a certificate and the signatures in it; nothing is when it holds."""
    document = envelope["document"]
    digest = certificate_hash(document)
    if digest.hex() != envelope["hash"]:
        yield "the certificate is not the one that its hash was made from"
    yield from seal_faults(CERTIFICATE_SEAL, digest, envelope["seal"], keys)
    for signature in document["signatures"]:
        name = f"signature {signature['record']['signature']}"
        yield from (f"{name}: {fault}" for fault in signature_faults(signature, keys))
        if not _is_of(signature["record"], document):
            yield f"{name} was given for another text than this one"
    for decision in document["decisions"]:
        if facts_hash(decision).hex() != decision["decision_hash"]:
            yield f"decision {decision['decision']} is not the one that its hash was made from"


def _is_of(record: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """A signature belongs to one text of one post of one site (21 CFR 11.70)."""
    text = document["text"]
    given_for = (record["tenant"], record["post"], record["content_hash"])
    return given_for == (document["site"]["tenant"], text["post"], text["content_hash"])


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
