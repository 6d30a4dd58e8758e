"""Webhooks of the site, for those who may change its settings."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, patch, post
from cms.database.work import UnitOfWork
from cms.site import webhooks
from cms.site.outward_models import Webhook, WebhookDelivery

Asked = Request[Any, Any, Any]


class WebhookIn(msgspec.Struct, frozen=True):
    """`topics` such as `post.published`, `term.*` or `*`."""

    url: str
    topics: list[str]


class WebhookChange(msgspec.Struct, frozen=True):
    """What is left out stays."""

    url: str | None = None
    topics: list[str] | None = None
    is_active: bool | None = None


class WebhookOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """`secret` is shown once, when it is made. `disabled_at`: it failed for days, or was gone."""

    id: int
    url: str
    topics: list[str]
    is_active: bool
    disabled_at: datetime | None
    created_by: int | None
    created_at: datetime
    secret: str = ""

    @classmethod
    def of(cls, one: Webhook, secret: str = "") -> "WebhookOut":
        return cls(
            one.id,
            one.url,
            one.topics,
            one.is_active,
            one.disabled_at,
            one.created_by,
            one.created_at,
            secret,
        )


class DeliveryOut(msgspec.Struct, frozen=True):
    """`state`: waiting, delivered, failed or dropped. `fault` is the kind of the last fault."""

    id: int
    message_id: str
    topic: str
    state: str
    attempts: int
    http_status: int | None
    fault: str
    duration_ms: int | None
    created_at: datetime
    next_attempt_at: datetime | None
    finished_at: datetime | None
    body: str

    @classmethod
    def of(cls, one: WebhookDelivery) -> "DeliveryOut":
        return cls(**{name: getattr(one, name) for name in cls.__struct_fields__})


class Webhooks(msgspec.Struct, frozen=True):
    webhooks: list[WebhookOut]


class Deliveries(msgspec.Struct, frozen=True):
    """A page of the log, the newest first, and how many there are."""

    deliveries: list[DeliveryOut]
    total: int


PerPage = Annotated[int, msgspec.Meta(ge=1, le=100)]
PageNumber = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


@get("/webhooks", action="webhook.list", resource="webhook", tags=["site"])
async def list_webhooks(work: UnitOfWork) -> Webhooks:
    return Webhooks([WebhookOut.of(one) for one in await webhooks.listing(work)])


@post("/webhooks", action="webhook.create", resource="webhook", tags=["site"])
async def create_webhook(data: WebhookIn, request: Asked, work: UnitOfWork) -> Response[WebhookOut]:
    """A new webhook. Its secret is in this answer and nowhere else."""
    made, secret = await webhooks.add(work, data.url, data.topics)
    _see_it_soon(request, work)
    return Response(WebhookOut.of(made, secret), headers={"Cache-Control": "no-store"})


def _see_it_soon(request: Asked, work: UnitOfWork) -> None:
    work.afterwards(request.app.state.host.tenants.forget)


@get("/webhooks/{webhook_id:int}", action="webhook.read", resource="webhook", tags=["site"])
async def read_webhook(work: UnitOfWork, webhook_id: int) -> WebhookOut:
    return WebhookOut.of(await webhooks.get(work, webhook_id))


@patch("/webhooks/{webhook_id:int}", action="webhook.edit", resource="webhook", tags=["site"])
async def change_webhook(
    data: WebhookChange, request: Asked, work: UnitOfWork, webhook_id: int
) -> WebhookOut:
    """Change a webhook, or make a disabled one active again."""
    changed = await webhooks.edit(
        work, webhook_id, url=data.url, topics=data.topics, is_active=data.is_active
    )
    _see_it_soon(request, work)
    return WebhookOut.of(changed)


@delete("/webhooks/{webhook_id:int}", action="webhook.delete", resource="webhook", tags=["site"])
async def delete_webhook(request: Asked, work: UnitOfWork, webhook_id: int) -> None:
    await webhooks.remove(work, webhook_id)
    _see_it_soon(request, work)


@post("/webhooks/{webhook_id:int}/secret", action="webhook.edit", resource="webhook", tags=["site"])
async def renew_secret(work: UnitOfWork, webhook_id: int) -> Response[WebhookOut]:
    """Another secret; the old one signs nothing any more."""
    changed, secret = await webhooks.renew_secret(work, webhook_id)
    return Response(WebhookOut.of(changed, secret), headers={"Cache-Control": "no-store"})


@post("/webhooks/{webhook_id:int}/ping", action="webhook.send", resource="webhook", tags=["site"])
async def ping_webhook(work: UnitOfWork, webhook_id: int) -> DeliveryOut:
    """Send a test message; the log tells how it went."""
    return DeliveryOut.of(await webhooks.ping(work, webhook_id))


@get(
    "/webhooks/{webhook_id:int}/deliveries",
    action="webhook.read",
    resource="webhook",
    tags=["site"],
)
async def list_deliveries(
    work: UnitOfWork, webhook_id: int, page: PageNumber = 1, per_page: PerPage = 50
) -> Deliveries:
    found, total = await webhooks.deliveries(
        work, webhook_id, limit=per_page, offset=(page - 1) * per_page
    )
    return Deliveries([DeliveryOut.of(one) for one in found], total)


@post(
    "/webhooks/{webhook_id:int}/deliveries/{delivery_id:int}/redeliver",
    action="webhook.send",
    resource="webhook",
    status_code=202,
    tags=["site"],
)
async def redeliver(work: UnitOfWork, webhook_id: int, delivery_id: int) -> DeliveryOut:
    """Send a message once more, with the id that it had."""
    return DeliveryOut.of(await webhooks.redeliver(work, webhook_id, delivery_id))


WEBHOOK_ROUTES: list[HTTPRouteHandler] = [
    list_webhooks,
    create_webhook,
    read_webhook,
    change_webhook,
    delete_webhook,
    renew_secret,
    ping_webhook,
    list_deliveries,
    redeliver,
]
