"""Users, roles, application passwords and tokens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, Text
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import PROTECTED, Base, CText, Moment, TenantRow


class RoleRecord(Base):
    __tablename__ = "roles"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[CText] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(Text)
    capabilities: Mapped[list[str]] = mapped_column(ARRAY(Text))
    medical_scope: Mapped[dict[str, Any]] = mapped_column(JSONB)
    compliance_level: Mapped[CText]
    audit_required: Mapped[bool]


class User(TenantRow, Base):
    __tablename__ = "users"
    __table_args__ = (PROTECTED,)

    login: Mapped[CText]
    email: Mapped[CText]
    display_name: Mapped[str] = mapped_column(Text)
    nicename: Mapped[CText]
    url: Mapped[str] = mapped_column(Text, default="")
    description: Mapped[str] = mapped_column(Text, default="")
    locale: Mapped[CText] = mapped_column(default="")
    first_name: Mapped[str] = mapped_column(Text, default="")
    last_name: Mapped[str] = mapped_column(Text, default="")
    nickname: Mapped[str] = mapped_column(Text, default="")
    preferences: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    meta: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    password_hash: Mapped[str | None] = mapped_column(Text)
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_login_attempts: Mapped[int] = mapped_column(default=0)
    account_locked_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_login_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    left_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    successor_id: Mapped[int | None] = mapped_column(BigInteger)


class UserRole(Base):
    """A role that somebody has, for good or until it ends by itself."""

    __tablename__ = "user_roles"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    role_name: Mapped[CText] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ApplicationPassword(Base):
    __tablename__ = "application_passwords"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(UuidType, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    app_id: Mapped[CText] = mapped_column(default="")
    created_at: Mapped[Moment]
    last_used: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_ip: Mapped[CText | None]


class Token(Base):
    __tablename__ = "tokens"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(UuidType, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    factors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    authenticated_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
