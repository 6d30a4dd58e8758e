"""The trail on the driver of this run: hypertables when CMS_TEST_TIMESCALE_URL names a server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import psycopg
import pytest
from psycopg import AsyncConnection

from plugins.audit_trail.storage.store import (
    TIMESCALE,
    AuditStore,
    Connection,
    Periods,
    Range,
    Standing,
    open_store,
    standing,
)
from tests.plugins.audit_trail.conftest import House, Noted

SOON = Periods(seal_after=timedelta(days=30))


@dataclass
class Stored:
    """A house and its store, small enough that ranges close after a few events."""

    house: House
    standing: Standing

    @asynccontextmanager
    async def open(self, *, as_owner: bool = False) -> AsyncIterator[tuple[AuditStore, Connection]]:
        url = self.house.owner_url if as_owner else self.house.host.worker_url
        async with await AsyncConnection.connect(url, autocommit=True) as connection:
            yield await open_store(connection, SOON), connection

    async def record(self, *ages: int) -> None:
        """One event for each age in days, each through a unit of work of that day."""
        for age in ages:
            async with self.house.work() as work:
                work.now -= timedelta(days=age)
                await work.emit(Noted(post_id=age + 1))
        async with self.house.sequencer() as sequencer:
            await sequencer.step()

    async def seal(self) -> list[str]:
        sealed = []
        async with self.open() as (store, connection):
            while (name := await store.seal(connection)) is not None:
                sealed.append(name)
        return sealed

    async def ranges(self, table: str) -> list[Range]:
        async with self.open(as_owner=True) as (store, connection):
            return [one for one in await store.ranges(connection) if one.table == table]

    def kinds(self) -> dict[str, int | None]:
        return {finding.kind: finding.seq for finding in self.house.verify().findings}


@pytest.fixture
async def stored(house: House) -> Stored:
    async with await AsyncConnection.connect(house.owner_url, autocommit=True) as connection:
        found = await standing(connection)
        if found.driver == TIMESCALE:
            await connection.execute("select set_chunk_time_interval('audit.leaves', 4)")
    return Stored(house, found)


@pytest.fixture
def hypertables(stored: Stored) -> Stored:
    if stored.standing.driver != TIMESCALE:
        pytest.skip("set CMS_TEST_TIMESCALE_URL: `make test-timescale`")
    return stored


@pytest.fixture
async def packed(hypertables: Stored) -> Stored:
    """Eight old events and one of today; all that is closed is packed."""
    if not hypertables.standing.has_columnstore:
        pytest.skip("this edition of TimescaleDB has no columnstore")
    await hypertables.record(200, 200, 200, 170, 170, 120, 120, 120, 0)
    assert await hypertables.seal()
    return hypertables


def as_owner(house: House, *statements: str) -> None:
    """Statements of somebody who owns the tables and switches their triggers off."""
    with psycopg.connect(house.owner_url) as connection:
        for table in ("events", "leaves"):
            connection.execute(f"alter table audit.{table} disable trigger user")
        for statement in statements:
            connection.execute(statement)
        for table in ("events", "leaves"):
            connection.execute(f"alter table audit.{table} enable trigger user")
