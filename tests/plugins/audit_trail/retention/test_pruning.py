"""A range goes only when it is due, free, approved by two, copied, told and signed."""

import psycopg
import pytest

from plugins.audit_trail.retention import ranges
from plugins.audit_trail.retention.pruning import NotSigned, prune
from plugins.audit_trail.retention.ranges import RangeKept
from plugins.audit_trail.verification.telling import told
from tests.plugins.audit_trail.conftest import Noted
from tests.plugins.audit_trail.retention.conftest import (
    PART,
    THEN,
    approve,
    copied,
    owner,
    pruned,
)

pytestmark = pytest.mark.asyncio


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
    events = old.ask("select count(*) from audit.events where action = 'audit:range:prune'")
    assert events == [(1,)]


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


async def test_an_event_that_comes_late_needs_a_new_proposal(old, tmp_path) -> None:
    with owner(old) as connection:
        pruning = ranges.propose(connection, PART)
    approve(old, pruning, 1, 2)
    async with old.work() as work:
        work.now = THEN
        await work.emit(Noted(post_id=1))
    await old.sequence(1)
    with pytest.raises(RangeKept, match="it had 600 events when it was proposed"):
        await pruned(old, pruning, tmp_path)
    with owner(old) as connection:
        ranges.withdraw(connection, pruning)
        again = ranges.propose(connection, PART)
    approve(old, again, 1, 2)
    assert (await pruned(old, again, tmp_path)).events == 601
    report = old.verify()
    assert report.verdict == "green", told(report)
