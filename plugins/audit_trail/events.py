"""What happens to the trail itself: it is read, and that is an event like any other.

What belongs to no publisher is an event of the installation: tenant 0, whose rows no site reads.
"""

from typing import ClassVar

from cms.kernel.events import Event, Risk, Subject
from cms.kernel.tenant import Tenant

INSTALLATION = Tenant(0, "installation", "Installation", "en", "UTC")


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


class TrailAlive(Event, frozen=True, kw_only=True):
    """A sign of life: the worker runs, and the log had so many entries. Where these are missing the
    trail was silent, and so is whatever it would have told."""

    tag = "audit:trail:beat"
    entries: int
    waiting: int
    every: int

    def subject(self) -> Subject:
        return Subject("audit_trail")


class MaintenanceSaid(Event, frozen=True, kw_only=True):
    """Somebody with the owner's rights changed protected tables by hand and said why."""

    tag = "audit:maintenance:say"
    risk: ClassVar[Risk] = Risk.HIGH
    transaction: str
    said_at: str
    role: str
    application: str
    reason: str

    def subject(self) -> Subject:
        return Subject("database")


class QuarantineSettled(Event, frozen=True, kw_only=True):
    """Somebody looked at an entry that was set aside. Its leaf is in the log from then on, by this
    event; the entry itself never is."""

    tag = "audit:quarantine:settle"
    risk: ClassVar[Risk] = Risk.HIGH
    event_id: str
    leaf_hash: str
    is_genuine: bool
    because: str

    def subject(self) -> Subject:
        return Subject("audit_trail")


class GuardSwitched(Event, frozen=True, kw_only=True):
    """The database refuses silent changes from now on, or does not any more."""

    tag = "audit:guard:switch"
    risk: ClassVar[Risk] = Risk.HIGH
    is_on: bool

    def subject(self) -> Subject:
        return Subject("database")


class VerificationAsked(Event, frozen=True, kw_only=True):
    """Somebody wants the log verified."""

    tag = "audit:verification:ask"
    verification_id: str
    first_seq: int
    until_seq: int | None
    by: str

    def subject(self) -> Subject:
        return Subject("audit_log")


class LogVerified(Event, frozen=True, kw_only=True):
    """A range of the log was rebuilt and compared; `kinds` are the kinds of failures found."""

    tag = "audit:log:verify"
    risk: ClassVar[Risk] = Risk.MEDIUM
    verification_id: str
    round: str
    verdict: str
    first_seq: int
    until_seq: int
    kinds: str | None = None

    def subject(self) -> Subject:
        return Subject("audit_log")


EVENTS = (
    LogVerified,
    VerificationAsked,
    AuditRead,
    TrailAlive,
    MaintenanceSaid,
    QuarantineSettled,
    GuardSwitched,
)
