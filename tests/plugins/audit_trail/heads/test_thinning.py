"""Which heads go with time, and that nothing takes them for missing."""

import time
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.audit_trail.hashing.leaf import leaf_hash_of
from plugins.audit_trail.hashing.notes import Algorithm, Checkpoint, SigningKey, verifiers
from plugins.audit_trail.hashing.tree import Tree
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.heads.signer import HeadKeeper
from plugins.audit_trail.heads.thinning import (
    DAY,
    HOUR,
    MINUTE,
    NEVER,
    bucket,
    signed_at,
    superfluous,
)
from plugins.audit_trail.log.sequencer import thin
from tests.plugins.audit_trail.conftest import House

NOW = 2_000_000_000
YEAR = 366 * DAY

TIMES = st.lists(st.integers(NOW - 3 * YEAR, NOW), max_size=60).map(sorted)


def test_a_head_a_second_for_seven_years_leaves_few():
    # Counted, not made: the rule keeps one head for each stretch that it knows.
    kept = DAY + 30 * DAY // MINUTE + 335 * DAY // HOUR + 6 * 366
    assert kept < 150_000
    stretches = {bucket(NOW - age, NOW) for age in range(2 * DAY, 3 * DAY)}
    assert len(stretches) in (DAY // MINUTE, DAY // MINUTE + 1)


@given(TIMES, st.sets(st.integers(0, 59)))
def test_every_stretch_keeps_its_last_head_and_the_last_day_keeps_all(times, pinned):
    heads = list(enumerate(times))
    gone = set(superfluous(heads, NOW, pinned))
    kept = [(size, at) for size, at in heads if size not in gone]
    assert not gone & pinned
    assert 0 not in gone
    assert kept[-1:] == heads[-1:]
    assert all(at < NOW - DAY for size, at in heads if size in gone)
    assert {bucket(at, NOW) for _, at in kept} == {bucket(at, NOW) for _, at in heads}
    for size in gone:
        later = [at for other, at in kept if other > size]
        assert bucket(heads[size][1], NOW) in {bucket(at, NOW) for at in later}
    assert superfluous(kept, NOW, pinned) == []


@given(TIMES, st.integers(0, 2 * YEAR))
def test_thinning_now_and_again_later_is_thinning_once(times, more):
    heads = list(enumerate(times))
    early = set(superfluous(heads, NOW))
    left = [(size, at) for size, at in heads if size not in early]
    twice = early | set(superfluous(left, NOW + more))
    assert twice == set(superfluous(heads, NOW + more))


def test_a_head_without_a_time_stays():
    assert superfluous([(1, NEVER), (2, NEVER), (3, NEVER)], NOW) == []


def test_the_keeper_removes_them_and_goes_on(tmp_path: Path):
    moment = NOW - 40 * DAY
    keys = [SigningKey.generate("log", Algorithm.ML_DSA_44)]
    keeper = HeadKeeper(tmp_path / "log", "log", keys, clock=lambda: moment)
    tree = Tree(leaf_hash_of(b"%d" % n) for n in range(200))
    for size in range(61):
        moment = NOW - 40 * DAY + 60 * size
        keeper.sign(size, tree.root(size), tree.consistency_proof(max(size - 1, 0), size))
    assert keeper.thin() == 0, "all of it is young"
    moment = NOW
    # An hour of minutes, 40 days ago: the last one of each hour, the first head and a pinned one.
    kept = keeper.thin({7}) and [head.size for head in keeper.heads()]
    assert kept[0] == 0
    assert kept[-1] == 60
    assert 7 in kept
    assert len(kept) <= 5
    assert keeper.thin({7}) == 0
    again = HeadKeeper(tmp_path / "log", "log", keys, clock=lambda: moment)
    again.sign(100, tree.root(100), tree.consistency_proof(60, 100))


async def aged(house: House, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """As if so many days had passed: for the signer, for who verifies, for the database."""
    future = time.time() + days * DAY
    monkeypatch.setattr("time.time", lambda: future)
    house.tamper(
        "update audit.checkpoints set stored_at = date_trunc('hour', stored_at) "
        f"- interval '{days} days'"
    )


async def test_what_was_thinned_is_not_missing_and_what_was_taken_is(house: House, monkeypatch):
    await house.sequence(1, 1, 1, 1)
    heads = Evidence(house.folder).heads()
    assert len(heads) == 5
    with monkeypatch.context() as later:
        await aged(house, later, 500)
        heads[2].unlink()
        assert house.verify().is_green
        heads[4].unlink()
        assert [f.kind for f in house.verify().findings] == []
    report = house.verify()
    assert [finding.kind for finding in report.findings] == ["head-missing"]


async def test_both_are_thinned_and_pinned_ones_stay(house: House, monkeypatch):
    await house.sequence(1, 1, 1, 1, 1)
    house.tamper("insert into audit.publications (target, epoch, size) values ('x', 0, 3)")
    async with house.sequencer() as sequencer:
        with monkeypatch.context() as later:
            await aged(house, later, 500)
            sequencer.state.signer._current()._clock = time.time
            await thin(sequencer._connection, sequencer.state)
            sizes = [int(path.stem) for path in Evidence(house.folder).heads()]
            assert house.verify().is_green
    stored = [size for (size,) in house.ask("select size from audit.checkpoints order by size")]
    assert 0 in sizes
    assert {0, 3, 5} == set(stored) == set(sizes)
    await house.sequence(2)


@pytest.mark.parametrize("size", [0, 3, 5])
async def test_the_database_lets_nobody_delete_another_head(house: House, size: int):
    await house.sequence(3, 2)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="no later head stands for"),
        psycopg.connect(house.owner_url) as connection,
    ):
        connection.execute("delete from audit.checkpoints where size = %s", [size])


def test_the_time_is_the_signed_one():
    keys = [
        SigningKey.generate("log", Algorithm.ED25519),
        SigningKey.generate("log", Algorithm.ML_DSA_44),
    ]
    head = Checkpoint("log", 5, bytes(32)).signed(keys, 1234)
    assert signed_at(head, verifiers(keys)) == 1234
    assert signed_at(head, verifiers(keys[:1])) == NEVER
