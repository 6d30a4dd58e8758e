"""Field groups with their versions, values of things that are not posts, what filters compare."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Double
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import PROTECTED, Base, CText, Moment


class FieldGroup(Base):
    """A group of the site as it is now. `definition` keeps the order of its keys."""

    __tablename__ = "field_groups"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[CText] = mapped_column(primary_key=True)
    version: Mapped[int]
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class FieldGroupVersion(Base):
    """A group as it was; never changed, because revisions name it."""

    __tablename__ = "field_group_versions"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[CText] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    editor_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Moment]


class FieldValue(Base):
    """The value of one top-level field of a term, a user, a comment or an options page."""

    __tablename__ = "field_values"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    subject: Mapped[CText] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    subject_name: Mapped[CText] = mapped_column(primary_key=True, default="")
    name: Mapped[CText] = mapped_column(primary_key=True)
    field_key: Mapped[CText]
    group_key: Mapped[CText]
    group_version: Mapped[int]
    value: Mapped[Any] = mapped_column(JSONB)
    updated_at: Mapped[Moment]


class FieldIndexRow(Base):
    """One value that lists of posts are filtered and sorted by."""

    __tablename__ = "field_index"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    is_live: Mapped[bool] = mapped_column(primary_key=True)
    field: Mapped[CText] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shelf: Mapped[CText]
    date_local: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    text_value: Mapped[CText | None]
    number_value: Mapped[float | None] = mapped_column(Double)
    moment_value: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


MODELS = (FieldGroup, FieldGroupVersion, FieldValue, FieldIndexRow)
