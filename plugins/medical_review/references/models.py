"""The literature that a site knows: each publication once, and what was said of it, version by
version."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, CText, Json, Moment, TenantRow
from plugins.medical_review.reviewing.models import PROTECTED_HERE, SCHEMA


class Notice(StrEnum):
    """What a journal has said of a publication afterwards, the gravest last."""

    CORRECTED = "corrected"
    CONCERN = "concern"
    RETRACTED = "retracted"


class Origin(StrEnum):
    """Where the facts of an entry came from."""

    CROSSREF = "crossref"
    PUBMED = "pubmed"
    EUROPE_PMC = "europe_pmc"
    HAND = "hand"
    IMPORT = "import"


class CitationStyle(StrEnum):
    """The styles that a site can choose from."""

    VANCOUVER = "vancouver"
    ABNT = "abnt"
    APA = "apa"

    @property
    def is_numeric(self) -> bool:
        """Whether a citation is a number, or author and year."""
        return self is CitationStyle.VANCOUVER


class LibraryEntry(TenantRow, Base):
    """A publication as the library has it today. `key` is what tells two of them apart; of an
    entry that was merged into another one the identifiers are free again. `words` are searched."""

    __tablename__ = "library_entries"
    __table_args__ = PROTECTED_HERE

    key: Mapped[CText]
    doi: Mapped[str | None] = mapped_column(Text(collation="C"))
    pmid: Mapped[str | None] = mapped_column(Text(collation="C"))
    pmcid: Mapped[str | None] = mapped_column(Text(collation="C"))
    isbn: Mapped[str | None] = mapped_column(Text(collation="C"))
    url: Mapped[str | None] = mapped_column(Text(collation="C"))
    csl: Mapped[Json]
    words: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    origin: Mapped[CText]
    fetched_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    notice: Mapped[str | None] = mapped_column(Text(collation="C"))
    notice_doi: Mapped[str | None] = mapped_column(Text(collation="C"))
    notice_origin: Mapped[str | None] = mapped_column(Text(collation="C"))
    noticed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    asked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    merged_into: Mapped[int | None] = mapped_column(BigInteger)
    added_by: Mapped[int | None] = mapped_column(BigInteger)
    added_at: Mapped[Moment]
    changed_at: Mapped[Moment]


class LibraryVersion(Base):
    """What an entry said at a time; never changed, since approved texts are copies of it."""

    __tablename__ = "library_versions"
    __table_args__ = PROTECTED_HERE

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    csl: Mapped[dict[str, Any]] = mapped_column(JSONB)
    origin: Mapped[CText]
    by: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[Moment]


class ReferenceUse(Base):
    """That a revision names a publication, by the key that its entry has there. Follows from the
    revision, so no event tells of it."""

    __tablename__ = "reference_uses"
    __table_args__ = ({"schema": SCHEMA},)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[CText] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger)


REFERENCE_MODELS = (LibraryEntry, LibraryVersion, ReferenceUse)
