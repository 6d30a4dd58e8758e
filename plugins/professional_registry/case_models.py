"""Cases, and what was done about them."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, CText, Moment, TenantRow
from plugins.professional_registry.models import PROTECTED_HERE


class CaseState(StrEnum):
    """A contested case waits for its review; it cannot be closed before."""

    OPEN = "open"
    CONTESTED = "contested"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What a review said; RESTORED is a case that a fresh verification has ended by itself."""

    UPHELD = "upheld"
    OVERTURNED = "overturned"
    RESTORED = "restored"


class ActionKind(StrEnum):
    """What an officer can do about a text that carries the person."""

    REASSIGN = "reassign"
    RE_REVIEW = "re_review"
    UNPUBLISH = "unpublish"
    RESTORE = "restore"
    ADD_NOTICE = "add_notice"
    NOTE = "note"


class Case(TenantRow, Base):
    """A registration that lost the right to sign. `criteria` is what the automatic suspension
    rested on; `opened_by_request` finds its events in the audit trail."""

    __tablename__ = "cases"
    __table_args__ = PROTECTED_HERE

    professional_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(BigInteger)
    opened_at: Mapped[Moment]
    opened_by_request: Mapped[CText]
    reason: Mapped[CText]
    from_status: Mapped[CText]
    to_status: Mapped[CText]
    criteria: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[CText]
    contest: Mapped[str | None] = mapped_column(Text)
    contested_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reviewed_by: Mapped[int | None] = mapped_column(BigInteger)
    reviewed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[CText | None]
    outcome_reason: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CaseAction(TenantRow, Base):
    """Something that was done about a case. Rows are added, never changed or removed."""

    __tablename__ = "case_actions"
    __table_args__ = PROTECTED_HERE

    case_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[CText]
    post_id: Mapped[int | None] = mapped_column(BigInteger)
    to_user_id: Mapped[int | None] = mapped_column(BigInteger)
    by_user_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[Moment]
    detail: Mapped[str] = mapped_column(Text)


CASE_MODELS = (Case, CaseAction)
