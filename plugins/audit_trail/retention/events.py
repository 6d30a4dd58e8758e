"""What is decided about the life of events, and what became of them."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.lawfulness import PurposeOfUse
from plugins.audit_trail.vocabulary import AuditTrailTag


class RetentionChanged(Event, frozen=True, kw_only=True):
    """Events of a class are kept for another time; `before` and `after` have class and months."""

    tag = AuditTrailTag.RETENTION_SET
    purpose = PurposeOfUse.COMPLIANCE
    risk: ClassVar[Risk] = Risk.HIGH
    is_ordered: bool

    def subject(self) -> Subject:
        return Subject("audit_retention")


class HoldPlaced(Event, frozen=True, kw_only=True):
    """Somebody's claim or an inquiry keeps events that might go otherwise."""

    tag = AuditTrailTag.HOLD_PLACE
    purpose = PurposeOfUse.COMPLIANCE
    risk: ClassVar[Risk] = Risk.HIGH
    hold_id: int

    def subject(self) -> Subject:
        return Subject("audit_hold", self.hold_id)


class HoldReleased(Event, frozen=True, kw_only=True):
    """A hold keeps nothing any more."""

    tag = AuditTrailTag.HOLD_RELEASE
    purpose = PurposeOfUse.COMPLIANCE
    risk: ClassVar[Risk] = Risk.HIGH
    hold_id: int

    def subject(self) -> Subject:
        return Subject("audit_hold", self.hold_id)


class PruningApproved(Event, frozen=True, kw_only=True):
    """One of two people agrees that a range of events may go."""

    tag = AuditTrailTag.RANGE_APPROVE
    purpose = PurposeOfUse.COMPLIANCE
    risk: ClassVar[Risk] = Risk.CRITICAL
    pruning_id: int

    def subject(self) -> Subject:
        return Subject("audit_range", self.pruning_id)


class RangePruned(Event, frozen=True, kw_only=True):
    """A range of events goes: told, and under a signed head, before anything of it is taken away.
    `before` says what there was and which head was signed over it, `after` where the copy is."""

    tag = AuditTrailTag.RANGE_PRUNE
    purpose = PurposeOfUse.COMPLIANCE
    risk: ClassVar[Risk] = Risk.CRITICAL
    pruning_id: int

    def subject(self) -> Subject:
        return Subject("audit_range", self.pruning_id)


class PersonalExpired(Event, frozen=True, kw_only=True):
    """Personal values of a class of events are gone, as the site's retention wants; the events
    stay. `after` says which class, up to when, of how many events, and by which order."""

    tag = AuditTrailTag.PERSONAL_EXPIRE
    purpose = PurposeOfUse.COMPLIANCE
    risk: ClassVar[Risk] = Risk.HIGH

    def subject(self) -> Subject:
        return Subject("audit_retention")


RETENTION_EVENTS = (
    RetentionChanged,
    HoldPlaced,
    HoldReleased,
    PruningApproved,
    RangePruned,
    PersonalExpired,
)
