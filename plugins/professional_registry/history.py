"""Who was what on which day."""

from datetime import datetime

import msgspec
from sqlalchemy import select

from cms.kernel.work import ReadableWork
from plugins.professional_registry import registrations
from plugins.professional_registry.models import StatusHistory
from plugins.professional_registry.statuses import Status


class Change(msgspec.Struct, frozen=True):
    """A source said something new about a registration; `as_of` is the day of its knowledge."""

    at: datetime
    from_status: Status
    to_status: Status
    status_raw: str
    source: str
    as_of: datetime | None


class StatusThen(msgspec.Struct, frozen=True):
    """What was known of a registration at a moment; `since` is None when it had never changed."""

    status: Status
    since: datetime | None = None
    source: str = ""
    as_of: datetime | None = None


async def changes(work: ReadableWork, professional_id: int) -> list[Change]:
    """Every change of a registration's status, the oldest first."""
    rows = await work.all(
        select(
            StatusHistory.at,
            StatusHistory.from_status,
            StatusHistory.to_status,
            StatusHistory.status_raw,
            StatusHistory.source,
            StatusHistory.as_of,
        )
        .where(
            StatusHistory.tenant_id == work.tenant_id,
            StatusHistory.professional_id == professional_id,
        )
        .order_by(StatusHistory.at, StatusHistory.id)
    )
    return [Change(row[0], Status(row[1]), Status(row[2]), *row[3:]) for row in rows]


async def status_on(
    work: ReadableWork, professional_id: int, moment: datetime
) -> StatusThen | None:
    """What we knew of the registration at that moment, such as that of a signature; None before it
    was added. It says what the register had told us, not what turned out later."""
    person = await registrations.get(work, professional_id)
    if moment < person.created_at:
        return None
    known = [one for one in await changes(work, professional_id) if one.at <= moment]
    if not known:
        return StatusThen(Status.UNVERIFIED)
    last = known[-1]
    return StatusThen(last.to_status, last.at, last.source, last.as_of)
