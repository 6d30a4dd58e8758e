"""Keys of tenants, wrapped, and the values that are sealed with them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import PROTECTED, Base, CText, Moment


class EncryptionKey(Base):
    """A key of a tenant for one purpose, wrapped by the platform key `platform_key`. Of the
    versions of a purpose one is active; those before it are rotating until nothing is sealed with
    them any more, then retired. Of a destroyed one the row is left, with an empty
    `wrapped_key`, as the register of it."""

    __tablename__ = "encryption_keys"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    purpose: Mapped[CText]
    key_version: Mapped[int]
    algorithm: Mapped[CText]
    status: Mapped[CText]
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Moment]
    activated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    rotated_to_key_id: Mapped[int | None] = mapped_column(BigInteger)
    purpose_description: Mapped[str] = mapped_column(Text)
    compliance_requirements: Mapped[dict[str, Any]] = mapped_column(JSONB)
    admin_accessible: Mapped[bool] = mapped_column(default=True)
    emergency_access_protocol: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class SealedValue(Base):
    """One value. What refers to it names the commitment: SHA-256 over a random salt, which stands
    sealed beside the value, and the value. So the reference proves the value to whoever may see it
    and tells nothing to anybody else, and goes on standing when the value is erased."""

    __tablename__ = "sealed_values"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    commitment: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    subject: Mapped[CText]
    subject_id: Mapped[int] = mapped_column(BigInteger)
    field: Mapped[CText]
    key_id: Mapped[int] = mapped_column(BigInteger)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Moment]


MODELS = (EncryptionKey, SealedValue)
