"""/api/v1/audit/exports: ask for an export, see how far it is, fetch it."""

import asyncio
from uuid import UUID

from litestar import Response
from litestar.response import Stream

from cms.api.routing import get, post
from cms.database.work import UnitOfWork
from cms.media.storage import LocalStorage
from plugins.audit_trail.exports import orders
from plugins.audit_trail.exports.orders import ExportTold, Wish
from plugins.audit_trail.settings import FOLDER


@post("/exports", action="audit.export", resource="audit_trail", status_code=202)
async def ask_export(data: Wish, work: UnitOfWork) -> Response[ExportTold]:
    """Queue an export; the answer says where to look for it."""
    told = await orders.ask(work, data)
    return Response(told, status_code=202, headers={"Location": f"/api/v1/audit/exports/{told.id}"})


@get("/exports", action="audit.fetch_export", resource="audit_trail")
async def list_exports(work: UnitOfWork) -> list[ExportTold]:
    """One's own exports, the newest first."""
    return list(await orders.list_own(work))


@get("/exports/{export_id:uuid}", action="audit.fetch_export", resource="audit_trail")
async def show_export(export_id: UUID, work: UnitOfWork) -> ExportTold:
    """How far one's own export is."""
    return await orders.read_own(work, export_id)


@get(
    "/exports/{export_id:uuid}/file",
    action="audit.fetch_export",
    resource="audit_trail",
    media_type="application/zip",
)
async def fetch_export(export_id: UUID, work: UnitOfWork) -> Stream:
    """The archive, until it expires."""
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


routes = [ask_export, list_exports, show_export, fetch_export]
