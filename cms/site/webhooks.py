"""Subscriptions to what happens on a site, by the Standard Webhooks specification."""

import base64
import re
import secrets
from collections.abc import Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import func, select

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.jobs.queue import enqueue
from cms.site.outward_actions import MANAGE
from cms.site.outward_events import WebhookRemoved, WebhookSaved
from cms.site.outward_models import Webhook, WebhookDelivery
from cms.site.outward_settings import OutwardSettings
from cms.site.webhook_delivery import DELIVER, FAILED, WAITING, key_of, new_delivery
from cms.site.webhook_news import ALL, PING, News, body_of, new_message_id
from cms.site.webhook_topics import INWARD, KINDS
from cms.site.webhook_wire import is_among, is_public
from cms.tenancy.options import change

MOST = 20
LONGEST_URL = 2000
_TOPIC = re.compile(r"([a-z_]+)\.(\*|[a-z_]+)")


def require_manager(work: UnitOfWork, action: str) -> None:
    require(
        not work.actor.is_anonymous and work.actor.has(MANAGE),
        action,
        "Only who may change the settings of the site (manage_options) may do this.",
    )


async def listing(work: UnitOfWork) -> list[Webhook]:
    require_manager(work, "webhook.list")
    rows = await work.all(
        select(Webhook).where(Webhook.tenant_id == work.tenant_id).order_by(Webhook.id)
    )
    return [row[0] for row in rows]


async def get(work: UnitOfWork, webhook_id: int, action: str = "webhook.read") -> Webhook:
    """The webhook, or NotFound."""
    require_manager(work, action)
    found = await work.session.get(Webhook, (work.tenant_id, webhook_id))
    if found is None:
        raise NotFound("webhook", webhook_id)
    return found


async def add(work: UnitOfWork, url: str, topics: Sequence[str]) -> tuple[Webhook, str]:
    """A new webhook with its secret, which is shown this once."""
    require_manager(work, "webhook.create")
    refuse_faults(work, url, topics)
    standing = await work.one(
        select(func.count()).select_from(Webhook).where(Webhook.tenant_id == work.tenant_id)
    )
    if standing[0] >= MOST:
        raise Conflict(f"A site has {MOST} webhooks at most; remove one first.")
    webhook = Webhook(
        tenant_id=work.tenant_id,
        id=await work.next_id("webhook"),
        url=url,
        topics=list(dict.fromkeys(topics)),
        nonce=secrets.token_hex(16),
        is_active=True,
        created_by=work.actor.user_id,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(webhook)
    await _tell(work, webhook)
    return webhook, secret_of(work, webhook)


async def edit(
    work: UnitOfWork,
    webhook_id: int,
    *,
    url: str | None = None,
    topics: Sequence[str] | None = None,
    is_active: bool | None = None,
) -> Webhook:
    """Change a webhook; making it active again forgets that it was disabled."""
    webhook = await get(work, webhook_id, "webhook.edit")
    url = webhook.url if url is None else url
    topics = webhook.topics if topics is None else topics
    refuse_faults(work, url, topics)
    webhook.url, webhook.topics = url, list(dict.fromkeys(topics))
    if is_active is not None:
        webhook.is_active, webhook.disabled_at = is_active, None
    webhook.updated_at = work.now
    await _tell(work, webhook)
    return webhook


async def renew_secret(work: UnitOfWork, webhook_id: int) -> tuple[Webhook, str]:
    """Another secret, shown this once; what is signed from now on is signed with it."""
    webhook = await get(work, webhook_id, "webhook.edit")
    webhook.nonce, webhook.updated_at = secrets.token_hex(16), work.now
    await _tell(work, webhook)
    return webhook, secret_of(work, webhook)


async def _tell(work: UnitOfWork, webhook: Webhook) -> None:
    # The address may hold a key of the subscriber's, so the trail names its host only.
    after = {
        "host": urlsplit(webhook.url).hostname,
        "topics": webhook.topics,
        "is_active": webhook.is_active,
    }
    await work.emit(WebhookSaved(webhook_id=webhook.id, after=after))
    await _remember_whether_any(work)


async def remove(work: UnitOfWork, webhook_id: int) -> None:
    webhook = await get(work, webhook_id, "webhook.delete")
    await work.session.delete(webhook)
    await work.emit(WebhookRemoved(webhook_id=webhook_id))
    await _remember_whether_any(work)


async def _remember_whether_any(work: UnitOfWork) -> None:
    """An option that comes with the tenant: a site without webhooks pays nothing for them."""
    active = await work.one(
        select(func.count())
        .select_from(Webhook)
        .where(Webhook.tenant_id == work.tenant_id, Webhook.is_active)
    )
    await change(work, {"sends_webhooks": active[0] > 0})


def secret_of(work: UnitOfWork, webhook: Webhook) -> str:
    """The secret in the form of the specification."""
    return "whsec_" + base64.b64encode(key_of(work, webhook)).decode()


def refuse_faults(work: UnitOfWork, url: str, topics: Sequence[str]) -> None:
    """InvalidInput names every fault at once."""
    faults: dict[str, str] = {}
    fault = _url_fault(url, work.settings(OutwardSettings).webhook_networks)
    if fault:
        faults["url"] = fault
    if not topics or len(topics) > 50:
        faults["topics"] = "must name 1 to 50 topics, such as post.published, post.* or *"
    for topic in topics:
        match = _TOPIC.fullmatch(topic)
        if topic != ALL and (match is None or match[1] not in KINDS | INWARD):
            known = ", ".join(sorted(KINDS | INWARD))
            faults["topics"] = f"{topic[:50]!r} is no topic; kinds are: {known}"
    if faults:
        raise InvalidInput(faults)


def _url_fault(url: str, networks: Sequence[str]) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is no address"
    allowed = {"https", "http"} if networks else {"https"}
    is_odd = any(ord(sign) < 33 or ord(sign) == 127 or sign == "\\" for sign in url)
    if len(url) > LONGEST_URL or is_odd or parts.scheme not in allowed or not parts.hostname:
        return "must be an address that begins with https://"
    if "@" in parts.netloc or parts.fragment:
        return "may hold neither a login nor a fragment"
    try:
        address = ip_address(parts.hostname)
    except ValueError:
        return ""  # a name is looked at each time before it is called
    if is_public(address) or is_among(address, networks):
        return ""
    return "leads into a private network; the operator may allow it (webhook_networks)"


# -- the log, and sending by hand


async def deliveries(
    work: UnitOfWork,
    webhook_id: int,
    *,
    limit: int = 50,
    offset: int = 0,
    before: int | None = None,
) -> tuple[list[WebhookDelivery], int]:
    """A page of the log, the newest first, and how many there are; with `before` from the ones that
    are older than that one."""
    await get(work, webhook_id)
    older = [] if before is None else [WebhookDelivery.id < before]
    rows = await work.all(
        select(WebhookDelivery, func.count().over().label("total"))
        .where(
            WebhookDelivery.tenant_id == work.tenant_id,
            WebhookDelivery.webhook_id == webhook_id,
            *older,
        )
        .order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [row[0] for row in rows], rows[0].total if rows else 0


async def failed_deliveries(
    work: UnitOfWork, most: int = 50
) -> list[tuple[WebhookDelivery, Webhook]]:
    """The newest messages of all webhooks that were given up."""
    require_manager(work, "webhook.list")
    rows = await work.all(
        select(WebhookDelivery, Webhook)
        .join(
            Webhook,
            (Webhook.tenant_id == WebhookDelivery.tenant_id)
            & (Webhook.id == WebhookDelivery.webhook_id),
        )
        .where(WebhookDelivery.tenant_id == work.tenant_id, WebhookDelivery.state == FAILED)
        .order_by(WebhookDelivery.id.desc())
        .limit(most)
    )
    return [(row[0], row[1]) for row in rows]


async def redeliver(work: UnitOfWork, webhook_id: int, delivery_id: int) -> WebhookDelivery:
    """Send a message once more, with the id it had: who got it already knows that."""
    await _require_active(work, webhook_id)
    delivery = await work.session.get(WebhookDelivery, (work.tenant_id, delivery_id))
    if delivery is None or delivery.webhook_id != webhook_id:
        raise NotFound("delivery", delivery_id)
    delivery.state, delivery.next_attempt_at, delivery.finished_at = WAITING, work.now, None
    await work.session.flush()
    await enqueue(work, DELIVER, {"delivery_id": delivery.id, "attempt": delivery.attempts + 1})
    return delivery


async def ping(work: UnitOfWork, webhook_id: int) -> WebhookDelivery:
    """Send a test message."""
    webhook = await _require_active(work, webhook_id)
    news = News(PING, "site", None, new_message_id(), work.now)
    delivery = await new_delivery(work, webhook.id, news, body_of(work, news, {}, []))
    await enqueue(work, DELIVER, {"delivery_id": delivery.id, "attempt": 1})
    return delivery


async def _require_active(work: UnitOfWork, webhook_id: int) -> Webhook:
    webhook = await get(work, webhook_id, "webhook.send")
    if not webhook.is_active:
        raise Conflict("This webhook is not active; make it active first (PATCH is_active).")
    return webhook
