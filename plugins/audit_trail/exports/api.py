"""/api/v1/audit/exports: ask for an export, see how far it is, fetch it."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response
from litestar.response import Stream

from cms.api.routing import get, post
from cms.database.work import UnitOfWork
from cms.media.storage import LocalStorage
from plugins.audit_trail.exports import orders
from plugins.audit_trail.exports.fhir_search import MEDIA_TYPE, read_search, search
from plugins.audit_trail.exports.orders import ExportTold, Wish
from plugins.audit_trail.settings import FOLDER

Asked = Request[Any, Any, Any]


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


@get("/fhir/AuditEvent", action="audit.read", resource="audit_trail", media_type=MEDIA_TYPE)
async def search_fhir(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """AuditEvents of FHIR R4, or of R5 with `Accept: application/fhir+json; fhirVersion=5.0`."""
    is_r5 = "fhirversion=5" in request.headers.get("accept", "").lower().replace(" ", "")
    wanted = read_search(list(request.query_params.multi_items()))
    address = str(request.url.with_replacements(query=""))
    bundle = await search(work, wanted, address, is_r5=is_r5)
    version = "5.0" if is_r5 else "4.0"
    return Response(bundle, media_type=f"{MEDIA_TYPE}; fhirVersion={version}")


routes = [ask_export, list_exports, show_export, fetch_export, search_fhir]
