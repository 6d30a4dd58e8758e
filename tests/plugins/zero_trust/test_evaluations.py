"""The log keeps its lines through an outage, waits for refusals, and says what it lost."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from plugins.zero_trust.evaluations import BATCH, Evaluation, EvaluationLog, Reading
from tests.support.patience import LONG, until


class Table:
    """Where the lines go; `fails` is raised instead while it is set."""

    def __init__(self) -> None:
        self.batches: list[list[Evaluation]] = []
        self.counts: list[dict] = []
        self.fails: Exception | None = None
        self.is_stuck = False

    async def store(self, tenant_id, evaluations) -> None:
        if self.is_stuck:
            await asyncio.sleep(3600)
        if self.fails is not None:
            raise self.fails
        assert {line.tenant_id for line in evaluations} == {tenant_id}
        self.batches.append(list(evaluations))

    async def store_counts(self, tenant_id, counts) -> None:
        if self.fails is not None:
            raise self.fails
        self.counts.append(dict(counts))

    @property
    def lines(self) -> list[Evaluation]:
        return [line for batch in self.batches for line in batch]


@pytest.fixture
def table() -> Table:
    return Table()


@pytest.fixture
async def log(table):
    log = EvaluationLog(table.store, table.store_counts)
    log.open()
    yield log
    table.fails = None
    await log.close()


def line(decision: str = "allow", tenant: int = 1) -> Evaluation:
    return Evaluation(
        tenant_id=tenant,
        evaluated_at=datetime.now(UTC),
        action_requested="post.edit",
        resource_requested="post",
        decision=decision,
        policy_version="v",
    )


async def test_an_allowance_is_written_soon_and_many_in_one_batch(table, log):
    for _ in range(30):
        log.put(line())
    assert table.batches == []
    await until(lambda: table.batches, "a batch")
    assert [len(batch) for batch in table.batches] == [30]


async def test_a_full_batch_does_not_wait_for_the_clock(table, monkeypatch):
    monkeypatch.setattr("plugins.zero_trust.evaluations.FLUSH_EVERY", 3600)
    log = EvaluationLog(table.store, table.store_counts)
    log.open()
    for _ in range(BATCH):
        log.put(line())
    await until(lambda: table.lines, "the lines")
    assert len(table.lines) == BATCH
    await log.close()


async def test_a_refusal_is_written_before_it_is_answered(table, log):
    await asyncio.gather(*(log.put_now(line("deny")) for _ in range(20)))
    assert len(table.lines) == 20
    assert len(table.batches) <= 2  # those that wait share a transaction


async def test_each_tenant_has_its_own_transaction(table, log):
    await asyncio.gather(log.put_now(line("deny", 1)), log.put_now(line("deny", 2)))
    assert sorted(batch[0].tenant_id for batch in table.batches) == [1, 2]


async def test_an_outage_loses_nothing_and_holds_up_nobody(table, log):
    table.fails = ConnectionRefusedError()
    lines = [line("deny") for _ in range(5)]
    # Nobody waits as long as for a database that hangs, which is longer in tests.
    async with asyncio.timeout(LONG / 2):
        for refused in lines:
            await log.put_now(refused)
    assert log.is_failing
    table.fails = None
    await until(lambda: len(table.lines) == len(lines), "the lines")
    assert [written.id for written in table.lines] == [kept.id for kept in lines]
    assert not log.is_failing


async def test_a_database_that_hangs_costs_a_refusal_two_seconds_at_most(table, log, monkeypatch):
    monkeypatch.setattr("plugins.zero_trust.evaluations.WRITE_WITHIN", 0.1)
    table.is_stuck = True
    async with asyncio.timeout(LONG):
        await log.put_now(line("deny"))
    table.is_stuck = False
    await log.close()
    assert len(table.lines) == 1


async def test_what_there_is_no_room_for_becomes_a_gap_line(table):
    log = EvaluationLog(table.store, table.store_counts, room=3)
    for _ in range(8):
        log.put(line())
    assert log.is_full
    assert log.gaps[1] == 5
    log.open()
    await log.close()
    assert [(kept.decision, kept.occurrences) for kept in table.lines] == [
        *[("allow", 1)] * 3,
        ("gap", 5),
    ]
    assert log.gaps.total() == 0


async def test_lines_the_database_refuses_do_not_hold_up_the_others(table, log):
    table.fails = IntegrityError("insert", {}, Exception("check"))
    await log.put_now(line("deny"))
    table.fails = None
    await until(lambda: not log.is_failing, "the gap to be written")
    await log.put_now(line("deny"))
    assert [(kept.decision, kept.occurrences) for kept in table.lines] == [("gap", 1), ("deny", 1)]


async def test_readers_are_counted_in_one_line(table, log):
    for _ in range(1000):
        log.count_reading(Reading(1, "post.read", "post", "allow", "v", ("p",)))
    await log.close()
    (counted,) = table.lines
    assert (counted.occurrences, counted.user_id, counted.request_id) == (1000, None, None)


async def test_counters_of_policies_add_up_and_survive_an_outage(table, log):
    both, first = frozenset({1, 2}), frozenset({1})
    log.count_policies(7, both, first, "allow")
    table.fails = ConnectionRefusedError()
    await log._tally()
    table.fails = None
    log.count_policies(7, both, first, "deny")
    log.count_policies(7, both, first, "conditional")
    await log.close()
    (counts,) = table.counts
    assert (counts[1].evaluated, counts[1].allowed, counts[1].denied) == (3, 1, 1)
    assert (counts[2].evaluated, counts[2].allowed, counts[2].denied) == (3, 0, 0)


async def test_it_ends_even_when_the_database_is_away(table):
    log = EvaluationLog(table.store, table.store_counts)
    log.open()
    table.fails = ConnectionRefusedError()
    log.put(line())
    async with asyncio.timeout(LONG):
        await log.close()
