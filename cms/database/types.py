"""Base of all models, and the column types whose order or form matters."""

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, DateTime, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Byte order on every server: a managed PostgreSQL comes with its own collation.
CText = Annotated[str, mapped_column(Text(collation="C"))]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Json = Annotated[dict[str, Any], mapped_column(JSONB)]

PROTECTED = {"info": {"protected": True}}  # its changes must be told by an event


class Base(DeclarativeBase):
    """Models mirror the migrations; a test compares the two."""

    metadata = MetaData(schema="cms")


class TenantRow:
    """Tenant first: in the primary key, in every unique and in every foreign key."""

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
