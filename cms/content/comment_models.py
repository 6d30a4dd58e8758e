"""Comments on posts."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cms.content.models import WallTime
from cms.database.types import PROTECTED, Base, CText, Moment, TenantRow


class Comment(TenantRow, Base):
    """What somebody said about a post. The author's name stands as it was given: a visitor has no
    account, and a member may leave. `rendered` is made on write."""

    __tablename__ = "comments"
    __table_args__ = (PROTECTED,)

    post_id: Mapped[int] = mapped_column(BigInteger)
    parent_id: Mapped[int | None] = mapped_column(BigInteger)
    author_id: Mapped[int | None] = mapped_column(BigInteger)
    author_name: Mapped[str] = mapped_column(Text, default="")
    author_email: Mapped[CText] = mapped_column(default="")
    author_url: Mapped[str] = mapped_column(Text, default="")
    author_ip: Mapped[CText | None]
    author_agent: Mapped[str | None] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    rendered: Mapped[str] = mapped_column(Text)
    status: Mapped[CText]
    trashed_status: Mapped[CText | None]
    kind: Mapped[CText] = mapped_column(default="comment")
    date_gmt: Mapped[Moment]
    date_local: Mapped[datetime] = mapped_column(WallTime)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    meta: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
