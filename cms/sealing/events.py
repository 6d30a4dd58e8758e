"""What happens to keys and to sealed values. Neither keys nor values stand in any event."""

from enum import StrEnum
from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import DataClass, DataSubject, LegalBasis, PurposeOfUse
from cms.sealing.vocabulary import SealingTag


class OwnerKind(StrEnum):
    """What sealed values can belong to."""

    POST = "post"
    TERM = "term"
    USER = "user"
    COMMENT = "comment"
    OPTION = "option"


class KeyEvent(Event, frozen=True):
    """Of the keys themselves."""

    purpose = PurposeOfUse.SYSTEM_ADMINISTRATION


class SensitiveEvent(Event, frozen=True, kw_only=True):
    """Of values that a site calls sensitive, such as what a patient's case says. They are kept
    because councils and authorities demand the proof of them (LGPD, art. 11, II, a)."""

    data = DataClass.HEALTH
    basis = LegalBasis.SENSITIVE_LEGAL_OBLIGATION
    kind: OwnerKind
    subject_id: int

    def data_subject(self) -> DataSubject | None:
        is_person = self.kind is OwnerKind.USER
        return DataSubject.user(self.subject_id) if is_person else self.about


class KeyMade(KeyEvent, frozen=True):
    """A tenant has a new key for a purpose; what is sealed from now on is sealed with it."""

    tag = SealingTag.KEY_MAKE
    covers = ("cms.encryption_keys",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    key_id: int
    key_version: int

    def subject(self) -> Subject:
        return Subject("encryption_key", self.key_id)


class KeyRetired(KeyEvent, frozen=True):
    """Nothing is sealed with a key any more."""

    tag = SealingTag.KEY_RETIRE
    covers = ("cms.encryption_keys",)
    key_id: int

    def subject(self) -> Subject:
        return Subject("encryption_key", self.key_id)


class KeyDestroyed(KeyEvent, frozen=True):
    """A key is gone; nobody can open what it has sealed ever again."""

    tag = SealingTag.KEY_DESTROY
    covers = ("cms.encryption_keys",)
    risk: ClassVar[Risk] = Risk.HIGH
    purpose = PurposeOfUse.RECORDS_MANAGEMENT
    key_id: int

    def subject(self) -> Subject:
        return Subject("encryption_key", self.key_id)


class KeysRewrapped(KeyEvent, frozen=True):
    """The keys of a tenant are wrapped by another platform key; no value was touched."""

    tag = SealingTag.KEY_REWRAP
    covers = ("cms.encryption_keys",)
    risk: ClassVar[Risk] = Risk.MEDIUM

    def subject(self) -> Subject:
        return Subject("encryption_key")


class ValuesResealed(KeyEvent, frozen=True):
    """Some values were sealed again with another key, and say what they said before."""

    tag = SealingTag.VALUE_RESEAL
    covers = ("cms.sealed_values",)
    key_id: int

    def subject(self) -> Subject:
        return Subject("encryption_key", self.key_id)


class ValuesSealed(SensitiveEvent, frozen=True):
    """Sensitive values of a subject were sealed; `after` names their fields."""

    tag = SealingTag.VALUE_SEAL
    covers = ("cms.sealed_values",)

    def subject(self) -> Subject:
        return Subject(self.kind.value, self.subject_id)


class ValuesOpened(SensitiveEvent, frozen=True):
    """Somebody was shown sensitive values of a subject; `after` names their fields. It is recorded
    before the answer leaves."""

    tag = SealingTag.VALUE_OPEN
    risk: ClassVar[Risk] = Risk.MEDIUM

    def subject(self) -> Subject:
        return Subject(self.kind.value, self.subject_id)


class ValuesErased(SensitiveEvent, frozen=True):
    """Sensitive values of a subject are gone; the commitments to them stay where they stand."""

    tag = SealingTag.VALUE_ERASE
    purpose = PurposeOfUse.RECORDS_MANAGEMENT
    covers = ("cms.sealed_values",)
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject(self.kind.value, self.subject_id)


EVENTS = (
    KeyMade, KeyRetired, KeyDestroyed, KeysRewrapped, ValuesResealed, ValuesSealed,
    ValuesOpened, ValuesErased,
)  # fmt: skip
