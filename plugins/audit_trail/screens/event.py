"""One event with all that is kept of it, and what proves it."""

from typing import Any
from uuid import UUID

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.database.work import UnitOfWork
from cms.errors import Conflict, NotFound
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.officers.opening import TrailEvent
from plugins.audit_trail.officers.reading import read_event, read_head_of
from plugins.audit_trail.proving.proofs import LogProof, prove_event
from plugins.audit_trail.screens.question import shown


@screen("/admin/audit/events/{event_id:uuid}", action="audit.read", resource="audit_trail")
async def show_event(
    work: UnitOfWork, page: Page, event_id: UUID, purpose: str | None = None
) -> Response[bytes]:
    """All its facts, its place in the log and the head that it is under."""
    facts = shown(page, purpose)
    event = await read_event(work, event_id, purpose=purpose)
    return page.render(
        "audit_trail/event.html",
        event=event,
        head=await _head_over(work, event),
        proof=None,
        fault="",
        **facts,
    )


@screen("/admin/audit/events/{event_id:uuid}/check", action="audit.read", resource="audit_trail")
async def check_event(
    work: UnitOfWork, page: Page, event_id: UUID, purpose: str | None = None
) -> Response[bytes]:
    """The same, with the way from the event to the signed head computed anew and compared."""
    facts = shown(page, purpose)
    event = await read_event(work, event_id, purpose=purpose)
    proof: LogProof | None = None
    fault = ""
    try:
        proof = await prove_event(work, event_id, with_event=False, purpose=purpose)
    except Conflict as refused:
        fault = page.words.told(refused.message)
    head = proof.head if proof is not None else await _head_over(work, event)
    return page.render(
        "audit_trail/event.html", event=event, head=head, proof=proof, fault=fault, **facts
    )


@screen(
    "/admin/audit/events/{event_id:uuid}/proof",
    action="audit.read",
    resource="audit_trail",
    media_type="text/plain",
)
async def fetch_proof(
    work: UnitOfWork,
    page: Page,
    event_id: UUID,
    *,
    purpose: str | None = None,
    with_event: bool = True,
) -> Response[bytes]:
    """The file for somebody outside (C2SP tlog-proof)."""
    proof = await prove_event(work, event_id, with_event=with_event, purpose=purpose)
    headers = {
        "Content-Disposition": f'attachment; filename="{event_id}.tlog-proof"',
        "Cache-Control": "no-store",
    }
    return Response(proof.encode(), media_type="text/plain", headers=headers)


async def _head_over(work: UnitOfWork, event: TrailEvent) -> Checkpoint | None:
    """The newest head of the event's epoch, once it is over the event."""
    if event.epoch is None or event.seq is None:
        return None
    try:
        head = await read_head_of(work, event.epoch)
    except NotFound:
        return None
    return Checkpoint.parse(head.note.encode()) if event.seq < head.size else None


EVENT_SCREENS: list[Any] = [show_event, check_event, fetch_proof]
