"""Everything that the trail tells of one person, for her (LGPD, art. 18, I and II; art. 19)."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, Text, bindparam, text

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing
from cms.kernel.actors import EPOCH
from cms.kernel.lawfulness import DataSubject
from plugins.audit_trail.erasing.erase import number_of
from plugins.audit_trail.erasing.events import AccessReported
from plugins.audit_trail.officers.opening import OPEN, TrailEvent, shown
from plugins.audit_trail.officers.pages import SELECT
from plugins.audit_trail.officers.purposes import state
from plugins.audit_trail.writing.people import references_of

PAGE = 500
SECONDS = 60
_NOBODY = UUID(int=0)

_ABOUT = text(
    SELECT
    + """
  and (t.data_subject_id = any(:references) or t.actor_id = :user)
  and (t."timestamp", t.event_id) > (:at, :after)
order by t."timestamp", t.event_id limit :rows
"""
).bindparams(bindparam("references", type_=ARRAY(Text)))


class Part(msgspec.Struct, frozen=True):
    """One event, and whether the person did it or it was done about her; it may be both."""

    is_about_her: bool
    is_by_her: bool
    event: TrailEvent


async def report(work: UnitOfWork, person: DataSubject) -> list[Part]:
    """All events about the person or by her, the oldest first, with her values in clear. That it
    was made is an event about her as well."""
    if not work.actor.has(OPEN):
        raise CapabilityMissing(
            f"A report of personal values needs the capability {OPEN}.", action="audit.report"
        )
    await state(work, "compliance", seconds=SECONDS)
    known, number = await references_of(work, person), number_of(person)
    found = [
        Part(event.data_subject_id in known, number is not None and event.actor_id == number, event)
        async for event in _events(work, known, number)
    ]
    await work.emit(AccessReported(user_id=number, about=person, after={"events": len(found)}))
    return found


async def _events(
    work: UnitOfWork, references: list[str], number: int | None
) -> AsyncIterator[TrailEvent]:
    # No event is older than the first moment that can be written.
    place: dict[str, Any] = {"at": EPOCH, "after": _NOBODY}
    while True:
        values = {"tenant": work.tenant_id, "references": references, "user": number, "rows": PAGE}
        rows = await work.audit.all(_ABOUT, values | place)
        for event in await shown(work, rows):
            yield event
        if len(rows) < PAGE:
            return
        place = {"at": rows[-1].timestamp, "after": rows[-1].event_id}
