"""Every registration is asked about once a day, each at an hour of its own, never more at once than
the sources bear."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import msgspec
from sqlalchemy import select

from cms.database.work import UnitOfWork
from plugins.professional_registry import registrations
from plugins.professional_registry.models import Professional
from plugins.professional_registry.settings import RegistrySettings

RUN = timedelta(minutes=5)
RUNS = "*/5 * * * *"
VERIFY = "professional_registry.verify_one"

_DAY = timedelta(days=1)


class Checked(msgspec.Struct, frozen=True):
    """A registration and when its source was last asked."""

    id: int
    at: datetime | None


def hour_of(tenant_id: int, professional_id: int) -> timedelta:
    """The time of day (UTC) that this registration is asked about: the same every day, and evenly
    spread over all of them."""
    digest = sha256(f"{tenant_id}:{professional_id}".encode()).digest()
    return timedelta(seconds=int.from_bytes(digest[:8]) % int(_DAY.total_seconds()))


def last_turn(tenant_id: int, professional_id: int, now: datetime) -> datetime:
    """The latest moment, not after now, at which it was this registration's turn."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    turn = midnight + hour_of(tenant_id, professional_id)
    return turn if turn <= now else turn - _DAY


def most_in_a_run(lookups_per_second: float) -> int:
    """How many lookups fit between two runs: 900 at three a second, so that 10,000 people who are
    all overdue (a worker was down) are through within the hour."""
    return max(1, int(lookups_per_second * RUN.total_seconds()))


def plan(people: Iterable[Checked], tenant_id: int, now: datetime, most: int) -> list[int]:
    """Whose turn has come and who was not asked about since, the longest waiting first."""
    due = [one for one in people if one.at is None or one.at < last_turn(tenant_id, one.id, now)]
    earliest = datetime.min.replace(tzinfo=UTC)
    due.sort(key=lambda one: (one.at or earliest, one.id))
    return [one.id for one in due[:most]]


async def spread(work: UnitOfWork) -> None:
    """The periodic job: one short job for each whose turn it is, so that nobody who publishes ever
    waits for a long list of lookups."""
    rows = await work.all(
        select(Professional.id, Professional.last_validation_check).where(
            Professional.tenant_id == work.tenant_id
        )
    )
    most = most_in_a_run(work.settings(RegistrySettings).lookups_per_second)
    for wanted in plan((Checked(*row) for row in rows), work.tenant_id, work.now, most):
        await ask_soon(work, wanted)


async def ask_soon(work: UnitOfWork, professional_id: int) -> None:
    """Queue the lookup of one registration."""
    args = {"professional_id": professional_id, "since": int(work.now.timestamp())}
    await work.shop.enqueue(work, VERIFY, args)


async def verify_one(work: UnitOfWork, professional_id: int, since: int) -> None:
    """The job of one registration. It was asked about `since` (Unix seconds): then the queue was
    slow and another job has done it."""
    person = await registrations.get(work, professional_id)
    checked = person.last_validation_check
    if checked is None or checked.timestamp() < since:
        # What it said before is no answer to a webhook that tells of a change.
        await registrations.verify(work, professional_id, since=datetime.fromtimestamp(since, UTC))
