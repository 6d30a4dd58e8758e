"""Signatures by certificates of ICP-Brasil, checked against the roots that the operator names.

Nothing is fetched: chains are in the signature, revocation lists are files (MP 2.200-2/2001; RFC
5280, RFC 5652). It reports what it knows of revocation, and says so when that is nothing.
"""

import base64
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import cms, pem, x509
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator import ValidationContext

from cms.errors import Unavailable
from plugins.medical_review.settings import ReviewSettings
from plugins.professional_registry.names import is_same_name

LARGEST_CMS = 200_000
"""Bytes of a detached signature with its chain; those of ICP-Brasil have about ten thousand."""

GOOD, UNKNOWN = "good", "unknown"
_CPF_LENGTH = 11
# Certificates of ICP-Brasil for signing have both; either says that a person signs with it.
USAGE = KeyUsageConstraints(
    key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
)

Look = Callable[[ValidationContext], Awaitable[StandardCMSSignatureStatus]]


class NotQualified(Exception):
    """The signature is none that counts here; the message says why."""


@dataclass(frozen=True)
class Trust:
    """The roots and revocation lists of the operator. `must_know`: what cannot be told of
    revocation is refused."""

    roots: tuple[x509.Certificate, ...]
    crls: tuple[bytes, ...]
    must_know: bool

    @classmethod
    def read(cls, settings: ReviewSettings) -> "Trust":
        """From the files of the settings. NotQualified when no root is named: then nothing is."""
        try:
            roots = tuple(_certificates(settings.icp_brasil_roots))
            crls = tuple(_der(Path(name).read_bytes()) for name in settings.icp_brasil_crls)
        except (OSError, ValueError) as error:
            raise Unavailable(
                "The roots and revocation lists of ICP-Brasil cannot be read. Whoever keeps the "
                "installation can find out by: cms check"
            ) from error
        if not roots:
            raise NotQualified(
                "this site trusts no root of ICP-Brasil yet; its operator names them in "
                "plugins.medical_review.icp_brasil_roots"
            )
        return cls(roots, crls, settings.icp_brasil_revocation == "require")

    def context(self, mode: str) -> ValidationContext:
        return ValidationContext(
            trust_roots=list(self.roots),
            crls=list(self.crls),
            allow_fetching=False,
            revocation_mode=mode,
        )


@dataclass(frozen=True)
class Signer:
    """Who signed by which certificate, and whether it is known not to be revoked."""

    name: str
    certificate_sha256: str
    issuer: str
    serial: str
    revocation: str
    said_at: str | None

    def facts(self) -> dict[str, Any]:
        """What may be shown of it: never the subject, which holds the CPF."""
        return {
            "name": self.name,
            "certificate_sha256": self.certificate_sha256,
            "issuer": self.issuer,
            "serial": self.serial,
            "revocation": self.revocation,
            "said_at": self.said_at,
        }


async def cms_signer(der: bytes, signed: bytes, trust: Trust) -> Signer:
    """Whose detached CMS or CAdES signature over these bytes this is. NotQualified says why it does
    not count."""
    if len(der) > LARGEST_CMS:
        raise NotQualified(f"it is larger than {LARGEST_CMS} bytes")
    try:
        content = cms.ContentInfo.load(der)
        if content["content_type"].native != "signed_data":
            raise NotQualified("it is no CMS SignedData")
        data = content["content"]
        return await signer_of(
            lambda context: async_validate_detached_cms(
                signed, data, context, key_usage_settings=USAGE
            ),
            trust,
        )
    except (ValueError, TypeError, KeyError) as error:
        raise NotQualified(f"it cannot be read: {error}") from error


async def signer_of(look: Look, trust: Trust) -> Signer:
    """The signer that `look` finds in a context, when integrity, chain and revocation allow."""
    status = await look(trust.context("require"))
    revocation = GOOD
    if not status.trusted and not status.revoked and not trust.must_know:
        status, revocation = await look(trust.context("soft-fail")), UNKNOWN
    if not (status.intact and status.valid):
        raise NotQualified("it was made over other bytes")
    if status.revoked:
        raise NotQualified("its certificate has been revoked")
    if not status.bottom_line:
        raise NotQualified(
            "its certificate does not lead to a root that this site trusts, is not valid now, or "
            "nothing is known of its revocation"
        )
    return _signer(status, revocation)


def require_name(signer: Signer, names: Iterable[str]) -> None:
    """NotQualified unless the certificate is of a person who is called so here."""
    if not any(is_same_name(signer.name, name) for name in names):
        raise NotQualified("its certificate is of a person with another name than yours")


def _signer(status: StandardCMSSignatureStatus, revocation: str) -> Signer:
    certificate, said = status.signing_cert, status.signer_reported_dt
    return Signer(
        name=_person(certificate),
        certificate_sha256=certificate.sha256.hex(),
        issuer=certificate.issuer.human_friendly,
        serial=str(certificate.serial_number),
        revocation=revocation,
        said_at=said.isoformat() if said else None,
    )


def _person(certificate: x509.Certificate) -> str:
    """The common name without the CPF that ICP-Brasil puts behind it (DOC-ICP-04)."""
    said = certificate.subject.native.get("common_name", "")
    name = said if isinstance(said, str) else said[0]
    before, colon, number = name.rpartition(":")
    is_cpf = bool(colon) and number.isdigit() and len(number) == _CPF_LENGTH
    return str(before if is_cpf else name)


def _certificates(files: Iterable[str]) -> Iterable[x509.Certificate]:
    for name in files:
        content = Path(name).read_bytes()
        if pem.detect(content):
            for _, _, der in pem.unarmor(content, multiple=True):
                yield x509.Certificate.load(der)
        else:
            yield x509.Certificate.load(content)


def _der(content: bytes) -> bytes:
    return pem.unarmor(content)[2] if pem.detect(content) else content


def decoded(text: str) -> bytes:
    """NotQualified for what is no base64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise NotQualified("it is no base64") from error
