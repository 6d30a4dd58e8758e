"""Evidence for outsiders: ordered, made by a worker, fetched until it expires."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.response import Stream

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.media.storage import LocalStorage
from plugins.audit_trail.exports import orders
from plugins.audit_trail.exports.asked import Asked, Form
from plugins.audit_trail.exports.orders import Wish
from plugins.audit_trail.officers.filters import read_wanted
from plugins.audit_trail.screens.question import days_of, pairs_of
from plugins.audit_trail.screens.words import FORMS, OUTCOMES, RISKS, STATE_KINDS, STATES
from plugins.audit_trail.settings import FOLDER

_CONDITIONS = (
    "actor_id", "action", "resource_type", "resource_id", "outcome", "risk_level", "request_id",
)  # fmt: skip
_WORDS: dict[str, Any] = {
    "states": STATES,
    "state_kinds": STATE_KINDS,
    "forms": FORMS,
    "outcomes": OUTCOMES,
    "risks": RISKS,
}


@screen("/admin/audit/exports", action="audit.fetch_export", resource="audit_trail")
async def list_exports(work: UnitOfWork, page: Page) -> Response[bytes]:
    """One's own orders, and the form for another."""
    return await _listed(work, page, {}, {})


@form("/admin/audit/exports", action="audit.export", resource="audit_trail")
async def order_export(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Queue an export."""
    try:
        wish = _wish(page)
    except InvalidInput as refused:
        return await _listed(work, page, dict(page.form.pairs()), refused.faults, status=422)
    told = await orders.ask(work, wish)
    return page.redirect(f"/admin/audit/exports/{told.id}", page.say("The export is ordered."))


async def _listed(
    work: UnitOfWork, page: Page, given: Any, faults: Any, status: int = 200
) -> Response[bytes]:
    return page.render(
        "audit_trail/exports.html",
        status=status,
        exports=await orders.list_own(work),
        given=given,
        faults=faults,
        chosen=page.form.all("forms"),
        pairs=pairs_of(page),
        **_WORDS,
    )


def _wish(page: Page) -> Wish:
    given: dict[str, Any] = {n: page.form.text(n) for n in _CONDITIONS if page.form.text(n)}
    days = days_of(page, {name: page.form.text(name) for name in ("from", "to")})
    read_wanted(given | days)  # every fault at once, as the explorer names them
    for name in ("actor_id", "resource_id"):
        if name in given:
            given[name] = int(given[name])
    given |= {name: datetime.fromisoformat(said) for name, said in days.items()}
    return Wish(
        asked=Asked(**given),
        forms=[one for one in Form if one.value in page.form.all("forms")],
        personal=page.form.has("personal"),
    )


@screen(
    "/admin/audit/exports/{export_id:uuid}", action="audit.fetch_export", resource="audit_trail"
)
async def show_export(work: UnitOfWork, page: Page, export_id: UUID) -> Response[bytes]:
    """How far one's own export is."""
    part = "progress" if page.is_fragment else "page"
    return page.render(
        f"audit_trail/export_{part}.html", export=await orders.read_own(work, export_id), **_WORDS
    )


@screen(
    "/admin/audit/exports/{export_id:uuid}/file",
    action="audit.fetch_export",
    resource="audit_trail",
    media_type="application/zip",
)
async def fetch_export(work: UnitOfWork, page: Page, export_id: UUID) -> Stream:
    """The archive."""
    path = await orders.fetch(work, export_id, work.shop.data / FOLDER)
    size = (await asyncio.to_thread(path.stat)).st_size
    return Stream(
        LocalStorage(path.parent).read(path.name, 0, size),
        media_type="application/zip",
        headers={
            "Content-Length": str(size),
            "Content-Disposition": f'attachment; filename="audit-{export_id}.zip"',
            "Cache-Control": "no-store",
        },
    )


EXPORT_SCREENS: list[Any] = [list_exports, order_export, show_export, fetch_export]
