"""The unit of work commits what is told, and nothing else."""

import pytest
from sqlalchemy import insert

from cms import core
from cms.database.engine import build_engine
from cms.database.ids import IdAllocator
from cms.database.work import UnitOfWork, Workshop
from cms.errors import UnauditedWrite
from cms.jobs.queue import enqueue
from cms.kernel.decisions import DenyEverything
from cms.kernel.events import Event
from cms.kernel.registry import Registry
from cms.kernel.work import Work
from cms.tenancy.models import IdCounter
from tests.database.conftest import Tenants
from tests.support.working import (
    Open,
    OptionSet,
    Peeked,
    by_the_session,
    fail,
    options,
    peek,
    set_option,
    tell,
    within,
)


async def test_a_change_that_an_event_tells_of_is_saved(open_work: Open) -> None:
    await within(open_work(), set_option, tell)
    assert await options(open_work) == ["a"]


async def test_a_change_that_nobody_tells_of_is_refused_and_nothing_is_saved(
    open_work: Open,
) -> None:
    with pytest.raises(UnauditedWrite, match=r"cms\.options changed without an event") as refused:
        await within(open_work(), set_option, peek)
    assert refused.value.facts == {"tables": ["cms.options"]}
    assert await options(open_work) == []


PROTECTED = sorted(Registry([core.plugin]).protected_tables)


async def test_every_protected_table_is_watched(open_work: Open) -> None:
    """A change of no row is enough: it is the statement that is seen."""
    for table in PROTECTED:

        async def change_nothing(work: UnitOfWork, table: str = table) -> None:
            await work.execute(f"insert into {table} (tenant_id) select 1 where false")

        with pytest.raises(UnauditedWrite, match=table):
            await within(open_work(), change_nothing)


async def test_what_is_not_protected_needs_no_event(open_work: Open) -> None:
    async with open_work() as work:
        await work.execute(
            insert(IdCounter).values(tenant_id=work.tenant_id, space="spare", next=1)
        )
    async with open_work() as work:
        row = await work.one("select next from cms.id_counters where space = 'spare'")
    assert row.next == 1


async def test_a_savepoint_hides_no_change(open_work: Open) -> None:
    async def set_a_savepoint(work: UnitOfWork) -> None:
        async with work.session.begin_nested():
            await work.all("select 1")

    with pytest.raises(UnauditedWrite):
        await within(open_work(), set_option, set_a_savepoint)


async def test_an_event_covers_its_own_transaction_and_not_the_next(open_work: Open) -> None:
    async def set_another(work: UnitOfWork) -> None:
        await set_option(work, "b")

    with pytest.raises(UnauditedWrite):
        await within(open_work(), set_option, tell, UnitOfWork.commit, set_another)
    assert await options(open_work) == ["a"]


async def test_an_error_takes_everything_back(open_work: Open) -> None:
    with pytest.raises(ZeroDivisionError):
        await within(open_work(), set_option, tell, fail)
    assert await options(open_work) == []


async def test_an_entrance_that_refuses_leaves_no_connection_behind(tenants: Tenants) -> None:
    engine = build_engine(tenants.where.web, pool_size=1)
    shop = Workshop(engine, IdAllocator(engine), Registry([]), DenyEverything(), enqueue)

    async def refuse(work: UnitOfWork) -> None:
        await work.all("select 1")
        raise PermissionError

    for _ in range(2):  # with one connection in the pool, the second would wait for the first
        with pytest.raises(PermissionError):
            async with shop.work(None, entrance=refuse):
                pass
    await engine.dispose()


async def test_work_outside_of_any_tenant_says_so(open_work: Open, tenants: Tenants) -> None:
    engine = build_engine(tenants.where.web, pool_size=1)
    shop = Workshop(engine, IdAllocator(engine), Registry([]), DenyEverything(), enqueue)
    async with shop.work(None) as work:
        assert await work.all("select name from cms.options") == []
        with pytest.raises(LookupError, match="belongs to no tenant"):
            assert work.tenant_id
    await engine.dispose()


# -- the last steps


async def test_closing_steps_run_once_each_and_before_the_last_look(open_work: Open) -> None:
    ran: list[str] = []

    async def close() -> None:
        ran.append("closed")

    async def never() -> None:
        ran.append("never")

    async with open_work() as work:
        work.before_commit("log", close)
        work.before_commit("log", never)
    assert ran == ["closed"]


async def test_a_change_of_the_last_step_is_not_overlooked(open_work: Open) -> None:
    async def add_at_the_end(work: UnitOfWork) -> None:
        async def add() -> None:
            await by_the_session(work)

        work.before_commit("late", add)

    with pytest.raises(UnauditedWrite):
        await within(open_work(), add_at_the_end)
    assert await options(open_work) == []


async def test_a_closing_step_that_tells_something_is_heard(open_work: Open) -> None:
    """A trail that writes at the end must not miss what another closing step emits."""
    written: list[list[Event]] = []
    noted: list[Event] = []

    async def write() -> None:
        written.append(list(noted))
        noted.clear()

    async def note(work: Work, event: Event) -> None:
        noted.append(event)
        work.before_commit("trail", write)

    async with open_work(lambda hooks: hooks.observe(Event, note)) as work:

        async def summarise() -> None:
            await set_option(work, "summary")
            await work.emit(OptionSet())

        await work.emit(Peeked())
        work.before_commit("summary", summarise)
    assert written == [[Peeked()], [OptionSet()]]
    assert await options(open_work) == ["summary"]


async def test_ids_come_from_the_tenants_own_space(open_work: Open, tenants: Tenants) -> None:
    async with open_work() as work:
        ours = [await work.next_id("post") for _ in range(3)]
        assert await work.next_id("term") == 1
    async with open_work(tenant=tenants.theirs) as work:
        theirs = [await work.next_id("post") for _ in range(3)]
    assert ours == theirs == [1, 2, 3]
