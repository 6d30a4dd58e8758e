"""Reviews, and the decisions that people put their names to."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, query_expression

from cms.database.types import Base, CText, Moment, TenantRow

SCHEMA = "medical_review"
PROTECTED_HERE = ({"schema": SCHEMA, "info": {"protected": True}},)


class State(StrEnum):
    """Where a review stands. Only an open one can be decided on."""

    OPEN = "open"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    APPROVE = "approve"
    SEND_BACK = "send_back"


class Review(TenantRow, Base):
    """One text handed over for review. Another text of the same post is another review. `stage` is
    the one that it waits in, or ended in."""

    __tablename__ = "reviews"
    __table_args__ = PROTECTED_HERE

    post_id: Mapped[int] = mapped_column(BigInteger)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[CText]
    stage: Mapped[CText]
    submitted_by: Mapped[int | None] = mapped_column(BigInteger)
    submitted_at: Mapped[Moment]
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DecisionRecord(TenantRow, Base):
    """Who said what of exactly which text, and as whom; never changed: the application has no
    right to. `signatures` says what each column is there for."""

    __tablename__ = "decisions"
    __table_args__ = PROTECTED_HERE

    review_id: Mapped[int] = mapped_column(BigInteger)
    post_id: Mapped[int] = mapped_column(BigInteger)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    stage: Mapped[CText]
    verdict: Mapped[CText]
    comment: Mapped[str] = mapped_column(Text)
    meaning: Mapped[CText]
    level: Mapped[CText]
    reviewer_id: Mapped[int] = mapped_column(BigInteger)
    reviewer_name: Mapped[str] = mapped_column(Text)
    reviewer_registration: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    method: Mapped[CText]
    factors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    authenticated_at: Mapped[Moment]
    decided_at: Mapped[Moment]
    decision_hash: Mapped[bytes] = mapped_column(LargeBinary)
    # Whom she spoke for stands in `voices`; reads that show it bring it along.
    on_behalf_of: Mapped[int | None] = query_expression()


MODELS = (Review, DecisionRecord)
