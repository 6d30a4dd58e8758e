"""An order to erase: who has ordered it, under which reference, when, and on which ground."""

import re
from datetime import date
from enum import StrEnum

import msgspec

from cms.errors import InvalidInput
from cms.kernel.lawfulness import DataSubject, SubjectKind

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LONGEST = 200


class ErasureGround(StrEnum):
    """Why personal data end (LGPD, art. 15, 16 and 18)."""

    PURPOSE_REACHED = "art-15-i"
    PERIOD_ENDED = "art-15-ii"
    SUBJECT_ASKS = "art-15-iii"
    AUTHORITY_ORDERS = "art-15-iv"
    EXCESSIVE_OR_UNLAWFUL = "art-18-iv"
    CONSENT_REVOKED = "art-18-vi"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """It is kept with the erasure for ever, so it names offices and numbers, never a person."""

    authority: str
    reference: str
    ordered_on: date
    ground: ErasureGround

    def refuse_faults(self, today: date) -> None:
        """InvalidInput names all of them at once."""
        faults = {}
        for name in ("authority", "reference"):
            said = getattr(self, name).strip()
            if not said or len(said) > _LONGEST or not said.isprintable():
                faults[name] = f"says in at most {_LONGEST} characters who ordered it, and where"
            elif _EMAIL.search(said):
                faults[name] = "names an office or a number, never a person's address"
        if self.ordered_on > today:
            faults["ordered_on"] = "lies ahead; an order is obeyed once it was given"
        if faults:
            raise InvalidInput(faults)


def subject_of(said: str) -> DataSubject:
    """`user:7` or `email:ana@example.org`; InvalidInput for anything else."""
    kind, _, name = said.partition(":")
    if kind == SubjectKind.USER and name.isascii() and name.isdigit():
        return DataSubject.user(int(name))
    if kind == SubjectKind.EMAIL and _EMAIL.fullmatch(name.strip()):
        return DataSubject.email(name)
    raise InvalidInput({"subject": "is `user:` with a number or `email:` with an address"})
