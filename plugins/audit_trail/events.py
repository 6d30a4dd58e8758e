"""What happens to the trail itself: it is read, and that is an event like any other."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import DataClass, PurposeOfUse
from plugins.audit_trail.vocabulary import AuditTrailTag


class AuditRead(Event, frozen=True, kw_only=True):
    """Somebody read the trail. The fields are the filter that they set, never what they saw;
    `after` says of how many events they saw personal values."""

    tag = AuditTrailTag.TRAIL_READ
    risk: ClassVar[Risk] = Risk.MEDIUM
    data = DataClass.PERSONAL
    purpose = PurposeOfUse.COMPLIANCE
    event_id: str | None = None
    resource_type: str | None = None
    resource_id: int | None = None
    actor_id: int | None = None
    action: str | None = None
    risk_level: str | None = None
    since: str | None = None
    until: str | None = None

    def subject(self) -> Subject:
        return Subject("audit_trail")


EVENTS = (AuditRead,)
