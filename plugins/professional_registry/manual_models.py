"""What people vouch for: corrections of the table, manual proofs, the clinic's identification."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, CText, Json, Moment, TenantRow

_PROTECTED = ({"schema": "professional_registry", "info": {"protected": True}},)


class Kind(StrEnum):
    """What of a council can be corrected: what a word means, a region's UFs, one more accepted
    spelling, the form of the number."""

    STATUS = "status"
    REGION = "region"
    SPELLING = "spelling"
    FORM = "form"


class CorrectionState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


class Correction(TenantRow, Base):
    """One item of the councils' table as this tenant knows it better."""

    __tablename__ = "council_corrections"
    __table_args__ = _PROTECTED

    council: Mapped[CText]
    kind: Mapped[CText]
    subject: Mapped[CText]
    value: Mapped[Json]
    state: Mapped[CText]
    note: Mapped[str] = mapped_column(Text)
    proposed_by: Mapped[int | None] = mapped_column(BigInteger)
    proposed_at: Mapped[Moment]
    confirmed_by: Mapped[int | None] = mapped_column(BigInteger)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ManualProof(TenantRow, Base):
    """What a person saw on a register's own page, with the hash of what she kept of it.

    The file is not here: its SHA-256 proves it, whoever holds it.
    """

    __tablename__ = "manual_proofs"
    __table_args__ = _PROTECTED

    professional_id: Mapped[int] = mapped_column(BigInteger)
    checked_by: Mapped[int] = mapped_column(BigInteger)
    checked_at: Mapped[Moment]
    page: Mapped[str] = mapped_column(Text)
    name_shown: Mapped[str] = mapped_column(Text)
    status: Mapped[CText]
    status_raw: Mapped[str] = mapped_column(Text)
    specialties: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    evidence_sha256: Mapped[CText]
    evidence_name: Mapped[str] = mapped_column(Text)
    evidence_size: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[Moment]
    recorded_at: Mapped[Moment]
    confirmed_by: Mapped[int | None] = mapped_column(BigInteger)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str] = mapped_column(Text)


class ClinicIdentification(Base):
    """The establishment as CFM 2.336/2023, arts. 5 and 6, wants it named."""

    __tablename__ = "clinic_identification"
    __table_args__ = _PROTECTED

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    council: Mapped[CText]
    regional: Mapped[CText]
    number: Mapped[CText]
    category: Mapped[CText]
    director_user_id: Mapped[int] = mapped_column(BigInteger)
    specialty: Mapped[str | None] = mapped_column(Text)
    updated_by: Mapped[int | None] = mapped_column(BigInteger)
    updated_at: Mapped[Moment]


MANUAL_MODELS = (Correction, ManualProof, ClinicIdentification)
