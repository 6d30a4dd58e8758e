"""A range goes only when it is due, free, approved by two, copied, told and signed."""

from datetime import UTC, datetime
from hashlib import sha256

import psycopg
import pytest

from plugins.audit_trail.retention import ranges
from plugins.audit_trail.retention.pruning import NotSigned, prune
from plugins.audit_trail.retention.ranges import RangeKept

pytestmark = pytest.mark.asyncio

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
    from tests.plugins.audit_trail.conftest import Noted

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


async def pruned(house, pruning, folder, **options):
    """The command, while a worker runs."""
    import asyncio

    async def work():
        async with house.sequencer() as sequencer:
            while True:
                await sequencer.step()
                await asyncio.sleep(0.02)

    worker = asyncio.create_task(work())
    try:
        return await prune(house.host, pruning, folder, copied, **options)
    finally:
        worker.cancel()


async def test_a_due_range_goes_and_proofs_of_the_rest_still_hold(old, tmp_path) -> None:
    house = old
    with owner(house) as connection:
        pruning = ranges.propose(connection, PART)
    approve(house, pruning, 1, 2)
    done = await pruned(house, pruning, tmp_path)
    assert done.events == 600
    assert house.ask("select to_regclass('audit.events_2016_03')") == [(None,)]
    # Two whole tiles went; the third has events that are kept, so its hashes stay.
    assert house.ask("select first_seq, last_seq from audit.pruned_leaves") == [(0, 511)]
    assert house.ask("select min(seq) from audit.leaves") == [(512,)]
    assert house.ask("select state from audit.prunings") == [("dropped",)]


async def test_what_is_not_due_stays(house) -> None:
    await house.sequence(3)
    with owner(house) as connection:
        part = next(one.part for one in ranges.ranges(connection) if one.problems)
        with pytest.raises(RangeKept) as kept:
            ranges.propose(connection, part)
    assert {problem.code for problem in kept.value.problems} >= {"open"}


async def test_a_longer_rule_keeps_the_range(old) -> None:
    with psycopg.connect(old.owner_url) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", [str(old.tenant.id)])
        connection.execute(
            "select audit.set_retention('general', 240, 'longer', 1::bigint, null, null)"
        )
    with owner(old) as connection, pytest.raises(RangeKept, match="general 2036-03-05"):
        ranges.propose(connection, PART)


async def test_a_hold_on_one_thing_keeps_its_range_until_it_is_released(old, tmp_path) -> None:
    with owner(old) as connection:
        pruning = ranges.propose(connection, PART)
    approve(old, pruning, 1, 2)
    with psycopg.connect(old.owner_url) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", [str(old.tenant.id)])
        row = connection.execute(
            "select audit.place_hold('x', null, null, 'post', 7::bigint, 1::bigint)"
        ).fetchone()
    with pytest.raises(RangeKept, match="legal hold"):
        await pruned(old, pruning, tmp_path)
    with psycopg.connect(old.owner_url) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", [str(old.tenant.id)])
        connection.execute("select audit.release_hold(%s, 'y', 1::bigint)", [row[0]])
    assert (await pruned(old, pruning, tmp_path)).events == 600


async def test_one_person_is_not_two(old, tmp_path) -> None:
    with owner(old) as connection:
        pruning = ranges.propose(connection, PART)
    approve(old, pruning, 1, 1)
    with pytest.raises(RangeKept, match="1 of two people"):
        await pruned(old, pruning, tmp_path)
    assert old.ask("select count(*) from audit.events_2016_03") == [(600,)]


async def test_without_a_worker_nothing_goes_and_the_next_run_goes_on(old, tmp_path) -> None:
    with owner(old) as connection:
        pruning = ranges.propose(connection, PART)
    approve(old, pruning, 1, 2)
    with pytest.raises(NotSigned):
        await prune(old.host, pruning, tmp_path, copied, patience=0.2)
    assert old.ask("select count(*) from audit.events_2016_03") == [(600,)]
    assert (await pruned(old, pruning, tmp_path)).events == 600
    told = old.ask("select count(*) from audit.events where action = 'audit:range:prune'")
    assert told == [(1,)]


async def test_the_owner_cannot_drop_by_the_function_what_is_not_told(old) -> None:
    with owner(old) as connection:
        pruning = ranges.propose(connection, PART)
        approve(old, pruning, 1, 2)
        connection.execute("select audit.archive_range(%s, 'x', %s)", [pruning, b"0" * 32])
        with pytest.raises(psycopg.errors.RaiseException, match="nothing in the signed log"):
            connection.execute("select audit.drop_range(%s, '{}')", [pruning])


async def test_a_leaf_goes_by_no_other_way(old) -> None:
    with owner(old) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("delete from audit.leaves where seq = 3")
