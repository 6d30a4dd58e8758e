"""The unit of work commits what is told, and nothing else."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import insert, text

from cms import core
from cms.database.engine import build_engine
from cms.database.ids import IdAllocator
from cms.database.work import UnitOfWork, Workshop
from cms.errors import TransitionRefused, UnauditedWrite
from cms.jobs.queue import enqueue
from cms.kernel.actors import SYSTEM
from cms.kernel.decisions import DenyEverything
from cms.kernel.events import Event, Subject
from cms.kernel.objections import Objection
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry
from cms.kernel.tenant import Tenant
from cms.kernel.work import ReadableWork, Work
from cms.tenancy.models import IdCounter, Option
from tests.database.conftest import Tenants


class OptionSet(Event, frozen=True):
    """An option of the site changed."""

    tag = "test:option:set"
    covers = ("cms.options",)

    def subject(self) -> Subject:
        return Subject("option")


class Peeked(Event, frozen=True):
    """Somebody looked; nothing changed."""

    tag = "test:option:peek"

    def subject(self) -> Subject:
        return Subject("option")


Open = Callable[..., UnitOfWork]


@pytest.fixture
async def open_work(tenants: Tenants) -> AsyncIterator[Open]:
    """`open_work(connect)` is a unit of work of our tenant, with the hooks of one plugin."""
    engine, ids = build_engine(tenants.where.web), build_engine(tenants.where.web, pool_size=1)
    allocator = IdAllocator(ids)

    def start(connect: Any = None, tenant: int = tenants.ours, events: Any = None) -> UnitOfWork:
        declared = (OptionSet, Peeked) if events is None else events
        plugin = Plugin(slug="test", events=declared, connect=connect)
        registry = Registry([core.plugin, plugin])
        shop = Workshop(engine, allocator, registry, DenyEverything(), enqueue)
        return shop.work(Tenant(tenant, "c", "C", "pt-BR", "America/Sao_Paulo"), SYSTEM)

    yield start
    await engine.dispose()
    await ids.dispose()


async def set_option(work: Work | UnitOfWork, name: str = "a") -> None:
    await work.execute(insert(Option).values(tenant_id=work.tenant_id, name=name, value=1))


async def tell(work: UnitOfWork) -> None:
    await work.emit(OptionSet())


async def peek(work: UnitOfWork) -> None:
    await work.emit(Peeked())


async def fail(work: UnitOfWork) -> None:
    raise ZeroDivisionError


async def within(work: UnitOfWork, *steps: Callable[[UnitOfWork], Awaitable[None]]) -> None:
    async with work:
        for step in steps:
            await step(work)


async def options(open_work: Open) -> list[str]:
    async with open_work() as work:
        rows = await work.all("select name from cms.options order by name")
    return [row.name for row in rows]


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


@pytest.mark.parametrize("table", PROTECTED)
async def test_every_protected_table_is_watched(open_work: Open, table: str) -> None:
    """A change of no row is enough: it is the statement that is seen."""

    async def change_nothing(work: UnitOfWork) -> None:
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


# -- hooks inside of the work


async def test_every_guard_is_asked_and_the_person_sees_every_reason(open_work: Open) -> None:
    async def two_reasons(work: ReadableWork, event: Peeked) -> AsyncIterator[Objection]:
        yield Objection("a.first", "First.", "Do it")
        yield Objection("a.second", "Second.", "Do that")

    async def content(work: ReadableWork, event: Peeked) -> AsyncIterator[Objection]:
        if work.tenant_id < 0:
            yield Objection("never", "", "")

    async def third(work: ReadableWork, event: Peeked) -> AsyncIterator[Objection]:
        yield Objection("b.third", "Third.", "Wait")

    def connect(hooks: Any) -> None:
        for guard in (two_reasons, content, third):
            hooks.guard(Peeked, guard)

    async with open_work(connect) as work:
        with pytest.raises(TransitionRefused, match=r"First\. Second\. Third\.") as refused:
            await work.check(Peeked())
        codes = [objection.code for objection in refused.value.objections]
        assert codes == ["a.first", "a.second", "b.third"]
        await work.check(OptionSet())  # nobody guards this one


async def by_execute(work: Any) -> None:
    await set_option(work)


async def by_reading(work: Any) -> None:
    await work.all("update cms.options set value = '1' returning name")


async def by_the_session(work: Any) -> None:
    work.session.add(Option(tenant_id=work.tenant_id, name="x", value=1))


async def by_a_flush(work: Any) -> None:
    await by_the_session(work)
    await work.session.flush()


async def by_an_event(work: Any) -> None:
    await work.emit(OptionSet())


@pytest.mark.parametrize(
    "write",
    [by_execute, by_reading, by_the_session, by_a_flush, by_an_event],
    ids=lambda way: way.__name__,
)
async def test_a_guard_that_writes_is_stopped_in_whichever_way_it_tries(
    open_work: Open, write: Any
) -> None:
    async def meddle(work: Any, event: Peeked) -> AsyncIterator[Objection]:
        await write(work)
        if not event.covers:
            return
        yield Objection("never", "", "")

    async def check(work: UnitOfWork) -> None:
        await work.check(Peeked())

    guarded = open_work(lambda hooks: hooks.guard(Peeked, meddle))
    with pytest.raises(RuntimeError, match="a guard may not write"):
        # That the table was written before, and told of, hides nothing.
        await within(guarded, set_option, tell, check)
    assert await options(open_work) == []


async def test_a_guard_may_lock_what_it_looks_at(open_work: Open) -> None:
    async def look(work: Any, event: Peeked) -> AsyncIterator[Objection]:
        for row in await work.all("select name from cms.options o for update of o"):
            yield Objection("seen", row.name, "")

    async with open_work(lambda hooks: hooks.guard(Peeked, look)) as work:
        await set_option(work)
        await work.emit(OptionSet())
        assert [o.message for o in await work.objections(Peeked())] == ["a"]
    assert await options(open_work) == ["a"]


async def test_filters_hand_the_value_on_and_one_that_loses_it_is_named(open_work: Open) -> None:
    async def louder(work: ReadableWork, value: str) -> str:
        return value.upper()

    async def longer(work: ReadableWork, value: str) -> str:
        return value + "!"

    async def forgetful(work: ReadableWork, value: str) -> None: ...

    def connect(hooks: Any) -> None:
        hooks.filter(str, longer)
        hooks.filter(str, louder, order=-1)
        hooks.filter(int, forgetful)

    async with open_work(connect) as work:
        assert await work.shape("dor") == "DOR!"
        assert await work.shape(b"untouched") == b"untouched"
        with pytest.raises(
            TypeError, match=r"forgetful returned NoneType for a int; a filter must"
        ):
            await work.shape(7)


async def test_observers_see_the_change_and_run_in_its_transaction(open_work: Open) -> None:
    seen: list[str] = []

    async def read(work: Work, event: OptionSet) -> None:
        seen.extend(row.name for row in await work.all("select name from cms.options"))

    async with open_work(lambda hooks: hooks.observe(OptionSet, read)) as work:
        work.session.add(Option(tenant_id=work.tenant_id, name="pending", value=1))
        await work.emit(OptionSet())
        assert seen == ["pending"], "what the session holds is written before observers look"


async def test_an_event_that_nobody_declares_cannot_have_followers(open_work: Open) -> None:
    """Its job could never be run: the worker knows events from the declarations."""

    async def follow(work: Work, event: Event) -> None: ...

    silent = open_work(lambda hooks: hooks.after_commit(Event, follow), events=(OptionSet,))
    with pytest.raises(LookupError, match="no plugin declares the event Peeked"):
        await within(silent, peek)


async def test_a_follower_is_queued_with_ids_and_only_if_the_work_commits(
    open_work: Open, tenants: Tenants
) -> None:
    async def follow(work: Work, event: OptionSet) -> None: ...

    def connect(hooks: Any) -> None:
        hooks.after_commit(OptionSet, follow)

    async with open_work(connect) as work:
        await set_option(work)
        await work.emit(OptionSet(before={"title": "Dor"}, after={"title": "Tosse"}))
    with pytest.raises(ZeroDivisionError):
        await within(open_work(connect), tell, fail)
    engine = build_engine(tenants.where.worker, pool_size=1)
    async with engine.connect() as connection:
        jobs = await connection.execute(
            text("select task_name, args from jobs.procrastinate_jobs order by id")
        )
        ((task, args),) = jobs.all()
    await engine.dispose()
    assert task == "cms:hook"
    assert args == {
        "tenant_id": tenants.ours,
        "hook": f"{__name__}:{follow.__qualname__}",
        "event": "OptionSet",
        "outcome": "success",
    }


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
