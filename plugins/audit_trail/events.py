"""What happens to the trail itself: it is looked at, and that is an event like any other.

What belongs to no publisher is an event of the installation: tenant 0, whose rows no site reads.
"""

from typing import Any, ClassVar

from cms.kernel.events import Event, Outcome, Risk, Subject
from cms.kernel.lawfulness import DataClass, PurposeOfUse
from cms.kernel.tenant import Tenant
from plugins.audit_trail.vocabulary import AuditTrailTag

INSTALLATION = Tenant(0, "installation", "Installation", "en", "UTC")


class Look(Event, frozen=True, kw_only=True):
    """What a look was for and what was asked, never what was seen. `purpose_of_use` is the stated
    one; `ip_token` stands for the address that was asked for, which itself is said nowhere."""

    data = DataClass.PERSONAL
    purpose = PurposeOfUse.COMPLIANCE
    what: str = "events"
    purpose_of_use: str | None = None
    event_id: str | None = None
    actor_id: int | None = None
    actor_kind: str | None = None
    resource_type: str | None = None
    resource_id: int | None = None
    subject_sought: str | None = None
    action: str | None = None
    outcome_sought: str | None = None
    risk_level: str | None = None
    risk_at_least: str | None = None
    ip_token: str | None = None
    request_id: str | None = None
    channel: str | None = None
    since: str | None = None
    until: str | None = None
    search_id: int | None = None

    def subject(self) -> Subject:
        return Subject("audit_trail")

    def ids(self) -> dict[str, Any]:
        """Without what was not asked for: a look has many fields, and each is kept for years."""
        return {name: value for name, value in super().ids().items() if value is not None}


class AuditRead(Look, frozen=True, kw_only=True):
    """Somebody read the trail. The fields are the filter that they set, never what they saw;
    `after` says of how many events they saw personal values."""

    tag = AuditTrailTag.TRAIL_READ
    risk: ClassVar[Risk] = Risk.MEDIUM


class TrailDownloaded(Look, frozen=True, kw_only=True):
    """Somebody got events as a file; `count` says how many. It is recorded before the first of them
    leaves."""

    tag = AuditTrailTag.TRAIL_DOWNLOAD
    risk: ClassVar[Risk] = Risk.HIGH
    form: str
    count: int


class SearchSaved(Event, frozen=True, kw_only=True):
    """A search was saved or changed; before and after name what differs."""

    tag = AuditTrailTag.SEARCH_SAVE
    covers = ("audit_desk.searches",)
    search_id: int

    def subject(self) -> Subject:
        return Subject("audit_search", self.search_id)


class TrailAlive(Event, frozen=True, kw_only=True):
    """A sign of life: the worker runs, and the log had so many entries. Where these are missing the
    trail was silent, and so is whatever it would have told."""

    tag = AuditTrailTag.TRAIL_BEAT
    entries: int
    waiting: int
    every: int

    def subject(self) -> Subject:
        return Subject("audit_trail")


class MaintenanceSaid(Event, frozen=True, kw_only=True):
    """Somebody with the owner's rights changed protected tables by hand and said why."""

    tag = AuditTrailTag.MAINTENANCE_SAY
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

    tag = AuditTrailTag.QUARANTINE_SETTLE
    risk: ClassVar[Risk] = Risk.HIGH
    event_id: str
    leaf_hash: str
    is_genuine: bool
    because: str

    def subject(self) -> Subject:
        return Subject("audit_trail")


class GuardSwitched(Event, frozen=True, kw_only=True):
    """The database refuses silent changes from now on, or does not any more."""

    tag = AuditTrailTag.GUARD_SWITCH
    risk: ClassVar[Risk] = Risk.HIGH
    is_on: bool

    def subject(self) -> Subject:
        return Subject("database")


class EpochClosed(Event, frozen=True, kw_only=True):
    """The log's keys are to be changed: it ends here, under its old keys, and goes on in an epoch
    of this name and with keys of these ids. `after` holds the operator's reason."""

    tag = AuditTrailTag.EPOCH_CLOSE
    risk: ClassVar[Risk] = Risk.CRITICAL
    epoch: int
    next_origin: str
    next_key_ids: list[str]
    compromised_since: str | None = None

    def subject(self) -> Subject:
        return Subject("audit_log", self.epoch)


class SearchRemoved(Event, frozen=True, kw_only=True):
    """A saved search is gone."""

    tag = AuditTrailTag.SEARCH_REMOVE
    covers = ("audit_desk.searches",)
    search_id: int

    def subject(self) -> Subject:
        return Subject("audit_search", self.search_id)


class AlertRuleSaved(Event, frozen=True, kw_only=True):
    """A rule for alerts was made or changed; before and after name what differs."""

    tag = AuditTrailTag.ALERT_RULE_SAVE
    covers = ("audit_desk.rules",)
    risk: ClassVar[Risk] = Risk.HIGH
    rule_id: int

    def subject(self) -> Subject:
        return Subject("audit_alert_rule", self.rule_id)


class AlertRuleRemoved(Event, frozen=True, kw_only=True):
    """A rule for alerts is gone; the alerts that it raised stay."""

    tag = AuditTrailTag.ALERT_RULE_REMOVE
    covers = ("audit_desk.rules",)
    risk: ClassVar[Risk] = Risk.HIGH
    rule_id: int

    def subject(self) -> Subject:
        return Subject("audit_alert_rule", self.rule_id)


class AlertRaised(Event, frozen=True, kw_only=True):
    """What a rule watches for has happened; the alert names the events."""

    tag = AuditTrailTag.ALERT_RAISE
    covers = ("audit_desk.alerts",)
    risk: ClassVar[Risk] = Risk.HIGH
    alert_id: int
    rule_id: int

    def subject(self) -> Subject:
        return Subject("audit_alert", self.alert_id)


class AlertAcknowledged(Event, frozen=True, kw_only=True):
    """An officer has taken note of an alert."""

    tag = AuditTrailTag.ALERT_ACKNOWLEDGE
    covers = ("audit_desk.alerts",)
    risk: ClassVar[Risk] = Risk.MEDIUM
    alert_id: int

    def subject(self) -> Subject:
        return Subject("audit_alert", self.alert_id)


class AlertMailed(Event, frozen=True, kw_only=True):
    """An alert was handed to a mail server, for so many people, or could not be."""

    tag = AuditTrailTag.ALERT_MAIL
    risk: ClassVar[Risk] = Risk.LOW
    outcomes: ClassVar[tuple[Outcome, ...]] = (Outcome.SUCCESS, Outcome.FAILED)
    alert_id: int
    people: int

    def subject(self) -> Subject:
        return Subject("audit_alert", self.alert_id)


class VerificationAsked(Event, frozen=True, kw_only=True):
    """Somebody wants the log verified."""

    tag = AuditTrailTag.VERIFICATION_ASK
    verification_id: str
    first_seq: int
    until_seq: int | None
    by: str

    def subject(self) -> Subject:
        return Subject("audit_log")


class LogVerified(Event, frozen=True, kw_only=True):
    """A range of the log was rebuilt and compared; `kinds` are the kinds of failures found."""

    tag = AuditTrailTag.LOG_VERIFY
    risk: ClassVar[Risk] = Risk.MEDIUM
    outcomes = (Outcome.SUCCESS, Outcome.FAILED)
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
    EpochClosed,
    TrailDownloaded,
    SearchSaved,
    SearchRemoved,
    AlertRuleSaved,
    AlertRuleRemoved,
    AlertRaised,
    AlertAcknowledged,
    AlertMailed,
)
