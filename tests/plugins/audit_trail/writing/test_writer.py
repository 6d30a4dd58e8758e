"""Every number of a writer is in the log, taken back, or on its way; a missing one is found."""

import asyncio
import os
from datetime import timedelta

import asyncpg
import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from cms.errors import UnauditedWrite
from cms.kernel.work import Ending
from plugins.audit_trail.completeness.gaps import LOST, UNDER_WAY, UNPROVEN, GapReport, find_gaps
from plugins.audit_trail.writing import recording
from plugins.audit_trail.writing.writer import LEAVES_AFTER, MOST_VOID, Writer
from tests.plugins.audit_trail.conftest import House, Noted


@pytest.fixture(autouse=True)
def fresh_writer(monkeypatch: pytest.MonkeyPatch) -> Writer:
    """Each test is a process of its own."""
    writer = Writer()
    monkeypatch.setattr(recording, "_writer", writer)
    return writer


def _refusal(state: str) -> DBAPIError:
    orig = Exception()
    orig.sqlstate = state
    return DBAPIError("commit", None, orig)


def gaps(house: House) -> GapReport:
    with psycopg.connect(house.owner_url) as connection:
        return find_gaps(connection)


async def rolled_back(house: House, *post_ids: int) -> None:
    """A transaction whose events had their numbers already when it failed."""

    async def fail() -> None:
        async with house.work() as work:
            for post_id in post_ids:
                await work.emit(Noted(post_id=post_id))
            await work.execute("update cms.users set display_name = 'x'")

    with pytest.raises(UnauditedWrite):
        await fail()


async def note_later(house: House, **by: float) -> None:
    async with house.work() as work:
        work.now += timedelta(**by)
        await work.emit(Noted(post_id=1))


def numbers(house: House) -> list[tuple[int, list[int]]]:
    return house.ask("select writer_seq, writer_void from audit.events order by writer_seq")


async def test_what_was_rolled_back_is_taken_back_by_the_next_event(house: House):
    await house.note(1)
    await rolled_back(house, 2, 3)
    await house.note(4, 5)
    await house.note(6)
    assert numbers(house) == [(0, []), (3, [1, 2]), (4, []), (5, [])]
    assert gaps(house).holes == []


async def test_it_is_said_again_until_an_event_that_says_it_has_committed(house: House):
    await rolled_back(house, 1)
    await rolled_back(house, 2)
    await house.note(3)
    assert numbers(house) == [(2, [0, 1])]
    assert gaps(house).holes == []


async def test_events_side_by_side_neither_lose_nor_share_a_number(house: House):
    async def one(number: int) -> None:
        await (rolled_back if number % 7 == 0 else House.note)(house, number, number)

    await asyncio.gather(*(one(number) for number in range(60)))
    await house.note(1)
    told = numbers(house)
    void = {number for _, taken in told for number in taken}
    present = [number for number, _ in told]
    assert sorted([*present, *void]) == list(range(present[-1] + 1))
    assert gaps(house).holes == []


@pytest.mark.parametrize(("committed", "void"), [(True, []), (False, [1])])
async def test_a_commit_whose_answer_was_lost_is_settled_by_what_the_database_says(
    house: House, fresh_writer: Writer, committed: bool, void: list[int]
):
    await house.note(1)
    fresh_writer.end(fresh_writer.take(1), Ending.UNKNOWN, _transaction(house, committed=committed))
    await house.note(9)
    assert numbers(house) == [(0, []), (2, void)]


async def test_while_the_database_cannot_tell_nothing_is_taken_back(
    house: House, fresh_writer: Writer
):
    with psycopg.connect(house.owner_url) as connection:
        row = connection.execute("select pg_current_xact_id()::text").fetchone()
        fresh_writer.end(fresh_writer.take(1), Ending.UNKNOWN, row[0])
        await house.note(1)
        connection.rollback()
    await house.note(2)
    assert numbers(house) == [(1, []), (2, [0])]


def _transaction(house: House, *, committed: bool) -> str:
    with (
        psycopg.connect(house.owner_url, autocommit=True) as connection,
        connection.transaction(force_rollback=not committed),
    ):
        row = connection.execute("select pg_current_xact_id()::text").fetchone()
    return row[0]


@pytest.mark.parametrize(
    ("fault", "ending"),
    [
        (asyncpg.ConnectionDoesNotExistError("closed in the middle"), Ending.UNKNOWN),
        (asyncio.CancelledError(), Ending.UNKNOWN),
        (_refusal("57P01"), Ending.UNKNOWN),
        (_refusal("08006"), Ending.UNKNOWN),
        (_refusal("42501"), Ending.ROLLED_BACK),
        (_refusal("40001"), Ending.ROLLED_BACK),
    ],
)
async def test_only_an_answer_of_the_server_says_that_it_was_rolled_back(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: BaseException, ending: Ending
):
    ended: list[Ending] = []

    async def dies() -> None:
        raise fault

    async def fail() -> None:
        async with house.work() as work:
            await work.emit(Noted(post_id=1))
            work.when_ended(ended.append)
            monkeypatch.setattr(work.session, "commit", dies)

    with pytest.raises(type(fault)):
        await fail()
    assert ended == [ending]


async def test_an_event_removed_before_it_came_into_the_log_is_found(house: House):
    """By its owner, with triggers off, from both tables: no hash has ever seen it."""
    await house.sequence(2)
    await house.note(77)
    house.tamper("delete from audit.pending", "delete from audit.events where resource_id = 77")
    await house.note(3)
    assert [hole.standing for hole in gaps(house).holes] == [UNDER_WAY]
    await note_later(house, minutes=2)
    await house.sequence(0)
    async with house.sequencer() as sequencer:
        await sequencer.finish()
    (hole,) = gaps(house).of(LOST)
    assert (hole.first, hole.last, hole.before.seq, hole.after.seq) == (2, 2, 1, 2)
    report = house.verify()
    assert [(f.kind, f.seq, f.until) for f in report.findings] == [("writer-gap", 1, 2)]
    assert hole.writer_id in report.findings[0].message


async def test_no_event_may_take_back_a_number_of_another_writer(
    house: House, fresh_writer: Writer
):
    await house.note(1)
    await rolled_back(house, 2)
    fresh_writer._begin()
    await house.note(3)
    assert numbers(house) == [(0, []), (0, [])]
    assert gaps(house).holes == [], "numbers beyond the last one are nobody's business"


async def test_what_a_dead_writer_left_open_is_unproven(house: House):
    await house.note(1)
    recording._writer.take(3)
    await house.note(2)
    await house.sequence(0)
    async with house.sequencer() as sequencer:
        await sequencer.finish()
        house.tamper("update audit.writers set last_at = now() - interval '2 hours'")
        await sequencer.close_silent()
    assert [(h.first, h.last, h.standing) for h in gaps(house).holes] == [(1, 3, UNPROVEN)]
    report = house.verify()
    assert (report.verdict, report.unproven, report.under_way) == ("green", 1, 0)


async def test_more_holes_than_connections_prove_that_something_is_missing(house: House):
    for _ in range(10):
        recording._writer.take(1)
        await house.note(1)
    assert {hole.standing for hole in gaps(house).holes} == {LOST}


async def test_a_number_that_two_events_bear_is_found(house: House):
    await house.note(1, 2)
    house.tamper("update audit.events set writer_seq = 0 where writer_seq = 1")
    assert [event.number for event in gaps(house).doubled] == [0]


def test_a_silent_process_and_a_forked_child_begin_anew():
    moment = [1000.0]
    writer = Writer(lambda: moment[0])
    first = writer.take(2)
    assert writer.take(1).first == 2
    moment[0] += LEAVES_AFTER + 1
    later = writer.take(1)
    assert (later.first, later.writer_id != first.writer_id) == (0, True)
    writer.end(first, Ending.ROLLED_BACK)
    assert writer.take(1).void == ()
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        block = writer.take(1)
        os.write(writing, f"{block.writer_id} {block.first}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    forked_id, number = os.read(reading, 100).decode().split()
    assert (forked_id != later.writer_id, number) == (True, "0")


def test_one_event_takes_back_a_thousand_and_the_next_goes_on():
    writer = Writer()
    writer.end(writer.take(MOST_VOID + 5), Ending.ROLLED_BACK)
    first = writer.take(1)
    assert len(first.void) == MOST_VOID
    writer.end(first, Ending.COMMITTED)
    assert len(writer.take(1).void) == 5
