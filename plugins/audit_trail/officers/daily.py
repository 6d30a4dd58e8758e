"""Counts a day, whatever happened that day: kept by place in the log, the rest counted live."""

from datetime import date, timedelta

import msgspec

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.audit_trail.events import AuditRead
from plugins.audit_trail.officers.purposes import begin
from plugins.audit_trail.officers.reading import bounded

MOST_DAYS = 800
USUAL_DAYS = 90
SECONDS = 10
_COUNTS = "select * from audit.daily_counts(:first, :last)"


class DayCount(msgspec.Struct, frozen=True):
    """How many events of one kind happened on a day (UTC)."""

    day: date
    action: str
    outcome: str
    risk_level: str
    actor_kind: str
    events: int


class Days(msgspec.Struct, frozen=True):
    """Every count of the period, by day."""

    first: date
    last: date
    purpose: str
    counts: list[DayCount]


async def read_days(
    work: UnitOfWork, first: str | None, last: str | None, *, purpose: str | None = None
) -> Days:
    """The counts from one day to another, both included; the last 90 days if nothing is said."""
    stated = await begin(work, purpose)
    since, until = _period(work.now.date(), first, last)
    async with bounded(SECONDS):
        rows = await work.audit.all(_COUNTS, {"first": since, "last": until})
    await work.emit(
        AuditRead(
            what="daily",
            purpose_of_use=stated.name,
            since=since.isoformat(),
            until=until.isoformat(),
        )
    )
    return Days(since, until, stated.name, [DayCount(*row) for row in rows])


def _period(today: date, first: str | None, last: str | None) -> tuple[date, date]:
    faults, days = dict[str, str](), dict[str, date]()
    for name, written in (("since", first), ("until", last)):
        if written is not None:
            try:
                days[name] = date.fromisoformat(written)
            except ValueError:
                faults[name] = "must be a day like 2026-01-31"
    until = days.get("until", today)
    since = days.get("since", until - timedelta(days=USUAL_DAYS - 1))
    if not faults and not 0 <= (until - since).days < MOST_DAYS:
        faults["until"] = f"must be since or later, and within {MOST_DAYS} days of it"
    if faults:
        raise InvalidInput(faults)
    return since, until
