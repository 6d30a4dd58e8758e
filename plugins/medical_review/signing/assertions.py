"""What a passkey says over a challenge, checked when it is given and ever after."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webauthn import verify_authentication_response
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException

from plugins.medical_review.signing.relying_party import RelyingParty
from plugins.medical_review.signing.statements import ToSign, base64url, unbase64url

CHALLENGE = b"cms-challenge-v1\n"

_MALFORMED = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError)


class NotProved(Exception):
    """The passkey did not sign this challenge, here and now; the message says in what it fails."""


@dataclass(frozen=True)
class Asserted:
    """A passkey's answer that holds. `evidence` is what anybody can check again."""

    sign_count: int
    is_synced: bool
    evidence: dict[str, Any]


def challenge_for(to_sign: ToSign, nonce: bytes) -> bytes:
    """32 bytes that follow from what is signed, so that the passkey's signature covers it."""
    return hashlib.sha256(CHALLENGE + nonce + to_sign.hash).digest()


def checked(
    answer: Mapping[str, Any],
    *,
    to_sign: ToSign,
    nonce: bytes,
    party: RelyingParty,
    public_key: bytes,
    sign_count: int,
) -> Asserted:
    """The answer of a passkey with this public key (COSE), whose person it has verified.

    NotProved when it is over another challenge, of another site or page, by another key, without
    the person, or its counter has not gone on (WebAuthn §7.2).
    """
    try:
        found = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge_for(to_sign, nonce),
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except _MALFORMED as error:
        raise NotProved(str(error)) from error
    given = {name: base64url(base64url_to_bytes(said)) for name, said in _signed_parts(answer)}
    evidence = {
        "kind": "passkey",
        "credential": base64url(found.credential_id),
        "public_key": base64url(public_key),
        "rp_id": party.id,
        "origins": list(party.origins),
        "nonce": base64url(nonce),
        "client_data": given["clientDataJSON"],
        "authenticator_data": given["authenticatorData"],
        "signature": given["signature"],
    }
    is_synced = found.credential_device_type.value == "multi_device"
    return Asserted(found.new_sign_count, is_synced, {**evidence, "is_synced": is_synced})


def _signed_parts(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is kept of an answer. It is written anew: decoders overlook what no base64 has."""
    response = answer["response"]
    names = ("clientDataJSON", "authenticatorData", "signature")
    return [(name, response[name]) for name in names]


def evidence_faults(to_sign: ToSign, evidence: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the evidence of a signature; nothing is when the passkey signed this."""
    try:
        checked(
            _answer(evidence),
            to_sign=to_sign,
            nonce=unbase64url(evidence["nonce"]),
            party=RelyingParty(evidence["rp_id"], "", tuple(evidence["origins"])),
            public_key=unbase64url(evidence["public_key"]),
            sign_count=0,
        )
    except (NotProved, *_MALFORMED) as error:
        yield f"the passkey did not sign this: {error}"


def _answer(evidence: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": evidence["credential"],
        "rawId": evidence["credential"],
        "type": "public-key",
        "response": {
            "clientDataJSON": evidence["client_data"],
            "authenticatorData": evidence["authenticator_data"],
            "signature": evidence["signature"],
        },
    }
