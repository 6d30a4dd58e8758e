"""Ids are unique and never come again; gaps and disorder are accepted."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from cms.database.engine import build_engine, open_session
from cms.database.ids import BLOCK, IdAllocator
from tests.database.conftest import Tenants


@pytest.fixture
async def engine(tenants: Tenants) -> AsyncIterator[AsyncEngine]:
    built = build_engine(tenants.where.web, pool_size=2)
    yield built
    await built.dispose()


async def test_two_processes_never_hand_out_the_same_id(
    engine: AsyncEngine, tenants: Tenants
) -> None:
    processes = [IdAllocator(engine), IdAllocator(engine)]
    spaces = [(tenants.ours, "post"), (tenants.ours, "term"), (tenants.theirs, "post")]
    asked = [(t, s, p) for _ in range(3 * BLOCK) for t, s in spaces for p in processes]
    given = await asyncio.gather(*(p.next(t, s) for t, s, p in asked))
    for tenant, space in spaces:
        ids = [i for i, (t, s, _) in zip(given, asked, strict=True) if (t, s) == (tenant, space)]
        assert len(set(ids)) == len(ids) == 6 * BLOCK
        assert min(ids) == 1


async def test_one_process_counts_up_and_goes_to_the_database_once_a_block(
    engine: AsyncEngine, tenants: Tenants
) -> None:
    ids = IdAllocator(engine)
    assert [await ids.next(tenants.ours, "post") for _ in range(BLOCK)] == [*range(1, BLOCK + 1)]
    assert await _counter(engine, tenants.ours) == BLOCK + 1
    assert await ids.next(tenants.ours, "post") == BLOCK + 1
    assert await _counter(engine, tenants.ours) == 2 * BLOCK + 1


async def test_a_restart_leaves_a_gap_and_never_a_second_owner(
    engine: AsyncEngine, tenants: Tenants
) -> None:
    before = await IdAllocator(engine).next(tenants.ours, "post")
    after = await IdAllocator(engine).next(tenants.ours, "post")
    assert after == before + BLOCK


async def test_an_import_moves_the_counter_past_its_own_ids(
    engine: AsyncEngine, tenants: Tenants
) -> None:
    ids = IdAllocator(engine)
    assert await ids.next(tenants.ours, "post") == 1
    await ids.advance_past(tenants.ours, "post", 99_999)
    assert await ids.next(tenants.ours, "post") == 100_000
    await ids.advance_past(tenants.ours, "post", 5)
    assert await ids.next(tenants.ours, "post") > 100_000, "the counter never goes back"
    assert await ids.next(tenants.theirs, "post") == 1


async def test_an_import_amid_other_work_leaves_no_old_block_behind(
    engine: AsyncEngine, tenants: Tenants
) -> None:
    """A block that was being fetched while the counter moved would cover imported ids."""
    ids = IdAllocator(engine)
    waiting = [asyncio.create_task(ids.next(tenants.ours, "post")) for _ in range(3)]
    await asyncio.sleep(0)
    await ids.advance_past(tenants.ours, "post", 1000)
    await asyncio.gather(*waiting)
    assert await ids.next(tenants.ours, "post") == 1001


async def _counter(engine: AsyncEngine, tenant: int) -> int:
    async with open_session(engine, tenant) as session:
        counter: int = (
            await session.execute(text("select next from cms.id_counters where space = 'post'"))
        ).scalar_one()
    return counter


async def test_ids_beyond_four_bytes_are_passed_too(engine: AsyncEngine, tenants: Tenants) -> None:
    ids = IdAllocator(engine)
    await ids.advance_past(tenants.ours, "post", 2**31)
    assert await ids.next(tenants.ours, "post") == 2**31 + 1
