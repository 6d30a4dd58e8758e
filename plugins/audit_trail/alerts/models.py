"""Rules, what they have counted, what they raised, and how far the watch has come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, Text
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, CText, Moment, TenantRow

DESK = "audit_desk"
PROTECTED_HERE = ({"schema": DESK, "info": {"protected": True}},)

THRESHOLD, OUT_OF_HOURS, ALARM = "threshold", "out_of_hours", "alarm"
KINDS = (THRESHOLD, OUT_OF_HOURS, ALARM)
KEYS = ("none", "actor", "resource", "address")
OPEN, ACKNOWLEDGED = "open", "acknowledged"


class AlertRule(TenantRow, Base):
    """`threshold` events of the filter, or of the search, with the same `key` within the window
    raise an alert; then none of that key for the cool-down. One of the kind `out_of_hours` counts
    only what happens outside of `hours`; one of the kind `alarm` hears the log's own alarms."""

    __tablename__ = "rules"
    __table_args__ = PROTECTED_HERE

    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[CText]
    filter: Mapped[dict[str, Any]] = mapped_column(JSONB)
    search_id: Mapped[int | None] = mapped_column(BigInteger)
    key: Mapped[CText]
    threshold: Mapped[int]
    window_seconds: Mapped[int]
    cooldown_seconds: Mapped[int]
    hours: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    emails: Mapped[list[str]] = mapped_column(ARRAY(Text))
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    is_active: Mapped[bool]
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class Tally(Base):
    """The newest matching events of one key. The key itself is a keyed hash: an address or a person
    is not written down a second time."""

    __tablename__ = "tallies"
    __table_args__ = ({"schema": DESK},)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    rule_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    moments: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))
    events: Mapped[list[UUID]] = mapped_column(ARRAY(UuidType))
    told_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Alert(TenantRow, Base):
    """What a rule found: the events by their ids, and when. `state`: open or acknowledged."""

    __tablename__ = "alerts"
    __table_args__ = PROTECTED_HERE

    rule_id: Mapped[int] = mapped_column(BigInteger)
    rule_name: Mapped[str] = mapped_column(Text)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    resource_type: Mapped[CText | None]
    resource_id: Mapped[int | None] = mapped_column(BigInteger)
    events: Mapped[list[UUID]] = mapped_column(ARRAY(UuidType))
    raised_at: Mapped[Moment]
    state: Mapped[CText]
    acknowledged_by: Mapped[int | None] = mapped_column(BigInteger)
    acknowledged_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str] = mapped_column(Text)


class Watch(Base):
    """The last place of the log, and the last alarm, that a tenant's rules have looked at."""

    __tablename__ = "watch"
    __table_args__ = ({"schema": DESK},)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    epoch: Mapped[int]
    seq: Mapped[int] = mapped_column(BigInteger)
    alarm_id: Mapped[int] = mapped_column(BigInteger)


MODELS = (AlertRule, Tally, Alert, Watch)
