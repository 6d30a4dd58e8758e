"""Deliveries: signed, tried again for two days, given up, logged and forgotten."""

import base64
import hashlib
import hmac
import random
from datetime import timedelta
from typing import Protocol

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.jobs.queue import enqueue_at
from cms.kernel.actors import EPOCH
from cms.site import webhook_wire
from cms.site.outward_events import WebhookDisabled
from cms.site.outward_models import Webhook, WebhookDelivery
from cms.site.outward_settings import OutwardSettings

DELIVER = "deliver_webhook"
WAITING, DELIVERED, FAILED, DROPPED = "waiting", "delivered", "failed", "dropped"
# Seconds before each further attempt: 10 attempts over two days.
PAUSES = (5, 60, 300, 1800, 7200, 18_000, 36_000, 43_200, 57_600)
MOST_ATTEMPTS = len(PAUSES) + 1
JITTER = 0.2
GONE = 410


class Message(Protocol):
    """What a delivery says of its message."""

    @property
    def topic(self) -> str: ...
    @property
    def message_id(self) -> str: ...


async def new_delivery(
    work: UnitOfWork, webhook_id: int, news: Message, body: str
) -> WebhookDelivery:
    """A delivery that waits; the one that there is already when a job runs twice."""
    row = insert(WebhookDelivery).values(
        tenant_id=work.tenant_id,
        id=await work.next_id("webhook_delivery"),
        webhook_id=webhook_id,
        message_id=news.message_id,
        topic=news.topic,
        body=body,
        state=WAITING,
        attempts=0,
        fault="",
        created_at=work.now,
        next_attempt_at=work.now,
    )
    made: WebhookDelivery | None = await work.entity(
        row.on_conflict_do_update(
            index_elements=["tenant_id", "webhook_id", "message_id"], set_={"topic": news.topic}
        ).returning(WebhookDelivery)
    )
    if made is None:
        raise LookupError("an upsert gives its row")
    return made


def key_of(work: UnitOfWork, webhook: Webhook) -> bytes:
    """What messages to this webhook are signed with: derived, and kept nowhere."""
    return work.shop.sign(f"webhook:{webhook.tenant_id}:{webhook.id}:{webhook.nonce}")


def signature(key: bytes, message_id: str, timestamp: int, body: str) -> str:
    """By Standard Webhooks 1.0: HMAC-SHA256 over id, timestamp and body."""
    said = f"{message_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.digest(key, said, hashlib.sha256)).decode()


async def deliver(work: UnitOfWork, delivery_id: int, attempt: int) -> None:
    """One attempt. A job that comes too late or twice does nothing."""
    delivery = await work.session.get(WebhookDelivery, (work.tenant_id, delivery_id))
    if delivery is None or delivery.state != WAITING or delivery.attempts != attempt - 1:
        return
    webhook = await work.session.get(Webhook, (work.tenant_id, delivery.webhook_id))
    if webhook is None or not webhook.is_active:
        await _note(work, delivery, state=DROPPED, finished_at=work.now, next_attempt_at=None)
        return
    headers = _headers(work, webhook, delivery)
    # The subscriber may take its time; no transaction and no connection waits for it.
    await work.commit()
    settings = work.settings(OutwardSettings)
    sent = await webhook_wire.send(
        webhook.url,
        delivery.body.encode(),
        headers,
        networks=settings.webhook_networks,
        seconds=settings.webhook_seconds,
    )
    await _record(work, webhook, delivery, attempt, sent)


def _headers(work: UnitOfWork, webhook: Webhook, delivery: WebhookDelivery) -> dict[str, str]:
    timestamp = int(work.now.timestamp())
    key = key_of(work, webhook)
    return {
        "Content-Type": "application/json",
        "User-Agent": "healthcare-cms webhooks",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(key, delivery.message_id, timestamp, delivery.body),
    }


async def _record(
    work: UnitOfWork,
    webhook: Webhook,
    delivery: WebhookDelivery,
    attempt: int,
    sent: webhook_wire.Sent,
) -> None:
    told: dict[str, object] = {
        "attempts": attempt,
        "http_status": sent.status,
        "fault": sent.fault,
        "duration_ms": sent.duration_ms,
        "next_attempt_at": None,
    }
    if sent.is_accepted:
        await _note(work, delivery, **told, state=DELIVERED, finished_at=work.now)
        return
    told["first_failed_at"] = delivery.first_failed_at or work.now
    if attempt >= MOST_ATTEMPTS or sent.status == GONE:
        await _note(work, delivery, **told, state=FAILED, finished_at=work.now)
    else:
        at = work.now + pause_after(attempt)
        await _note(work, delivery, **{**told, "next_attempt_at": at})
        await enqueue_at(work, DELIVER, {"delivery_id": delivery.id, "attempt": attempt + 1}, at)
    if sent.status == GONE or await _fails_for_days(work, webhook.id):
        await _disable(work, webhook.id)


def pause_after(attempt: int) -> timedelta:
    """With jitter: subscribers that failed together are not called together again."""
    spread = 1 + random.uniform(-JITTER, JITTER)  # noqa: S311 - nothing is kept secret by it
    return timedelta(seconds=PAUSES[attempt - 1] * spread)


async def _note(work: UnitOfWork, delivery: WebhookDelivery, **values: object) -> None:
    await work.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.tenant_id == work.tenant_id, WebhookDelivery.id == delivery.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def _fails_for_days(work: UnitOfWork, webhook_id: int) -> bool:
    """Whether the first failure since the last success, as far as the log goes, is long ago."""
    own = (WebhookDelivery.tenant_id == work.tenant_id, WebhookDelivery.webhook_id == webhook_id)
    last_success = (
        select(func.max(WebhookDelivery.finished_at))
        .where(*own, WebhookDelivery.state == DELIVERED)
        .scalar_subquery()
    )
    row = await work.one(
        select(func.min(WebhookDelivery.first_failed_at)).where(
            *own,
            WebhookDelivery.first_failed_at > func.coalesce(last_success, EPOCH),
        )
    )
    days = work.settings(OutwardSettings).webhook_days_of_failure
    return row[0] is not None and work.now - row[0] > timedelta(days=days)


async def _disable(work: UnitOfWork, webhook_id: int) -> None:
    changed = await work.execute(
        update(Webhook)
        .where(Webhook.tenant_id == work.tenant_id, Webhook.id == webhook_id, Webhook.is_active)
        .values(is_active=False, disabled_at=work.now)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount:
        await work.emit(WebhookDisabled(webhook_id=webhook_id))


async def prune(work: UnitOfWork) -> None:
    """Forget deliveries that are older than the log is kept."""
    days = work.settings(OutwardSettings).webhook_log_days
    await work.execute(
        delete(WebhookDelivery).where(
            WebhookDelivery.tenant_id == work.tenant_id,
            WebhookDelivery.created_at < work.now - timedelta(days=days),
        )
    )
