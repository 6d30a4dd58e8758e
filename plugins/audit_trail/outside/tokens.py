"""RFC 3161: what a timestamp authority says of a head, and whether it is to be believed.

The answer is kept whole, so `openssl ts -verify` checks it without anything of ours.
"""

import warnings
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.x509 import (
    Certificate,
    ObjectIdentifier,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from cms.errors import SetupError

_SHA_256 = ObjectIdentifier("2.16.840.1.101.3.4.2.1")


class TokenRefused(Exception):
    """The answer does not show that this head was there at a time. `state` names why."""

    def __init__(self, state: str, message: str) -> None:
        super().__init__(message)
        self.state = state
        self.message = message


@dataclass(frozen=True)
class Question:
    """What the authority is asked: the bytes that are sent, and the number that must come back."""

    body: bytes
    nonce: int

    @classmethod
    def about(cls, note: bytes) -> Self:
        """Ask for a token over SHA-256 of the note, with the authority's certificates in it."""
        request = TimestampRequestBuilder(note, HashAlgorithm.SHA256).build()
        if request.nonce is None:
            raise TokenRefused("no-nonce", "the request has no nonce")
        return cls(request.as_bytes(), request.nonce)


@dataclass(frozen=True)
class Authority:
    """Whom the tokens must come from: the roots that are trusted, and what stands in between."""

    roots: tuple[Certificate, ...]
    between: tuple[Certificate, ...] = ()

    @classmethod
    def load(cls, files: tuple[str, ...]) -> Self:
        """From files in PEM; SetupError when one is none."""
        found: list[Certificate] = []
        for file in files:
            try:
                found += load_pem_x509_certificates(Path(file).read_bytes())
            except (OSError, ValueError) as fault:
                raise SetupError(
                    f"[plugins.audit_trail.timestamps] certificates: {file}: {fault}"
                ) from None
        roots = tuple(one for one in found if one.issuer == one.subject)
        if not roots:
            raise SetupError(
                "[plugins.audit_trail.timestamps] certificates: none of them is a root"
            )
        return cls(roots, tuple(one for one in found if one not in roots))

    def verify(self, answer: bytes, note: bytes, nonce: int | None = None) -> datetime:
        """When the authority saw the note. The chain must have been valid at that time; that it
        has ended since takes nothing from the token. Raises TokenRefused."""
        response = _granted(answer)
        info = response.tst_info
        digest = sha256(note).digest()
        imprint = info.message_imprint
        if imprint.hash_algorithm != _SHA_256 or imprint.message != digest:
            raise TokenRefused("wrong-imprint", "the token is over something else than this head")
        if nonce is not None and info.nonce != nonce:
            raise TokenRefused("wrong-nonce", "the token answers another request")
        at = info.gen_time
        _require_valid(response, at)
        builder = VerifierBuilder(roots=list(self.roots), intermediates=list(self.between))
        try:
            builder.build().verify(response, digest)
        except (VerificationError, ValueError) as fault:
            raise TokenRefused(
                "untrusted", f"the authority is not the trusted one: {fault}"
            ) from None
        return at


def _granted(answer: bytes) -> TimeStampResponse:
    try:
        response = decode_timestamp_response(answer)
        status = PKIStatus(response.status)
        if status is not PKIStatus.GRANTED:
            raise TokenRefused("rejected", f"the authority answers {status.name.lower()}")
        _ = response.tst_info, response.signed_data
    except ValueError:
        raise TokenRefused("no-token", "the answer holds no timestamp token") from None
    return response


def _require_valid(response: TimeStampResponse, at: datetime) -> None:
    try:
        with warnings.catch_warnings():
            # Of what RFC 5280 disallows the library only warns; a token with it is none.
            warnings.simplefilter("error")
            signed = [load_der_x509_certificate(one) for one in response.signed_data.certificates]
    except (ValueError, Warning):
        raise TokenRefused("no-token", "a certificate in the token cannot be read") from None
    for one in signed:
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            raise TokenRefused(
                "expired", f"a certificate of the authority was not valid at {at:%Y-%m-%d %H:%M}Z"
            )
