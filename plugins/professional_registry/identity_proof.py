"""What only the person can know, for the one question that needs it. It is passed on and dropped:
no field of a table, of an event or of a log ever holds it."""

import re
from datetime import date
from enum import StrEnum

from cms.errors import InvalidInput

_CPF = re.compile(r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}")


class LegalBasis(StrEnum):
    """Why a CPF may be used here (LGPD art. 7); the choice is the controller's and is recorded."""

    CONSENT = "art-7-i"
    LEGAL_OBLIGATION = "art-7-ii"
    CONTRACT = "art-7-v"
    EXERCISE_OF_RIGHTS = "art-7-vi"


class Confirmation(StrEnum):
    """Whether number, CPF and birth date belong to one person."""

    CONFIRMED = "confirmed"
    DENIED = "denied"
    UNKNOWN = "unknown"


class IdentityProof:
    """A CPF and a birth date with the reason why they may be used. It shows neither, is not
    compared and cannot be pickled or stored by accident."""

    __slots__ = ("born", "cpf", "legal_basis")

    def __init__(self, cpf: str, born: date, legal_basis: LegalBasis) -> None:
        if not _CPF.fullmatch(cpf):
            raise InvalidInput({"cpf": "write the eleven digits of the CPF"})
        self.cpf = re.sub(r"\D", "", cpf)
        self.born = born
        self.legal_basis = legal_basis

    def __repr__(self) -> str:
        return f"IdentityProof({self.legal_basis.value})"

    def __reduce__(self) -> str:
        raise TypeError("an identity proof is not stored")
