"""Users, roles, and the proofs by which they are known."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, LargeBinary, SmallInteger, Text
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


class Session(Base):
    """A sign-in of a browser. `digest` is the keyed hash of the secret that it holds."""

    __tablename__ = "sessions"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(UuidType, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    factors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    is_remembered: Mapped[bool]
    authenticated_at: Mapped[Moment]
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    user_agent: Mapped[str] = mapped_column(Text, default="")
    ip: Mapped[CText | None]


class SessionUse(Base):
    """When a session was used last, apart from it: using it locks nothing that ends it."""

    __tablename__ = "session_uses"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    session_id: Mapped[UUID] = mapped_column(UuidType, primary_key=True)
    last_seen_at: Mapped[Moment]


class UserFactor(Base):
    """A second factor; its secret is the sealed value that `commitment` names. `last_step` is the
    newest time step whose code was taken."""

    __tablename__ = "user_factors"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[CText] = mapped_column(primary_key=True)
    commitment: Mapped[bytes] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[Moment]
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class RecoveryCode(Base):
    """The keyed hash of a code that opens an account once, when the second factor is lost."""

    __tablename__ = "recovery_codes"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PendingSignIn(Base):
    """A sign-in whose password was right and whose code is awaited."""

    __tablename__ = "pending_sign_ins"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(UuidType, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    is_remembered: Mapped[bool]
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class KnownAgent(Base):
    """A kind of browser that a person has signed in with."""

    __tablename__ = "known_agents"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    first_seen_at: Mapped[Moment]


MODELS = (
    RoleRecord,
    User,
    UserRole,
    ApplicationPassword,
    Token,
    Session,
    SessionUse,
    UserFactor,
    RecoveryCode,
    PendingSignIn,
    KnownAgent,
)
