"""Imports: their runs, what each old thing became here, the report, and originals."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import PROTECTED, Base, CText, Moment, TenantRow


class ImportRun(TenantRow, Base):
    """One import of one file; a run that was killed is taken up again by the same command."""

    __tablename__ = "import_runs"
    __table_args__ = (PROTECTED,)

    source: Mapped[CText]
    file_name: Mapped[str] = mapped_column(Text)
    file_digest: Mapped[bytes] = mapped_column(LargeBinary)
    is_dry_run: Mapped[bool]
    options: Mapped[dict[str, Any]] = mapped_column(JSONB)
    first_ids: Mapped[dict[str, Any]] = mapped_column(JSONB)
    operator_id: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[CText]
    fault: Mapped[str] = mapped_column(Text, default="")
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    started_at: Mapped[Moment]
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ImportItem(Base):
    """What a thing of the old site became: found again when a newer export brings it."""

    __tablename__ = "import_items"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    source: Mapped[CText] = mapped_column(primary_key=True)
    kind: Mapped[CText] = mapped_column(primary_key=True)
    key: Mapped[CText] = mapped_column(primary_key=True)
    new_id: Mapped[int] = mapped_column(BigInteger)
    revision_id: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    here: Mapped[bytes | None] = mapped_column(LargeBinary)
    waiting: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    run_id: Mapped[int] = mapped_column(BigInteger)


class ImportLine(Base):
    """A line of a run's report."""

    __tablename__ = "import_lines"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[CText]
    key: Mapped[CText]
    title: Mapped[str] = mapped_column(Text)
    outcome: Mapped[CText]
    new_id: Mapped[int | None] = mapped_column(BigInteger)
    notes: Mapped[list[str]] = mapped_column(JSONB)


class ImportOriginal(Base):
    """A text as it stood in the old system, where what is stored here is another; never served."""

    __tablename__ = "import_originals"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    run_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[CText] = mapped_column(primary_key=True)
    object_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    field: Mapped[CText] = mapped_column(primary_key=True)
    original: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[Moment]


MODELS = (ImportRun, ImportItem, ImportLine, ImportOriginal)
