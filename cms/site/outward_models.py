"""Redirects, public addresses, preview keys, webhooks and their deliveries."""

from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, Date, DateTime, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from cms.database.types import PROTECTED, Base, CText, Moment, TenantRow


class Redirect(TenantRow, Base):
    """`source` is a path, or one that ends in `/*`; with `post_id` it leads to where that post
    stands now, else to `target`."""

    __tablename__ = "redirects"
    __table_args__ = (PROTECTED,)

    source: Mapped[CText]
    target: Mapped[CText] = mapped_column(default="")
    post_id: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[int] = mapped_column(SmallInteger)
    is_automatic: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class RedirectHits(Base):
    """How often a redirect was followed, counted on a sample of the requests."""

    __tablename__ = "redirect_hits"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    redirect_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hits: Mapped[int] = mapped_column(BigInteger)
    last_hit_on: Mapped[date] = mapped_column(Date)


class PublicAddress(Base):
    """The path at which readers last found a post."""

    __tablename__ = "public_addresses"

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    path: Mapped[CText]


class PreviewKey(Base):
    """Preview links of a post that name a lower version are void."""

    __tablename__ = "preview_keys"
    __table_args__ = (PROTECTED,)

    tenant_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    post_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    version: Mapped[int]


class Webhook(TenantRow, Base):
    __tablename__ = "webhooks"
    __table_args__ = (PROTECTED,)

    url: Mapped[str] = mapped_column(Text)
    topics: Mapped[list[str]] = mapped_column(ARRAY(Text))
    nonce: Mapped[CText]
    is_active: Mapped[bool] = mapped_column(default=True)
    disabled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]


class WebhookDelivery(TenantRow, Base):
    """One message to one subscriber, with how its last attempt went."""

    __tablename__ = "webhook_deliveries"

    webhook_id: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[CText]
    topic: Mapped[CText]
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[CText]
    attempts: Mapped[int] = mapped_column(default=0)
    http_status: Mapped[int | None] = mapped_column(SmallInteger)
    fault: Mapped[CText] = mapped_column(default="")
    duration_ms: Mapped[int | None]
    created_at: Mapped[Moment]
    first_failed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    next_attempt_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


MODELS = (Redirect, RedirectHits, PublicAddress, PreviewKey, Webhook, WebhookDelivery)
