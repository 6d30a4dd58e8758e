"""What happened, or is about to. Hooks are keyed by event class; the audit trail keeps each one."""

from enum import StrEnum
from typing import Any, ClassVar

import msgspec

from cms.kernel.lawfulness import (
    DataClass,
    DataSubject,
    Grounds,
    LegalBasis,
    PurposeOfUse,
    UnlawfulGrounds,
)
from cms.kernel.vocabulary import HostTag


class Risk(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Outcome(StrEnum):
    SUCCESS = "success"
    REFUSED = "refused"
    FAILED = "failed"


class Subject(msgspec.Struct, frozen=True):
    """The thing an event is about; `version` is the content hash (hex) where there is one."""

    type: str
    id: int | None = None
    version: str | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all events.

    Fields of a subclass are ids and enumerations, so that an event can travel to a job; what
    changed stands in `before` and `after` as a minimal difference and never leaves the transaction.
    `covers` names the protected tables whose change this event tells of.

    `tag` is a member of the vocabulary of the room (`cms.kernel.vocabulary`). `data`, `basis` and
    `purpose` say why it may use what it uses; a class whose basis does not count for its data
    cannot be made. `concerns` names the field with the number of the person whom the event is
    about; `about` says it where that is no field. `outcomes` are those that it is emitted with.
    `decides`: where nobody acts, a machine has decided about a person or her work (LGPD, art. 20).

    `personal` holds values that identify somebody: an address before and after, a name as it was
    typed. They are kept sealed and erasable, and bound to the event by a commitment only.
    """

    tag: ClassVar[str]
    covers: ClassVar[tuple[str, ...]] = ()
    risk: ClassVar[Risk] = Risk.LOW
    outcomes: ClassVar[tuple[Outcome, ...]] = (Outcome.SUCCESS,)
    data: ClassVar[DataClass] = DataClass.NONE
    # Who wrote, changed and approved what is kept because councils and this very law demand it.
    basis: ClassVar[LegalBasis] = LegalBasis.LEGAL_OBLIGATION
    purpose: ClassVar[PurposeOfUse] = PurposeOfUse.OPERATIONS
    concerns: ClassVar[str | None] = None
    decides: ClassVar[bool] = False

    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    outcome: Outcome = Outcome.SUCCESS
    personal: dict[str, Any] | None = None
    about: DataSubject | None = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        Grounds(cls.data, cls.basis, cls.purpose)

    def subject(self) -> Subject:
        """What the event is about; each subclass says it."""
        raise TypeError(f"{type(self).__name__} names no subject")

    def data_subject(self) -> DataSubject | None:
        """The person whom the event is about, if there is one."""
        if self.about is not None or self.concerns is None:
            return self.about
        number = getattr(self, self.concerns)
        return None if number is None else DataSubject.user(number)

    def grounds(self) -> Grounds:
        """Why this very event may use what it uses; what the class declares unless it knows more.
        Making it refuses a basis that does not count for data of its class."""
        return Grounds(self.data, self.basis, self.purpose)

    def ids(self) -> dict[str, Any]:
        """The fields that may travel to a job: everything but the values."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        for value in ("before", "after", "personal", "about"):
            fields.pop(value)
        return fields


def lawful_grounds(event: Event) -> Grounds:
    """The grounds of an event that is about to be kept. UnlawfulGrounds also where it relies on a
    consent and names none."""
    grounds = event.grounds()
    if grounds.basis.is_consent and not grounds.consent:
        raise UnlawfulGrounds(
            f"{type(event).__name__} relies on consent ({grounds.basis.value}) and names none; "
            "give the reference of its record"
        )
    return grounds


class Refused(Event, frozen=True, kw_only=True):
    """A person wanted to do something and was refused; `after` holds the reasons' codes.

    Written in a transaction of its own, because that of the refused action is rolled back.
    """

    tag = HostTag.ACTION_REFUSE
    risk: ClassVar[Risk] = Risk.MEDIUM
    outcomes = (Outcome.REFUSED,)
    outcome: Outcome = Outcome.REFUSED
    action: str
    resource_type: str
    resource_id: int | None = None

    def subject(self) -> Subject:
        return Subject(self.resource_type, self.resource_id)


def difference(
    before: dict[str, Any], after: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two sides reduced to the keys whose values differ."""
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return (
        {key: before.get(key) for key in changed},
        {key: after.get(key) for key in changed},
    )
