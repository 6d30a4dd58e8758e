"""Professionals with their registrations, what they were on which day, and the rosters."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, CText, Moment, TenantRow
from plugins.professional_registry.manual_models import MANUAL_MODELS

SCHEMA = "professional_registry"
PROTECTED_HERE = ({"schema": SCHEMA, "info": {"protected": True}},)


class Professional(TenantRow, Base):
    """One registration of one person; somebody registered in two UFs has two rows.

    Home of the seed's `medical_professionals` and of the licence columns of its `users`:
    `professional_registry` is council, regional and number; `license_verified` is
    `validation_status = 'verified'`, `license_verified_at` is `validated_at`.
    """

    __tablename__ = "professionals"
    __table_args__ = PROTECTED_HERE

    user_id: Mapped[int] = mapped_column(BigInteger)
    country: Mapped[CText]
    council: Mapped[CText]
    regional: Mapped[CText]
    number: Mapped[CText]
    category: Mapped[CText]
    profession: Mapped[CText]
    full_name: Mapped[str] = mapped_column(Text)
    specialty: Mapped[str | None] = mapped_column(Text)
    subspecialty: Mapped[str | None] = mapped_column(Text)
    specialties: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    titles: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    validation_status: Mapped[CText]
    status_normalised: Mapped[CText]
    status_raw: Mapped[str] = mapped_column(Text)
    validated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_validation_check: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    external_validation_response: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    validation_api_used: Mapped[CText | None]
    institution: Mapped[str | None] = mapped_column(Text)
    position: Mapped[str | None] = mapped_column(Text)
    bio: Mapped[str | None] = mapped_column(Text)
    profile_photo_url: Mapped[str | None] = mapped_column(Text)
    website: Mapped[str | None] = mapped_column(Text)
    can_approve_medical_content: Mapped[bool]
    approval_scope: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class StatusHistory(TenantRow, Base):
    """Who was what on which day. Rows are added, never changed or removed."""

    __tablename__ = "status_history"
    __table_args__ = PROTECTED_HERE

    professional_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[Moment]
    from_status: Mapped[CText]
    to_status: Mapped[CText]
    status_raw: Mapped[str] = mapped_column(Text)
    source: Mapped[CText]
    as_of: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Roster(Base):
    """One import of a council's bulk file. In use is the newest that was activated.

    It belongs to the tenant: the CFM gives its key to the end user, so each customer holds its own
    licence (regulation facts §0.1).
    """

    __tablename__ = "rosters"
    __table_args__ = PROTECTED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    council: Mapped[CText] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    taken_at: Mapped[Moment]
    imported_at: Mapped[Moment]
    activated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    sha256: Mapped[CText]


class RosterEntry(Base):
    """One line of a roster, as the council printed it; its status is read when it is asked for."""

    __tablename__ = "roster_rows"
    __table_args__ = ({"schema": SCHEMA},)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    council: Mapped[CText] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    regional: Mapped[CText] = mapped_column(primary_key=True)
    number: Mapped[CText] = mapped_column(primary_key=True)
    category: Mapped[CText] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    status_raw: Mapped[str] = mapped_column(Text)
    specialties: Mapped[str] = mapped_column(Text)
    social_name: Mapped[str] = mapped_column(Text, server_default="")


class ProviderAnswer(Base):
    """What an online source said lately, so that asking again costs the customer no question.

    Not protected: it is no truth about anybody, only a copy that serves until `expires_at`.
    """

    __tablename__ = "provider_answers"
    __table_args__ = ({"schema": SCHEMA},)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    provider: Mapped[CText] = mapped_column(primary_key=True)
    country: Mapped[CText] = mapped_column(primary_key=True)
    council: Mapped[CText] = mapped_column(primary_key=True)
    regional: Mapped[CText] = mapped_column(primary_key=True)
    number: Mapped[CText] = mapped_column(primary_key=True)
    category: Mapped[CText] = mapped_column(primary_key=True)
    name: Mapped[CText] = mapped_column(primary_key=True)
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB)
    fetched_at: Mapped[Moment]
    expires_at: Mapped[Moment]


MODELS = (Professional, StatusHistory, Roster, RosterEntry, ProviderAnswer, *MANUAL_MODELS)
