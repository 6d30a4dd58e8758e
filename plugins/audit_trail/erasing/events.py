"""What happens to the personal part of the trail."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import DataClass, PurposeOfUse
from plugins.audit_trail.vocabulary import AuditTrailTag


class _OfPerson(Event, frozen=True, kw_only=True):
    data = DataClass.PERSONAL
    user_id: int | None = None


class PersonalErased(_OfPerson, frozen=True, kw_only=True):
    """What the trail held sealed of a person is gone; `after` has the order, her references and
    how many events it was. The events themselves, and every proof of them, stay."""

    tag = AuditTrailTag.PERSONAL_ERASE
    purpose = PurposeOfUse.RECORDS_MANAGEMENT
    risk: ClassVar[Risk] = Risk.CRITICAL

    def subject(self) -> Subject:
        return Subject("user" if self.user_id else "data_subject", self.user_id)


class AccessReported(_OfPerson, frozen=True, kw_only=True):
    """Everything that the trail tells of a person was put together for her (LGPD, art. 18, II);
    `after` says of how many events."""

    tag = AuditTrailTag.PERSONAL_REPORT
    purpose = PurposeOfUse.PATIENT_REQUESTED
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject("user" if self.user_id else "data_subject", self.user_id)


ERASING_EVENTS = (PersonalErased, AccessReported)
