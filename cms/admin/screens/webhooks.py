"""Webhooks: whom the site tells of what happens on it, and how that went."""

from typing import Any

from litestar import Request, Response

from cms.admin.page import Page
from cms.admin.queries import with_query
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from cms.site import webhooks
from cms.site.webhook_topics import INWARD, KINDS

Asked = Request[Any, Any, Any]

_A_PAGE = 50
_PATH, _OF = "/admin/webhooks", "webhook"
_ONE = f"{_PATH}/{{webhook_id:int}}"
_TOPICS = ("*", *(f"{kind}.*" for kind in sorted(KINDS | INWARD)))


@screen(_PATH, action="webhook.list", resource=_OF)
async def list_webhooks(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Every webhook of the site."""
    return await _listed(work, page, {})


async def _listed(work: UnitOfWork, page: Page, faults: dict[str, str]) -> Response[bytes]:
    return page.render(
        "webhooks/list.html",
        status=422 if faults else 200,
        webhooks=await webhooks.listing(work),
        topics=_TOPICS,
        faults=faults,
    )


@form(_PATH, action="webhook.create", resource=_OF)
async def add_webhook(request: Asked, work: UnitOfWork, page: Page) -> Response[bytes]:
    """A new webhook; its secret is on the page that answers, and nowhere else."""
    try:
        made, secret = await webhooks.add(work, page.form.text("url"), _topics(page))
    except InvalidInput as refused:
        return await _listed(work, page, refused.faults)
    except Conflict as refused:
        return await _listed(work, page, {"url": refused.message})
    _see_it_soon(request, work)
    return page.render("webhooks/secret.html", webhook=made, secret=secret)


def _topics(page: Page) -> list[str]:
    """Those that are ticked, and those that are written."""
    written = page.form.text("more").replace(",", " ").split()
    return list(dict.fromkeys([*page.form.all("topics"), *written]))


def _see_it_soon(request: Asked, work: UnitOfWork) -> None:
    work.afterwards(request.app.state.host.tenants.forget)


@screen(_ONE, action="webhook.read", resource=_OF)
async def show_webhook(
    work: UnitOfWork, page: Page, webhook_id: int, before: int | None = None
) -> Response[bytes]:
    """One webhook with what was sent to it."""
    return await _one(work, page, webhook_id, {}, before=before)


async def _one(
    work: UnitOfWork,
    page: Page,
    webhook_id: int,
    faults: dict[str, str],
    *,
    before: int | None = None,
) -> Response[bytes]:
    webhook, path = await webhooks.get(work, webhook_id), f"{_PATH}/{webhook_id}"
    found, _ = await webhooks.deliveries(work, webhook_id, limit=_A_PAGE + 1, before=before)
    shown = found[:_A_PAGE]
    return page.render(
        "webhooks/one.html",
        status=422 if faults else 200,
        webhook=webhook,
        deliveries=shown,
        topics=_TOPICS,
        more=[topic for topic in webhook.topics if topic not in _TOPICS],
        faults=faults,
        first=path if before else "",
        next=with_query(path, before=shown[-1].id) if found[_A_PAGE:] else "",
    )


@form(_ONE, action="webhook.edit", resource=_OF)
async def change_webhook(
    request: Asked, work: UnitOfWork, page: Page, webhook_id: int
) -> Response[bytes]:
    """Another address, other topics, on or off."""
    try:
        await webhooks.edit(
            work,
            webhook_id,
            url=page.form.text("url"),
            topics=_topics(page),
            is_active=page.form.has("is_active"),
        )
    except InvalidInput as refused:
        return await _one(work, page, webhook_id, refused.faults)
    _see_it_soon(request, work)
    return page.redirect(f"{_PATH}/{webhook_id}", page.say("The webhook is saved."))


@form(f"{_ONE}/secret", action="webhook.edit", resource=_OF)
async def renew_secret(work: UnitOfWork, page: Page, webhook_id: int) -> Response[bytes]:
    """Another secret; the old one signs nothing any more."""
    changed, secret = await webhooks.renew_secret(work, webhook_id)
    return page.render("webhooks/secret.html", webhook=changed, secret=secret)


@form(f"{_ONE}/ping", action="webhook.send", resource=_OF)
async def ping_webhook(work: UnitOfWork, page: Page, webhook_id: int) -> Response[bytes]:
    """Send a test message."""
    try:
        await webhooks.ping(work, webhook_id)
    except Conflict as refused:
        return await _one(work, page, webhook_id, {"is_active": refused.message})
    told = page.say("A test message is on its way; the list below tells how it goes.")
    return page.redirect(f"{_PATH}/{webhook_id}", told)


@form(f"{_ONE}/deliveries/{{delivery_id:int}}", action="webhook.send", resource=_OF)
async def send_again(
    work: UnitOfWork, page: Page, webhook_id: int, delivery_id: int
) -> Response[bytes]:
    """Send a message once more, with the id that it had."""
    try:
        await webhooks.redeliver(work, webhook_id, delivery_id)
    except Conflict as refused:
        return await _one(work, page, webhook_id, {"is_active": refused.message})
    told = page.say("The message is sent once more.")
    return page.redirect(f"{_PATH}/{webhook_id}", told)


@form(f"{_ONE}/remove", action="webhook.delete", resource=_OF)
async def remove_webhook(
    request: Asked, work: UnitOfWork, page: Page, webhook_id: int
) -> Response[bytes]:
    """Tell this address nothing any more."""
    await webhooks.remove(work, webhook_id)
    _see_it_soon(request, work)
    return page.redirect(_PATH, page.say("The webhook is gone."))


WEBHOOK_SCREENS: list[Any] = [
    list_webhooks,
    add_webhook,
    show_webhook,
    change_webhook,
    renew_secret,
    ping_webhook,
    send_again,
    remove_webhook,
]
