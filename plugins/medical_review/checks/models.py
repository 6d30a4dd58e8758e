"""Rules of a tenant, what counsel chose, what was found, and what was overridden."""

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Date, Integer, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, CText, Moment, TenantRow
from plugins.medical_review.reviewing.models import PROTECTED_HERE, SCHEMA

DERIVED_HERE = ({"schema": SCHEMA},)


class TenantRuleSet(TenantRow, Base):
    """A rule set that an administrator added, whole and for ever; another version is another row.
    `digest` is the SHA-256 of the body."""

    __tablename__ = "check_rule_sets"
    __table_args__ = PROTECTED_HERE

    set_id: Mapped[CText]
    version: Mapped[int] = mapped_column(Integer)
    council: Mapped[CText | None]
    valid_from: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    added_by: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[Moment]


class ChosenSeverity(TenantRow, Base):
    """What counsel decided of a rule that no statute fixes. The newest row of a rule counts."""

    __tablename__ = "check_severities"
    __table_args__ = PROTECTED_HERE

    rule: Mapped[CText]
    severity: Mapped[CText]
    reason: Mapped[str] = mapped_column(Text)
    chosen_by: Mapped[int] = mapped_column(BigInteger)
    chosen_at: Mapped[Moment]


class CheckResult(Base):
    """What the rules of a fingerprint find in the text of a hash. It can be made again from both,
    and holds places only: nothing of the text stands in it."""

    __tablename__ = "check_results"
    __table_args__ = DERIVED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    checked_at: Mapped[Moment]


class PostCheck(Base):
    """What the last scan found in the text that readers have, or that they would get."""

    __tablename__ = "post_checks"
    __table_args__ = DERIVED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    rule_sets: Mapped[list[str]] = mapped_column(ARRAY(Text))
    blockers: Mapped[int] = mapped_column(Integer)
    warnings: Mapped[int] = mapped_column(Integer)
    notes: Mapped[int] = mapped_column(Integer)
    checked_at: Mapped[Moment]


class PostFinding(Base):
    """One rule that the last scan found broken in a post, and in how many places."""

    __tablename__ = "post_findings"
    __table_args__ = DERIVED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    rule: Mapped[CText] = mapped_column(primary_key=True)
    severity: Mapped[CText]
    places: Mapped[int] = mapped_column(Integer)


class Override(TenantRow, Base):
    """Somebody put her name to letting one finding pass, in exactly one text."""

    __tablename__ = "check_overrides"
    __table_args__ = PROTECTED_HERE

    post_id: Mapped[int] = mapped_column(BigInteger)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    rule: Mapped[CText]
    rule_set: Mapped[CText]
    severity: Mapped[CText]
    justification: Mapped[str] = mapped_column(Text)
    signature_id: Mapped[int] = mapped_column(BigInteger)
    overridden_by: Mapped[int] = mapped_column(BigInteger)
    overridden_at: Mapped[Moment]


class MedicineList(TenantRow, Base):
    """One import of a list of medicines; the newest is in use."""

    __tablename__ = "medicine_lists"
    __table_args__ = PROTECTED_HERE

    source: Mapped[str] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    names: Mapped[int] = mapped_column(Integer)
    imported_by: Mapped[int] = mapped_column(BigInteger)
    imported_at: Mapped[Moment]


class MedicineName(Base):
    """A name of a list; `first_word` is folded, as a text has it."""

    __tablename__ = "medicines"
    __table_args__ = PROTECTED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    list_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    first_word: Mapped[CText]
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[CText]
    substance: Mapped[str] = mapped_column(Text)
    is_brand: Mapped[bool]


CHECK_MODELS = (
    TenantRuleSet,
    ChosenSeverity,
    CheckResult,
    PostCheck,
    PostFinding,
    Override,
    MedicineList,
    MedicineName,
)
