"""What happens to signatures. Events carry ids, levels and hashes; names and texts stay in the
tables."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import DataClass, LegalBasis, PurposeOfUse
from plugins.medical_review.signing.vocabulary import SigningTag

_PROOFS, _PASSKEYS = "medical_review.signing_proofs", "medical_review.passkeys"
_ACCEPTANCES = "medical_review.signing_acceptances"


class SigningKeyMade(Event, frozen=True):
    """The tenant seals signatures with a new key; `after` says its thumbprint (RFC 7638), so that
    a key that somebody puts into the table alone is told from this one."""

    tag = SigningTag.SIGNING_KEY_MAKE
    purpose = PurposeOfUse.SYSTEM_ADMINISTRATION
    covers = ("medical_review.signing_keys",)
    risk: ClassVar[Risk] = Risk.HIGH
    is_urgent: ClassVar[bool] = True
    key_id: int

    def subject(self) -> Subject:
        return Subject("signing_key", self.key_id)


class SignatureGiven(Event, frozen=True):
    """Somebody put her name to something; `after` says to what, its level and its hash."""

    tag = SigningTag.SIGNATURE_GIVE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.signatures",)
    risk: ClassVar[Risk] = Risk.HIGH
    signature_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("signature", self.signature_id, self.content_hash)


class ProofGiven(Event, frozen=True):
    """Somebody signed with a key of her own what she is about to put her name to; `after` says
    with which kind of key, and the hash of what she signed."""

    tag = SigningTag.PROOF_GIVE
    data = DataClass.PERSONAL
    concerns = "user_id"
    covers = (_PROOFS, _PASSKEYS)
    risk: ClassVar[Risk] = Risk.MEDIUM
    proof_id: int
    user_id: int

    def subject(self) -> Subject:
        return Subject("signing_proof", self.proof_id)


class PasskeyEvent(Event, frozen=True):
    """Of what a person signs with. She agreed to it as her way of signing here."""

    data = DataClass.PERSONAL
    basis = LegalBasis.CONTRACT
    concerns = "user_id"
    covers = (_PASSKEYS,)
    risk: ClassVar[Risk] = Risk.HIGH
    passkey_id: int
    user_id: int

    def subject(self) -> Subject:
        return Subject("passkey", self.passkey_id)


class PasskeyAdded(PasskeyEvent, frozen=True):
    """A person signs with one more passkey."""

    tag = SigningTag.PASSKEY_ADD


class PasskeyRemoved(PasskeyEvent, frozen=True):
    """A passkey signs no more. What it signed stays as good as it was."""

    tag = SigningTag.PASSKEY_REMOVE


class AcceptanceRecorded(Event, frozen=True):
    """The organisation accepts signatures by passkeys as advanced (Lei 14.063/2020, art. 4, II)."""

    tag = SigningTag.ACCEPTANCE_RECORD
    covers = (_ACCEPTANCES,)
    risk: ClassVar[Risk] = Risk.HIGH
    acceptance_id: int

    def subject(self) -> Subject:
        return Subject("signing_acceptance", self.acceptance_id)


class AcceptanceWithdrawn(Event, frozen=True):
    """The organisation accepts such signatures no more; those that were given keep their level."""

    tag = SigningTag.ACCEPTANCE_WITHDRAW
    covers = (_ACCEPTANCES,)
    risk: ClassVar[Risk] = Risk.HIGH
    acceptance_id: int

    def subject(self) -> Subject:
        return Subject("signing_acceptance", self.acceptance_id)


class CertificateIssued(Event, frozen=True):
    """What was approved and by whom is certified of a text that readers have."""

    tag = SigningTag.CERTIFICATE_ISSUE
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.certificates",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    certificate_id: int
    post_id: int
    content_hash: str

    def subject(self) -> Subject:
        return Subject("certificate", self.certificate_id, self.content_hash)


class CertificateSigned(Event, frozen=True):
    """Somebody signed a certificate with one of ICP-Brasil, and brought it back; `after` holds the
    hash of the file."""

    tag = SigningTag.CERTIFICATE_SIGN
    purpose = PurposeOfUse.QUALITY_IMPROVEMENT
    covers = ("medical_review.certificate_signatures",)
    risk: ClassVar[Risk] = Risk.HIGH
    certificate_id: int

    def subject(self) -> Subject:
        return Subject("certificate", self.certificate_id)


EVENTS = (
    SigningKeyMade,
    SignatureGiven,
    ProofGiven,
    PasskeyAdded,
    PasskeyRemoved,
    AcceptanceRecorded,
    AcceptanceWithdrawn,
    CertificateIssued,
    CertificateSigned,
)
