"""The policies that a tenant adds to the defaults, and the log of what was decided."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, Integer, SmallInteger, Text
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import PROTECTED, Base, CText, Json, Moment, TenantRow

SCHEMA = "zero_trust"


class PolicyRecord(TenantRow, Base):
    """A row of the seed's `zero_trust_policies`; `applies_to` says which actions it speaks of."""

    __tablename__ = "policies"
    __table_args__ = ({"schema": SCHEMA, **PROTECTED},)

    policy_name: Mapped[CText]
    policy_type: Mapped[CText]
    applies_to: Mapped[list[str]] = mapped_column(ARRAY(Text))
    conditions: Mapped[Json]
    actions: Mapped[Json]
    priority: Mapped[int] = mapped_column(Integer, default=100)
    active: Mapped[bool] = mapped_column(default=True)
    mode: Mapped[CText] = mapped_column(default="enforce")
    medical_context_required: Mapped[bool] = mapped_column(default=False)
    minimum_trust_score: Mapped[int | None] = mapped_column(SmallInteger)
    professional_validation_required: Mapped[bool] = mapped_column(default=False)
    evaluation_count: Mapped[int] = mapped_column(BigInteger, default=0)
    allow_count: Mapped[int] = mapped_column(BigInteger, default=0)
    deny_count: Mapped[int] = mapped_column(BigInteger, default=0)
    last_evaluation: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class EvaluationRecord(Base):
    """A row of the seed's `zero_trust_evaluations`. Devices and places are for later releases."""

    __tablename__ = "evaluations"
    __table_args__ = ({"schema": SCHEMA},)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(UuidType, primary_key=True)
    evaluated_at: Mapped[Moment] = mapped_column(primary_key=True)
    request_id: Mapped[CText | None]
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    resource_requested: Mapped[CText]
    resource_id: Mapped[int | None] = mapped_column(BigInteger)
    action_requested: Mapped[CText]
    device_info: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    location_info: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    decision: Mapped[CText]
    obligations: Mapped[list[str]] = mapped_column(ARRAY(Text))
    trust_score_at_evaluation: Mapped[int | None] = mapped_column(SmallInteger)
    trust_components: Mapped[Json]
    risk_factors: Mapped[Any] = mapped_column(JSONB)
    policy_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    policy_version: Mapped[CText]
    evaluation_time_us: Mapped[int | None] = mapped_column(Integer)
    mode: Mapped[CText]
    occurrences: Mapped[int] = mapped_column(BigInteger, default=1)
