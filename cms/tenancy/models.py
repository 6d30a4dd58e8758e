"""The directory of tenants (global, no row-level security) and their options."""

from typing import Any

from sqlalchemy import BigInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import PROTECTED, Base, CText, Moment


class TenantRecord(Base):
    __tablename__ = "tenants"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    slug: Mapped[CText] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(Text)
    language: Mapped[CText]
    timezone: Mapped[CText]
    created_at: Mapped[Moment]


class TenantHost(Base):
    __tablename__ = "tenant_hosts"

    host: Mapped[CText] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(BigInteger)


class Option(Base):
    __tablename__ = "options"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[CText] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)


class IdCounter(Base):
    __tablename__ = "id_counters"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    space: Mapped[CText] = mapped_column(primary_key=True)
    next: Mapped[int] = mapped_column(BigInteger)
