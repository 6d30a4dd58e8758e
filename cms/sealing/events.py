"""What happens to keys and to sealed values. Neither keys nor values stand in any event."""

from enum import StrEnum
from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject


class OwnerKind(StrEnum):
    """What sealed values can belong to."""

    POST = "post"
    TERM = "term"
    USER = "user"
    COMMENT = "comment"
    OPTION = "option"


class KeyMade(Event, frozen=True):
    """A tenant has a new key for a purpose; what is sealed from now on is sealed with it."""

    tag = "sealing:key:make"
    covers = ("cms.encryption_keys",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    key_id: int
    key_version: int

    def subject(self) -> Subject:
        return Subject("encryption_key", self.key_id)


class KeyRetired(Event, frozen=True):
    """Nothing is sealed with a key any more."""

    tag = "sealing:key:retire"
    is_urgent: ClassVar[bool] = True
    covers = ("cms.encryption_keys",)
    key_id: int

    def subject(self) -> Subject:
        return Subject("encryption_key", self.key_id)


class KeysRewrapped(Event, frozen=True):
    """The keys of a tenant are wrapped by another platform key; no value was touched."""

    tag = "sealing:key:rewrap"
    covers = ("cms.encryption_keys",)
    risk: ClassVar[Risk] = Risk.MEDIUM

    def subject(self) -> Subject:
        return Subject("encryption_key")


class ValuesResealed(Event, frozen=True):
    """Some values were sealed again with another key, and say what they said before."""

    tag = "sealing:value:reseal"
    covers = ("cms.sealed_values",)
    key_id: int

    def subject(self) -> Subject:
        return Subject("encryption_key", self.key_id)


class ValuesSealed(Event, frozen=True):
    """Sensitive values of a subject were sealed; `after` names their fields."""

    tag = "sealing:value:seal"
    covers = ("cms.sealed_values",)
    kind: OwnerKind
    subject_id: int

    def subject(self) -> Subject:
        return Subject(self.kind.value, self.subject_id)


class ValuesOpened(Event, frozen=True):
    """Somebody was shown sensitive values of a subject; `after` names their fields. It is recorded
    before the answer leaves."""

    tag = "sealing:value:open"
    risk: ClassVar[Risk] = Risk.MEDIUM
    kind: OwnerKind
    subject_id: int

    def subject(self) -> Subject:
        return Subject(self.kind.value, self.subject_id)


class ValuesErased(Event, frozen=True):
    """Sensitive values of a subject are gone; the commitments to them stay where they stand."""

    tag = "sealing:value:erase"
    is_urgent: ClassVar[bool] = True
    covers = ("cms.sealed_values",)
    risk: ClassVar[Risk] = Risk.HIGH
    kind: OwnerKind
    subject_id: int

    def subject(self) -> Subject:
        return Subject(self.kind.value, self.subject_id)


EVENTS = (
    KeyMade, KeyRetired, KeysRewrapped, ValuesResealed, ValuesSealed, ValuesOpened, ValuesErased,
)  # fmt: skip
