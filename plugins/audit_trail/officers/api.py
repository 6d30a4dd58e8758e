"""/api/v1/audit: the trail for officers, and the newest signed head."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from litestar import Response

from cms.api.routing import get
from cms.database.work import UnitOfWork
from plugins.audit_trail.officers.reading import (
    Page,
    TrailEvent,
    Wanted,
    read_event,
    read_head,
    read_trail,
)
from plugins.audit_trail.proving.consistency import extension_from
from plugins.audit_trail.proving.proofs import prove_event

Risk = Literal["low", "medium", "high", "critical"]


@get("/events", action="audit.read", resource="audit_trail")
async def list_events(
    *,
    work: UnitOfWork,
    resource_type: str | None = None,
    resource_id: int | None = None,
    actor_id: int | None = None,
    action: str | None = None,
    risk_level: Risk | None = None,
    after: datetime | None = None,
    before: datetime | None = None,
    order: Literal["asc", "desc"] = "asc",
    limit: int = 100,
    cursor: str | None = None,
) -> Page:
    """Who did what, in order, with before and after; the oldest first unless `order=desc`."""
    wanted = Wanted(
        resource_type=resource_type,
        resource_id=resource_id,
        actor_id=actor_id,
        action=action,
        risk_level=risk_level,
        since=after,
        until=before,
        newest_first=order == "desc",
        limit=limit,
        cursor=cursor,
    )
    return await read_trail(work, wanted)


@get("/events/{event_id:uuid}", action="audit.read", resource="audit_trail")
async def show_event(event_id: UUID, work: UnitOfWork) -> TrailEvent:
    """One event with its place in the log."""
    return await read_event(work, event_id)


@get(
    "/events/{event_id:uuid}/proof",
    action="audit.read",
    resource="audit_trail",
    media_type="text/plain",
)
async def show_proof(
    event_id: UUID, work: UnitOfWork, *, with_event: bool = True
) -> Response[bytes]:
    """A file that proves the event to whoever has the log's public keys (C2SP tlog-proof)."""
    proof = await prove_event(work, event_id, with_event=with_event)
    headers = {"Content-Disposition": f'attachment; filename="{event_id}.tlog-proof"'}
    if proof.judgement is not None:
        has, least = len(proof.judgement.counted), proof.judgement.least
        headers["Audit-Witnesses"] = f"{has} of {least}"
    return Response(proof.encode(), media_type="text/plain", headers=headers)


@get("/head", action="audit.read", resource="audit_trail", media_type="text/plain")
async def show_head(work: UnitOfWork) -> Response[str]:
    """The newest signed head, as the note that any C2SP client verifies."""
    head = await read_head(work)
    return Response(head.note, media_type="text/plain")


@get("/consistency", action="audit.read", resource="audit_trail", media_type="text/plain")
async def show_consistency(work: UnitOfWork, old: int) -> Response[bytes]:
    """The newest signed head, with the proof that it continues the one of `old` entries that the
    officer has kept (the form is that of C2SP tlog-witness)."""
    extension = await extension_from(work, await read_head(work), old)
    return Response(extension.encode(), media_type="text/plain")


routes = [list_events, show_event, show_proof, show_head, show_consistency]
