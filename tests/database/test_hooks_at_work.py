"""Guards, filters, observers and followers inside of a unit of work."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from cms.database.engine import build_engine
from cms.database.work import UnitOfWork
from cms.errors import TransitionRefused
from cms.kernel.actors import RequestFacts
from cms.kernel.events import Event
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork, Work
from cms.tenancy.models import Option
from tests.database.conftest import Tenants
from tests.support.working import (
    Open,
    OptionSet,
    Peeked,
    by_a_flush,
    by_an_event,
    by_execute,
    by_reading,
    by_the_session,
    fail,
    options,
    peek,
    set_option,
    tell,
    within,
)


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


async def test_what_several_guards_want_is_asked_once_and_only_among_them(open_work: Open) -> None:
    asked: list[str] = []

    async def ask() -> int:
        asked.append("asked")
        return len(asked)

    async def wants(work: ReadableWork, event: Peeked) -> AsyncIterator[Objection]:
        yield Objection(f"n.{await work.once('count', ask)}", "", "")

    async def wants_too(work: ReadableWork, event: Peeked) -> AsyncIterator[Objection]:
        yield Objection(f"n.{await work.once('count', ask)}", "", "")

    def connect(hooks: Any) -> None:
        hooks.guard(Peeked, wants)
        hooks.guard(Peeked, wants_too)

    async with open_work(connect) as work:
        assert [one.code for one in await work.objections(Peeked())] == ["n.1", "n.1"]
        # Between two rounds something may have been written.
        assert [one.code for one in await work.objections(Peeked())] == ["n.2", "n.2"]
        assert [await work.once("count", ask) for _ in range(2)] == [3, 4]


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


# -- prepared before the guards, and kept although they refuse


async def _late(work: Work) -> None:
    await set_option(work, "found_out")
    await work.emit(OptionSet())


async def prepare(work: Work, event: Peeked) -> None:
    await set_option(work, "prepared")
    await work.emit(OptionSet())
    work.even_if_refused("found", _late)


async def wants_it_prepared(work: ReadableWork, event: Peeked) -> AsyncIterator[Objection]:
    rows = await work.all("select name from cms.options where name = 'prepared'")
    if not rows or work.request.channel == "refused":
        yield Objection("a.unprepared", "Not prepared.", "Prepare")


def _prepared(hooks: Any) -> None:
    hooks.prepare(Peeked, prepare)
    hooks.guard(Peeked, wants_it_prepared)


async def test_what_is_prepared_is_there_when_the_guards_look(open_work: Open) -> None:
    async with open_work(_prepared) as work:
        assert len(await work.objections(Peeked())) == 1, "who only asks prepares nothing"
        await work.check(Peeked())
    assert await options(open_work) == ["prepared"], "and nothing is kept twice"


async def test_what_was_found_out_outlives_the_refusal(open_work: Open) -> None:
    work = open_work(_prepared)
    work.request = RequestFacts("r", channel="refused")
    with pytest.raises(TransitionRefused):
        await within(work, ask_the_guards)
    assert await options(open_work) == ["found_out"]


async def ask_the_guards(work: UnitOfWork) -> None:
    await work.check(Peeked())


async def test_a_finding_that_cannot_be_kept_hides_no_refusal(open_work: Open) -> None:
    with pytest.raises(LookupError, match="the real reason"):
        await within(open_work(), _cannot_be_kept, _goes_wrong)
    await within(open_work(), _cannot_be_kept)  # nothing is tried when nothing was refused


async def _cannot_be_kept(work: UnitOfWork) -> None:
    work.even_if_refused("found", fail)


async def _goes_wrong(work: UnitOfWork) -> None:
    raise LookupError("the real reason")
