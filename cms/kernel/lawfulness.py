"""On which ground personal data are used, what kind of data they are, for which purpose, and whose.

Legal bases are those of the Brazilian data protection law (LGPD, Lei 13.709/2018, art. 7 and 11);
`data/lgpd_legal_bases.json` holds them with their texts, and a test compares. For health data art.
7 does not count: legitimate interest, contract and credit protection are no reasons there.
"""

from enum import StrEnum
from typing import Self

import msgspec


class LegalBasis(StrEnum):
    """Article, inciso and alínea. Those of art. 11 are the only ones for sensitive data."""

    CONSENT = "art-7-i"
    LEGAL_OBLIGATION = "art-7-ii"
    PUBLIC_POLICY = "art-7-iii"
    RESEARCH = "art-7-iv"
    CONTRACT = "art-7-v"
    EXERCISE_OF_RIGHTS = "art-7-vi"
    LIFE = "art-7-vii"
    HEALTH_PROTECTION = "art-7-viii"
    LEGITIMATE_INTEREST = "art-7-ix"
    CREDIT = "art-7-x"
    SENSITIVE_CONSENT = "art-11-i"
    SENSITIVE_LEGAL_OBLIGATION = "art-11-ii-a"
    SENSITIVE_PUBLIC_POLICY = "art-11-ii-b"
    SENSITIVE_RESEARCH = "art-11-ii-c"
    SENSITIVE_EXERCISE_OF_RIGHTS = "art-11-ii-d"
    SENSITIVE_LIFE = "art-11-ii-e"
    SENSITIVE_HEALTH_PROTECTION = "art-11-ii-f"
    SENSITIVE_FRAUD_PREVENTION = "art-11-ii-g"

    @property
    def is_for_sensitive_data(self) -> bool:
        return self.value.startswith("art-11-")

    @property
    def is_consent(self) -> bool:
        return self in {LegalBasis.CONSENT, LegalBasis.SENSITIVE_CONSENT}


class DataClass(StrEnum):
    """What an event touches beside the fact that somebody did something."""

    NONE = "none"
    """Nothing about a person but who acted."""
    PERSONAL = "personal"
    """Data about an identified or identifiable person (LGPD, art. 5, I)."""
    HEALTH = "health"
    """Data about somebody's health or another sensitive kind (LGPD, art. 5, II)."""


class PurposeOfUse(StrEnum):
    """Codes of HL7 v3 ActReason that fit publishing, from the value set PurposeOfUse
    (http://terminology.hl7.org/ValueSet/v3-PurposeOfUse), which FHIR names for audit events."""

    OPERATIONS = "HOPERAT"
    COMPLIANCE = "HCOMPL"
    LEGAL = "HLEGAL"
    MARKETING = "HMARKT"
    RESEARCH = "HRESCH"
    SYSTEM_ADMINISTRATION = "HSYSADMIN"
    QUALITY_IMPROVEMENT = "HQUALIMP"
    RECORDS_MANAGEMENT = "RECORDMGT"
    PATIENT_SAFETY = "PATSFTY"
    PATIENT_REQUESTED = "PATRQT"
    PUBLIC_HEALTH = "PUBHLTH"
    TRAINING = "TRAIN"
    BREAK_THE_GLASS = "BTG"


class UnlawfulGrounds(ValueError):
    """What is said to be the reason for using data is none for data of this kind."""


class Grounds(msgspec.Struct, frozen=True):
    """Why an event may use what it uses; that cannot be made with a basis that does not count."""

    data: DataClass
    basis: LegalBasis
    purpose: PurposeOfUse
    consent: str | None = None
    """Which consent: the reference of the record of it, never its text."""

    def __post_init__(self) -> None:
        if (self.data is DataClass.HEALTH) != self.basis.is_for_sensitive_data:
            wanted = "11" if self.data is DataClass.HEALTH else "7"
            raise UnlawfulGrounds(
                f"{self.basis.value} is no legal basis for data of the class {self.data.value}; "
                f"name one of art. {wanted} (LGPD)"
            )


class SubjectKind(StrEnum):
    """How a person is known to a site."""

    USER = "user"
    EMAIL = "email"


class DataSubject(msgspec.Struct, frozen=True):
    """The person whom an event is about: a user by number, a stranger by e-mail address. Outside of
    the transaction only a keyed reference of it stands."""

    kind: SubjectKind
    id: str

    @classmethod
    def user(cls, user_id: int) -> Self:
        return cls(SubjectKind.USER, str(user_id))

    @classmethod
    def email(cls, address: str) -> Self:
        """Addresses are compared in lower case, whatever a server could make of that."""
        return cls(SubjectKind.EMAIL, address.strip().lower())

    @property
    def name(self) -> str:
        """What the reference is made of, such as `user:7`."""
        return f"{self.kind.value}:{self.id}"
