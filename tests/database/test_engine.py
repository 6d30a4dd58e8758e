"""The tenant travels inside BEGIN, whatever became of the connection before."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from cms.database.engine import WorkSession, build_engine, open_session
from tests.database.conftest import Tenants
from tests.support.listening import listening
from tests.support.patience import LONG

OPTIONS = text("select name from cms.options order by name")
TENANT = text("select current_setting('app.tenant_id', true)")


async def put(session: AsyncSession, tenant: int, name: str) -> None:
    statement = text("insert into cms.options (tenant_id, name, value) values (:t, :n, '1')")
    await session.execute(statement, {"t": tenant, "n": name})


async def names(session: AsyncSession) -> list[str]:
    return list((await session.execute(OPTIONS)).scalars())


@pytest.fixture
async def options(engine: AsyncEngine, tenants: Tenants) -> None:
    """One row for each tenant."""
    for tenant, name in ((tenants.ours, "ours"), (tenants.theirs, "theirs")):
        async with open_session(engine, tenant) as session:
            await put(session, tenant, name)
            await session.commit()


async def test_one_question_costs_three_round_trips_with_the_tenant_on_board(
    tenants: Tenants,
) -> None:
    async with listening(tenants.where.web) as line:
        engine = build_engine(line.url, pool_size=1)
        for _ in range(2):  # the first run prepares the statement
            before = line.trips
            async with open_session(engine, tenants.ours) as session:
                seen = (await session.execute(TENANT)).scalar_one()
                await session.commit()
        assert seen == str(tenants.ours)
        assert line.trips - before == 3, "BEGIN with SET LOCAL, the question, COMMIT"
        await engine.dispose()


async def test_nothing_asked_costs_nothing(tenants: Tenants) -> None:
    async with listening(tenants.where.web) as line:
        engine = build_engine(line.url, pool_size=1)
        async with open_session(engine, tenants.ours) as session:
            await session.commit()
        assert line.trips == 0
        await engine.dispose()


@pytest.mark.usefixtures("options")
async def test_a_pooled_connection_forgets_whose_it_was(
    engine: AsyncEngine, tenants: Tenants
) -> None:
    seen = []
    for tenant in (tenants.ours, None, tenants.theirs, None):
        async with open_session(engine, tenant) as session:
            seen.append(await names(session))
            await session.commit()
    assert seen == [["ours"], [], ["theirs"], []]


@pytest.mark.usefixtures("options")
async def test_a_work_that_was_broken_off_leaves_no_tenant_behind(
    engine: AsyncEngine, tenants: Tenants
) -> None:
    async with open_session(engine, tenants.ours) as session:
        with pytest.raises(IntegrityError):
            await put(session, tenants.ours, "ours")
    async with open_session(engine, None) as session:
        assert await names(session) == []


@pytest.mark.usefixtures("options")
@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
async def test_the_tenant_stays_at_other_isolation_levels(
    engine: AsyncEngine, tenants: Tenants, level: str
) -> None:
    async with open_session(engine, tenants.ours) as session:
        await session.connection(execution_options={"isolation_level": level})
        isolation = await session.execute(text("show transaction_isolation"))
        assert isolation.scalar_one() == level.lower()
        assert await names(session) == ["ours"]


@pytest.mark.usefixtures("options")
async def test_autocommit_fails_closed(engine: AsyncEngine, tenants: Tenants) -> None:
    """It never sends BEGIN, so nobody tells the server whose rows may be seen."""
    async with open_session(engine, tenants.ours) as session:
        await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        assert await names(session) == []


@pytest.mark.usefixtures("options")
async def test_a_savepoint_that_fails_keeps_the_tenant(
    engine: AsyncEngine, tenants: Tenants
) -> None:
    async with open_session(engine, tenants.ours) as session:
        await put(session, tenants.ours, "kept")
        with pytest.raises(IntegrityError):
            async with session.begin_nested():
                await put(session, tenants.ours, "ours")
        assert await names(session) == ["kept", "ours"]


@pytest.mark.usefixtures("options")
async def test_sessions_that_share_a_transaction_do_not_inherit_a_tenant(
    engine: AsyncEngine, tenants: Tenants
) -> None:
    """RELEASE SAVEPOINT keeps SET LOCAL, so each session says its tenant, also when it has none."""
    seen = []
    async with engine.connect() as connection, connection.begin():
        for tenant in (tenants.ours, tenants.theirs, None):
            async with _joined(connection, tenant) as session:
                seen.append(await names(session))
                await session.commit()
    assert seen == [["ours"], ["theirs"], []]


def _joined(connection: AsyncConnection, tenant: int | None) -> AsyncSession:
    return AsyncSession(
        connection,
        sync_session_class=WorkSession,
        join_transaction_mode="create_savepoint",
        info={"tenant": tenant},
    )


async def test_begin_is_lazy_so_a_raw_call_before_the_first_statement_stands_outside(
    engine: AsyncEngine, tenants: Tenants
) -> None:
    """The trap that keeps raw connections out of everything but the engine."""
    async with open_session(engine, tenants.ours) as session:
        connection = await session.connection()
        raw: Any = (await connection.get_raw_connection()).driver_connection
        assert not raw.is_in_transaction()
        await session.execute(text("select 1"))
        assert raw.is_in_transaction()
        assert await raw.fetchval("select current_setting('app.tenant_id')") == str(tenants.ours)


async def test_nobody_can_set_a_tenant_that_is_not_a_number(tenants: Tenants) -> None:
    engine = build_engine(tenants.where.web, pool_size=1)
    async with open_session(engine, "1'; select 1 --") as session:  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="format code 'd'"):
            await session.execute(text("select 1"))
    await engine.dispose()


async def test_writing_for_another_tenant_is_refused_by_the_database(
    engine: AsyncEngine, tenants: Tenants
) -> None:
    async with open_session(engine, tenants.ours) as session:
        with pytest.raises(Exception, match="violates row-level security policy") as refused:
            await put(session, tenants.theirs, "smuggled")
    assert "smuggled" not in str(refused.value), "parameters have no place in a log"


async def test_the_pool_says_that_it_is_exhausted_instead_of_waiting_for_ever(
    tenants: Tenants,
) -> None:
    engine = build_engine(tenants.where.web, pool_size=1)
    assert engine.pool.timeout() == 10  # type: ignore[attr-defined]
    async with engine.connect(), asyncio.timeout(LONG):
        waiting = asyncio.create_task(engine.connect().start())
        await asyncio.sleep(0.05)
        assert not waiting.done(), "there is no overflow: connections are counted by the operator"
        waiting.cancel()
    await engine.dispose()
