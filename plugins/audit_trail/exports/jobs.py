"""The jobs that make what was asked for, and that take away what has expired."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, CmsError
from cms.identity.standing import recalled
from cms.kernel.actors import SYSTEM, Actor
from cms.kernel.declarations import Job
from plugins.audit_trail.exports import orders
from plugins.audit_trail.exports.asked import Asked, Form
from plugins.audit_trail.exports.making import Made, Order, make_export
from plugins.audit_trail.exports.orders import JOB, Kept, file_of
from plugins.audit_trail.settings import FOLDER, AuditSettings

_TELL_EVERY = 1.0


async def export(work: UnitOfWork, export_id: str) -> None:
    """Make an export as the person who asked, with the rights that she has today. What refuses it
    is told; whatever else fails is tried again by the queue, from the start."""
    async with _own(work) as before:
        kept = await orders.read(before, UUID(export_id))
        if kept.told.state not in ("waiting", "running"):
            return
        await orders.note_state(before, kept, "running")
    keep = timedelta(hours=work.settings(AuditSettings).export_hours)
    try:
        made = await _made(work, kept)
    except CmsError as refusal:
        async with _own(work) as after:
            await orders.note_state(after, kept, "failed", fault=refusal.message)
        return
    async with _own(work) as after:
        await orders.note_state(after, kept, "done", made=made, keep=keep)


async def _made(work: UnitOfWork, kept: Kept) -> Made:
    actor = await _asker(work, kept)

    @asynccontextmanager
    async def new_work() -> AsyncIterator[UnitOfWork]:
        async with work.shop.work(work.tenant, actor, work.request) as own:
            yield own

    told = kept.told
    target = file_of(_folder(work), work.tenant_id, told.id)
    await asyncio.to_thread(_make_room, target)
    reached = [0, 0]

    def progress(done: int, total: int) -> None:
        reached[:] = done, total

    asked = msgspec.convert(told.asked, Asked)
    forms = [Form(form) for form in told.forms]
    order = Order(asked, forms, told.personal, progress=progress)
    telling = asyncio.create_task(_tell(work, told.id, reached))
    try:
        return await make_export(new_work, order, target)
    finally:
        telling.cancel()
        with suppress(asyncio.CancelledError):
            await telling


async def _tell(work: UnitOfWork, export_id: UUID, reached: list[int]) -> None:
    while True:
        await asyncio.sleep(_TELL_EVERY)
        async with _own(work) as own:
            await orders.note_progress(own, export_id, *reached)


async def _asker(work: UnitOfWork, kept: Kept) -> Actor:
    if kept.asked_by is None:
        return SYSTEM
    async with _own(work) as own:
        actor = await recalled(own, kept.asked_by, kept.proof)
    if actor is None:
        raise CapabilityMissing(
            "Whoever asked for this export has no account any more.", action="audit.export"
        )
    return actor


def _make_room(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Of an attempt that was killed after it had made the file and before it could say so.
    target.unlink(missing_ok=True)


def _folder(work: UnitOfWork) -> Path:
    return work.shop.data / FOLDER


def _own(work: UnitOfWork) -> UnitOfWork:
    return work.shop.work(work.tenant, SYSTEM, work.request)


async def expire(work: UnitOfWork) -> None:
    """Remove the files of exports whose time is over; that they were made stays in the trail."""
    for kept in await orders.expired(work):
        path = file_of(_folder(work), work.tenant_id, kept.told.id)
        await asyncio.to_thread(path.unlink, missing_ok=True)
        await orders.note_state(work, kept, "expired", made=kept.told.made)


JOBS = (Job(JOB, export), Job("audit.expire_exports", expire, cron="11 * * * *"))
