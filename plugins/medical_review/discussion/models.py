"""Threads about a text, what was said in them, and every step of theirs. Nothing of it is ever
deleted: what was said of a text before it was approved is evidence."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, DateTime, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import Base, CText, Moment, TenantRow
from plugins.medical_review.reviewing.models import PROTECTED_HERE


class Kind(StrEnum):
    """A suggestion says which words should stand instead."""

    COMMENT = "comment"
    SUGGESTION = "suggestion"


class Severity(StrEnum):
    """What must be fixed stands in the way of publication until it is resolved."""

    NOTE = "note"
    MUST_FIX = "must_fix"


class ThreadState(StrEnum):
    """A comment is resolved, a suggestion accepted, rejected or withdrawn by who made it."""

    OPEN = "open"
    RESOLVED = "resolved"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """A step of a thread."""

    OPEN = "open"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"


class Written(StrEnum):
    """How a version of a comment came to be."""

    WRITTEN = "written"
    EDITED = "edited"
    DELETED = "deleted"


class Thread(TenantRow, Base):
    """Something said about a text or a place in it. The place is kept as it was in the revision
    that was before who opened it; `anchors` finds it again in others."""

    __tablename__ = "threads"
    __table_args__ = PROTECTED_HERE

    post_id: Mapped[int] = mapped_column(BigInteger)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[CText]
    severity: Mapped[CText]
    target: Mapped[CText]
    field: Mapped[CText]
    quote: Mapped[str] = mapped_column(Text)
    prefix: Mapped[str] = mapped_column(Text)
    suffix: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)
    block: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    block_name: Mapped[CText]
    replacement: Mapped[str | None] = mapped_column(Text)
    state: Mapped[CText]
    opened_by: Mapped[int] = mapped_column(BigInteger)
    opened_at: Mapped[Moment]
    settled_by: Mapped[int | None] = mapped_column(BigInteger)
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    made_revision_id: Mapped[int | None] = mapped_column(BigInteger)


class Comment(TenantRow, Base):
    """That somebody said something in a thread; what, stands in its versions."""

    __tablename__ = "comments"
    __table_args__ = PROTECTED_HERE

    thread_id: Mapped[int] = mapped_column(BigInteger)
    post_id: Mapped[int] = mapped_column(BigInteger)
    author_id: Mapped[int] = mapped_column(BigInteger)
    written_at: Mapped[Moment]


class CommentVersion(TenantRow, Base):
    """The words of a comment, and who they call by name; the last version is the one shown."""

    __tablename__ = "comment_versions"
    __table_args__ = PROTECTED_HERE

    comment_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int] = mapped_column(Integer)
    act: Mapped[CText]
    body: Mapped[str] = mapped_column(Text)
    mentioned: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    written_at: Mapped[Moment]


class ThreadAct(TenantRow, Base):
    """A step of a thread: who took it, why, and which revision was worked on then."""

    __tablename__ = "thread_acts"
    __table_args__ = PROTECTED_HERE

    thread_id: Mapped[int] = mapped_column(BigInteger)
    post_id: Mapped[int] = mapped_column(BigInteger)
    revision_id: Mapped[int] = mapped_column(BigInteger)
    act: Mapped[CText]
    reason: Mapped[str] = mapped_column(Text)
    taken_by: Mapped[int] = mapped_column(BigInteger)
    taken_at: Mapped[Moment]


DISCUSSION_MODELS = (Thread, Comment, CommentVersion, ThreadAct)
