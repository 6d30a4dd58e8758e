"""What happens to the trail itself: it is read, and that is an event like any other."""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject


class AuditRead(Event, frozen=True, kw_only=True):
    """Somebody read the trail. The fields are the filter that they set, never what they saw."""

    tag = "audit:trail:read"
    risk: ClassVar[Risk] = Risk.MEDIUM
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


class EpochClosed(Event, frozen=True, kw_only=True):
    """The log's keys are to be changed: it ends here, under its old keys, and goes on in an epoch
    of this name and with keys of these ids. `after` holds the operator's reason."""

    tag = "audit:epoch:close"
    risk: ClassVar[Risk] = Risk.CRITICAL
    epoch: int
    next_origin: str
    next_key_ids: list[str]
    compromised_since: str | None = None

    def subject(self) -> Subject:
        return Subject("audit_log", self.epoch)


EVENTS = (AuditRead, EpochClosed)
