"""Invitations and links to a new password. No link is kept: each is derived from the key."""

from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, DateTime, Text
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import PROTECTED, Base, CText, Moment, TenantRow


class Invitation(TenantRow, Base):
    """Somebody was asked to join. Her address goes when it has ended; `mail` says how far the
    letter is, `none` where there is no mail server."""

    __tablename__ = "invitations"
    __table_args__ = (PROTECTED,)

    email: Mapped[CText]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    language: Mapped[CText]
    invited_by: Mapped[int] = mapped_column(BigInteger)
    invited_at: Mapped[Moment]
    sent_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_as: Mapped[CText | None]
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    mail: Mapped[CText]


class PasswordLink(TenantRow, Base):
    """A person may choose a new password, once; `issued_by` is nobody when she asked herself."""

    __tablename__ = "password_links"
    __table_args__ = (PROTECTED,)

    user_id: Mapped[int] = mapped_column(BigInteger)
    issued_by: Mapped[int | None] = mapped_column(BigInteger)
    asked_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    mail: Mapped[CText]


LINK_MODELS = (Invitation, PasswordLink)
