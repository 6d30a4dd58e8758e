"""Notices, and how each person wants to be told."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, DateTime, SmallInteger, Time
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import PROTECTED, Base, CText, Moment, TenantRow


class MailState(StrEnum):
    """How far the letter of a notice is. OFF: there was no mail server. DROPPED: its reader had
    read the notice or left before it was sent. REFUSED by the server for good; FAILED after every
    attempt."""

    NONE = "none"
    OFF = "off"
    WAITING = "waiting"
    DIGEST = "digest"
    SENT = "sent"
    DROPPED = "dropped"
    REFUSED = "refused"
    FAILED = "failed"


class Digest(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"


class Notice(TenantRow, Base):
    """One person is told one thing; the words are chosen when she reads it. `mail_at`: when its
    letter is sent or tried again, or was sent. `key`: telling it once more is telling it once."""

    __tablename__ = "notices"

    user_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[CText]
    about: Mapped[CText]
    about_id: Mapped[int] = mapped_column(BigInteger)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    key: Mapped[CText | None]
    is_urgent: Mapped[bool]
    is_listed: Mapped[bool]
    created_at: Mapped[Moment]
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    mail: Mapped[CText]
    mail_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    mail_attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    mail_fault: Mapped[CText] = mapped_column(default="")


class NoticePreference(Base):
    """How a person is told of one kind; what she has not said is as the kind declares it."""

    __tablename__ = "notice_preferences"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[CText] = mapped_column(primary_key=True)
    in_app: Mapped[bool]
    mail: Mapped[CText]


class NoticeHours(Base):
    """When a person is left in peace and when her digest comes, on the clock of her zone; an empty
    zone is the site's. Weekdays are 0 (Monday) to 6."""

    __tablename__ = "notice_hours"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    timezone: Mapped[CText] = mapped_column(default="")
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_until: Mapped[time | None] = mapped_column(Time)
    digest: Mapped[CText] = mapped_column(default=Digest.DAILY.value)
    digest_hour: Mapped[int] = mapped_column(SmallInteger, default=8)
    digest_weekday: Mapped[int] = mapped_column(SmallInteger, default=0)


MODELS = (Notice, NoticePreference, NoticeHours)
