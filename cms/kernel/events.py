"""What happened, or is about to. Hooks are keyed by event class; the audit trail keeps each one."""

from enum import StrEnum
from typing import Any, ClassVar

import msgspec


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
    `covers` names the protected tables whose change this event tells of. `is_urgent`: whoever keeps
    evidence of events outside is to be told of this one at once, as of all that are critical.
    """

    tag: ClassVar[str]
    covers: ClassVar[tuple[str, ...]] = ()
    risk: ClassVar[Risk] = Risk.LOW
    is_urgent: ClassVar[bool] = False

    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    outcome: Outcome = Outcome.SUCCESS

    def subject(self) -> Subject:
        """What the event is about; each subclass says it."""
        raise TypeError(f"{type(self).__name__} names no subject")

    def ids(self) -> dict[str, Any]:
        """The fields that may travel to a job: everything but the values."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        for value in ("before", "after"):
            fields.pop(value)
        return fields


class Refused(Event, frozen=True, kw_only=True):
    """A person wanted to do something and was refused; `after` holds the reasons' codes.

    Written in a transaction of its own, because that of the refused action is rolled back.
    """

    tag = "host:action:refuse"
    risk: ClassVar[Risk] = Risk.MEDIUM
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
