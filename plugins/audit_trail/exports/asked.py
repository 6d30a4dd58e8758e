"""What an export was asked for, and who may ask for it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from cms.errors import InvalidInput
from plugins.audit_trail.officers.filters import LARGEST_ID


class Form(StrEnum):
    """A form for people and programs; the evidence is in every export."""

    JSON = "json"
    CSV = "csv"
    FHIR_R4 = "fhir-r4"
    FHIR_R5 = "fhir-r5"
    OCSF = "ocsf"


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which events. All conditions hold together; without any it is the whole trail of the site.
    `since` and `until` bound the time, `since` inclusive; `first` and `last` are entries of the log
    of epoch `epoch` (the newest when nothing is said), both inclusive."""

    since: datetime | None = None
    until: datetime | None = None
    epoch: int | None = None
    first: int | None = None
    last: int | None = None
    event_id: str | None = None
    resource_type: str | None = None
    resource_id: int | None = None
    actor_id: int | None = None
    data_subject: str | None = None
    action: str | None = None
    outcome: str | None = None
    risk_level: str | None = None
    request_id: str | None = None

    def conditions(self, newest: int) -> tuple[str, dict[str, Any]]:
        """The conditions in SQL on `audit.trail e`, each one that the barrier lets pass down to an
        index, with their values."""
        told, values = "", dict[str, Any]()
        for name, condition in _CONDITIONS.items():
            if (value := getattr(self, name)) is not None:
                told += f" and {condition}"
                values[name] = value
        if self.first is not None or self.last is not None:
            told += " and coalesce(e.epoch, -1) = :of_epoch"
            values["of_epoch"] = newest if self.epoch is None else self.epoch
        return told, values

    def told(self) -> dict[str, Any]:
        """The conditions that were set, for the manifest and for the trail."""
        said: dict[str, Any] = msgspec.to_builtins(self)
        return {name: value for name, value in said.items() if value is not None}

    def refuse_faults(self) -> None:
        """InvalidInput names what no event can have."""
        faults = {
            name: f"must be between 0 and {LARGEST_ID}"
            for name in ("first", "last", "resource_id", "actor_id")
            if (value := getattr(self, name)) is not None and not 0 <= value <= LARGEST_ID
        }
        for name in ("since", "until"):
            moment: datetime | None = getattr(self, name)
            if moment is not None and moment.tzinfo is None:
                faults[name] = "needs a time zone, such as 2026-01-01T00:00:00Z"
        if faults:
            raise InvalidInput(faults)


_CONDITIONS = {
    "since": 'e."timestamp" >= :since',
    "until": 'e."timestamp" < :until',
    "epoch": "coalesce(e.epoch, -1) = :epoch",
    "first": "coalesce(e.seq, -1) >= :first",
    "last": "coalesce(e.seq, 0) <= :last",
    "event_id": "e.event_id = cast(:event_id as uuid)",
    "resource_type": "e.resource_type = :resource_type",
    "resource_id": "e.resource_id = :resource_id",
    "actor_id": "e.actor_id = :actor_id",
    "data_subject": "e.data_subject_id = :data_subject",
    "action": "e.action = :action",
    "outcome": "e.outcome = :outcome",
    "risk_level": "e.risk_level = :risk_level",
    "request_id": "e.request_id = :request_id",
}
