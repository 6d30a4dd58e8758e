"""What is kept of a text after its publication: its versions, when it is to be reviewed again, why
its review was reopened, and what readers are told of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, DateTime, LargeBinary, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, CText, Moment, TenantRow
from plugins.medical_review.reviewing.models import PROTECTED_HERE, SCHEMA


class AftercareRules(Base):
    """A site's own rules of aftercare, in the form of `rules.Rules`; one row or none."""

    __tablename__ = "aftercare_rules"
    __table_args__ = PROTECTED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changed_at: Mapped[Moment]
    changed_by: Mapped[int | None] = mapped_column(BigInteger)


class Publication(TenantRow, Base):
    """That readers got this text from that moment on. Rows are added, never changed."""

    __tablename__ = "publications"
    __table_args__ = PROTECTED_HERE

    post_id: Mapped[int] = mapped_column(BigInteger)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    published_at: Mapped[Moment]
    is_inherited: Mapped[bool]


class Upkeep(Base):
    """When a live, reviewed text is to be reviewed again. `done_step` is the last reminder or
    consequence, in days from the due date; `step_at` is when to look at it again, null for one that
    readers do not have or that nothing more is to be done about."""

    __tablename__ = "upkeep"
    __table_args__ = PROTECTED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    reviewed_at: Mapped[Moment]
    due_on: Mapped[date] = mapped_column(Date)
    risk: Mapped[CText]
    is_live: Mapped[bool]
    done_step: Mapped[int | None] = mapped_column(SmallInteger)
    step_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    changed_by: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)


class Reopening(TenantRow, Base):
    """Why a text has to be judged again although it was approved; closed by a newer approval, or by
    a person who says why. `source` is the id of what is the reason, such as a case."""

    __tablename__ = "reopenings"
    __table_args__ = PROTECTED_HERE

    post_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[CText]
    source: Mapped[int | None] = mapped_column(BigInteger)
    opened_at: Mapped[Moment]
    opened_by: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_by: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[str] = mapped_column(Text)


class PublicNotice(TenantRow, Base):
    """What readers are told beside a live text, until it is lifted."""

    __tablename__ = "public_notices"
    __table_args__ = PROTECTED_HERE

    post_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[CText]
    placed_at: Mapped[Moment]
    placed_by: Mapped[int | None] = mapped_column(BigInteger)
    lifted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    lifted_by: Mapped[int | None] = mapped_column(BigInteger)


class CaseText(Base):
    """That a text carried a professional when a case about her registration was opened."""

    __tablename__ = "case_texts"
    __table_args__ = PROTECTED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    role: Mapped[CText] = mapped_column(primary_key=True)
    status: Mapped[CText]
    revision_id: Mapped[int] = mapped_column(BigInteger)
    review_id: Mapped[int | None] = mapped_column(BigInteger)


class InheritedText(Base):
    """A text that was public before it came here: what makes it risky, and whether somebody has
    reviewed it since. Derived from the text, so that no list reads ten thousand of them."""

    __tablename__ = "inherited_texts"
    __table_args__ = ({"schema": SCHEMA},)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    risk: Mapped[int] = mapped_column(SmallInteger)
    reasons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    specialties: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    is_live: Mapped[bool]
    noted_at: Mapped[Moment]
    reviewed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    findings: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    scanned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class InheritedPlan(TenantRow, Base):
    """How many inherited texts of a level and a specialty are reviewed in a week, from a day on."""

    __tablename__ = "inherited_plans"
    __table_args__ = PROTECTED_HERE

    level: Mapped[CText | None]
    specialty: Mapped[int | None] = mapped_column(BigInteger)
    per_week: Mapped[int] = mapped_column(SmallInteger)
    starts_on: Mapped[date] = mapped_column(Date)
    made_at: Mapped[Moment]
    made_by: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class InheritedDuty(Base):
    """By when an inherited text is to be reviewed, and by whom."""

    __tablename__ = "inherited_duties"
    __table_args__ = PROTECTED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    plan_id: Mapped[int | None] = mapped_column(BigInteger)
    due_on: Mapped[date | None] = mapped_column(Date)
    assigned_to: Mapped[int | None] = mapped_column(BigInteger)
    assigned_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    assigned_by: Mapped[int | None] = mapped_column(BigInteger)


class Amendment(TenantRow, Base):
    """What a person has put her name to about a published text: a correction (`wrong`, and what is
    `correct`), a retraction, or a reinstatement. Rows are added, never changed."""

    __tablename__ = "amendments"
    __table_args__ = PROTECTED_HERE

    post_id: Mapped[int] = mapped_column(BigInteger)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[CText]
    wrong: Mapped[str] = mapped_column(Text)
    correct: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[Moment]
    made_by: Mapped[int] = mapped_column(BigInteger)
    signature_id: Mapped[int] = mapped_column(BigInteger)


MODELS = (
    AftercareRules,
    Publication,
    Upkeep,
    Reopening,
    PublicNotice,
    CaseText,
    InheritedText,
    InheritedPlan,
    InheritedDuty,
    Amendment,
)
