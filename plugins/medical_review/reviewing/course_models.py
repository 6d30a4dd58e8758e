"""What belongs to a review while it runs: its way through the workflow, who has spoken, who has
taken it up, who speaks for whom, who is away, who was asked from outside."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, CText, Moment, TenantRow
from plugins.medical_review.reviewing.models import PROTECTED_HERE


class Priority(StrEnum):
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Ended(StrEnum):
    """How a claim ended."""

    DECIDED = "decided"
    RELEASED = "released"
    REASSIGNED = "reassigned"
    ABSENT = "absent"
    CLOSED = "closed"


class Round(Base):
    """Where a review is on its way. The workflow's version is the one that it began with."""

    __tablename__ = "rounds"
    __table_args__ = PROTECTED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    review_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger)
    workflow: Mapped[CText]
    version: Mapped[int] = mapped_column(BigInteger)
    risk: Mapped[CText]
    specialties: Mapped[list[str]] = mapped_column(ARRAY(Text))
    stage: Mapped[CText]
    priority: Mapped[CText]
    entered_at: Mapped[Moment]
    due_at: Mapped[Moment]
    overdue_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    escalated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class VoiceRecord(Base):
    """That a person has spoken in a review, in which stage, for which seats, and for whom; what she
    said is the decision. One person speaks once in a review."""

    __tablename__ = "voices"
    __table_args__ = PROTECTED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    decision_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    review_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int] = mapped_column(BigInteger)
    on_behalf_of: Mapped[int | None] = mapped_column(BigInteger)
    stage: Mapped[CText]
    seats: Mapped[list[str]] = mapped_column(ARRAY(Text))


class Claim(TenantRow, Base):
    """That somebody has a review in hand in this stage."""

    __tablename__ = "claims"
    __table_args__ = PROTECTED_HERE

    review_id: Mapped[int] = mapped_column(BigInteger)
    stage: Mapped[CText]
    user_id: Mapped[int] = mapped_column(BigInteger)
    given_by: Mapped[int | None] = mapped_column(BigInteger)
    taken_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_as: Mapped[CText | None]


class Absence(TenantRow, Base):
    """When a person is away: she is not proposed, and what she has in hand is free again."""

    __tablename__ = "absences"
    __table_args__ = PROTECTED_HERE

    user_id: Mapped[int] = mapped_column(BigInteger)
    from_at: Mapped[Moment]
    to_at: Mapped[Moment]
    noted_by: Mapped[int | None] = mapped_column(BigInteger)
    noted_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Delegation(TenantRow, Base):
    """That one person may decide for another, until it ends."""

    __tablename__ = "delegations"
    __table_args__ = PROTECTED_HERE

    from_user_id: Mapped[int] = mapped_column(BigInteger)
    to_user_id: Mapped[int] = mapped_column(BigInteger)
    starts_at: Mapped[Moment]
    ends_at: Mapped[Moment]
    noted_by: Mapped[int | None] = mapped_column(BigInteger)
    noted_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Invitation(TenantRow, Base):
    """A reviewer from outside: bound to one review, and so to one text. Neither the link nor a code
    is kept: both are derived from the installation's key."""

    __tablename__ = "invitations"
    __table_args__ = PROTECTED_HERE

    review_id: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    user_id: Mapped[int] = mapped_column(BigInteger)
    seat: Mapped[CText]
    invited_by: Mapped[int | None] = mapped_column(BigInteger)
    invited_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    codes_sent: Mapped[int] = mapped_column(BigInteger)
    code_sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    tries: Mapped[int] = mapped_column(BigInteger)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


COURSE_MODELS = (Round, VoiceRecord, Claim, Absence, Delegation, Invitation)
