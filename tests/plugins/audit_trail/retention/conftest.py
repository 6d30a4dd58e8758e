"""A month of the past in the log, and what lets it go."""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256

import psycopg
import pytest

from plugins.audit_trail.retention.pruning import prune
from tests.plugins.audit_trail.conftest import Noted

PART = "audit.events_2016_03"
THEN = datetime(2016, 3, 5, 12, tzinfo=UTC)


def month(house, part=PART, since="2016-03-01", until="2016-04-01"):
    """A month of the past, as it was made then."""
    name = part.removeprefix("audit.")
    with psycopg.connect(house.owner_url) as connection:
        connection.execute(f"create table {part} (like audit.events including all)")
        connection.execute(
            f"alter table audit.events attach partition audit.{name} "
            f"for values from ('{since}+00') to ('{until}+00')"
        )


@pytest.fixture
async def old(house):
    """A log with 600 events of March 2016, the last four of which share a tile with new ones."""
    month(house)
    async with house.sequencer() as sequencer:
        for _ in range(6):
            async with house.work() as work:
                work.now = THEN
                for n in range(100):
                    await work.emit(Noted(post_id=n + 1))
        await sequencer.step()
        await house.note(*range(1, 30))
        await sequencer.step()
    # The writer was known then, too.
    with psycopg.connect(house.owner_url) as connection:
        connection.execute("update audit.writers set opened_at = %s", [THEN])
    return house


def owner(house):
    return psycopg.connect(house.owner_url, autocommit=True)


def approve(house, pruning, *people):
    with psycopg.connect(house.owner_url) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", [str(house.tenant.id)])
        for person in people:
            connection.execute("select audit.approve_pruning(%s, %s)", [pruning, person])


async def copied(host, tenant, found, target):
    target.mkdir(parents=True)
    (target / "copy").write_text("what there was")
    return sha256(b"what there was").hexdigest()


async def pruned(house, pruning, folder, archive=None, **options):
    """The command, while a worker runs."""

    async def work():
        async with house.sequencer() as sequencer:
            while True:
                await sequencer.step()
                await asyncio.sleep(0.02)

    worker = asyncio.create_task(work())
    try:
        return await prune(house.host, pruning, folder, archive or copied, **options)
    finally:
        worker.cancel()
