"""Committed events get one place each, in one order, whatever is killed."""

import asyncio
import random
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import AsyncConnection

from plugins.audit_trail.hashing.leaf import record_hashes
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.hashing.tree import Tree
from plugins.audit_trail.heads.evidence import Evidence, trusted_keys
from plugins.audit_trail.health import is_intact, keeps_up
from plugins.audit_trail.log.recovery import LogDamaged
from plugins.audit_trail.log.sequencer import lead, open_sequencer, raise_alarm, run
from plugins.audit_trail.settings import AuditSettings
from tests.plugins.audit_trail.conftest import House, Noted
from tests.support.patience import LONG, until

HERE = Path(__file__).parent
LEAVES = "select count(*) from audit.leaves"
WORKERS = (
    "select count(*) from pg_stat_activity where usename = 'cms_jobs' "
    "and datname = current_database()"
)


async def test_events_become_leaves_links_a_batch_and_a_signed_head(house: House):
    await house.sequence(3, 2)
    leaves = house.ask("select seq, leaf_hash, record_hash from audit.leaves order by seq")
    tree = Tree(leaf for _, leaf, _ in leaves)
    genesis = house.ask("select genesis from audit.epochs")[0][0]
    assert [seq for seq, _, _ in leaves] == [0, 1, 2, 3, 4]
    assert [r for _, _, r in leaves] == list(record_hashes(genesis, 0, [x for _, x, _ in leaves]))
    assert house.ask("select first_seq, last_seq, root from audit.batches order by 1") == [
        (0, 2, tree.root(3)),
        (3, 4, tree.root(5)),
    ]
    evidence = Evidence(house.folder)
    heads = [Checkpoint.parse(path.read_bytes()) for path in evidence.heads()]
    assert [(head.size, head.root) for head in heads] == [
        (size, tree.root(size)) for size in (0, 3, 5)
    ]
    assert len(heads[-1].signers(trusted_keys(evidence.epoch()))) == 2
    stored = house.ask("select size, note from audit.checkpoints order by size")
    assert stored == [(head.size, head.encode().decode()) for head in heads]
    assert house.ask("select count(*) from audit.pending") == [(0,)]


async def test_the_view_shows_the_link_to_the_row_before(house: House):
    await house.sequence(2)
    with psycopg.connect(house.owner_url) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", [str(house.tenant.id)])
        connection.execute("select set_config('app.audit_purpose', 'compliance', true)")
        rows = connection.execute(
            "select previous_record_hash, record_hash from audit.trail order by seq"
        ).fetchall()
    genesis = house.ask("select encode(genesis, 'hex') from audit.epochs")[0][0]
    assert rows[0][0] == genesis
    assert rows[1][0] == rows[0][1]


async def test_keys_are_private_and_nobody_else_signs(house: House):
    await house.sequence(1)
    keys = sorted((house.folder / "keys").iterdir())
    assert [key.name for key in keys] == ["ed25519.pem", "ml-dsa-44.pem"]
    assert all(key.stat().st_mode & 0o077 == 0 for key in keys)


async def test_one_sequencer_at_a_time(house: House):
    async with (
        await AsyncConnection.connect(house.host.worker_url, autocommit=True) as first,
        await AsyncConnection.connect(house.host.worker_url, autocommit=True) as second,
    ):
        await lead(first)
        waiting = asyncio.create_task(lead(second))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await first.close()
        await asyncio.wait_for(waiting, LONG)


async def test_two_sequencers_past_the_lock_cannot_fork_the_log(house: House):
    async with house.sequencer() as one, house.sequencer() as other:
        await house.note(1, 2)
        assert await one.sequence() == 2
        await house.note(3)
        with pytest.raises(psycopg.errors.UniqueViolation):
            await other.sequence()
        assert await one.sequence() == 1
    await house.sequence(1)
    assert house.verify().verdict == "green"
    assert house.ask("select count(*) from audit.leaves") == [(4,)]


async def test_a_batch_that_was_not_signed_is_signed_at_the_next_start(house: House):
    async with house.sequencer() as sequencer:
        await house.note(1)
        await sequencer.sequence()
    assert house.ask("select max(size) from audit.checkpoints") == [(0,)]
    async with house.sequencer():
        assert house.ask("select max(size) from audit.checkpoints") == [(1,)]


async def test_heads_are_signed_once_in_a_while_and_the_last_one_at_the_end(house: House):
    house.settings = AuditSettings(checkpoint=60)
    async with house.sequencer() as sequencer:
        for post_id in range(3):
            await house.note(post_id)
            await sequencer.step()
        assert [int(head.stem) for head in Evidence(house.folder).heads()] == [0, 1]
        await house.note(4)
        await sequencer.finish()
    assert [int(head.stem) for head in Evidence(house.folder).heads()] == [0, 1, 4]
    assert house.verify().verdict == "green"


async def test_a_late_commit_is_not_lost(house: House):
    async with house.sequencer() as sequencer:
        async with house.work() as slow:
            await slow.emit(Noted(post_id=1))
            await house.note(2)
            assert await sequencer.sequence() == 1
        assert await sequencer.sequence() == 1
    posts = house.ask(
        "select e.resource_id from audit.leaves l join audit.events e using (event_id) order by seq"
    )
    assert posts == [(2,), (1,)]


async def test_the_service_keeps_up_and_ends_when_told(house: House):
    service = asyncio.create_task(run(house.host))
    for post_id in range(20):
        await house.note(post_id)
    await until(lambda: house.ask(LEAVES) == [(20,)], "twenty leaves")
    await house.note(99)
    service.cancel()
    with pytest.raises(asyncio.CancelledError):
        await service
    report = house.verify()
    assert (report.verdict, report.entries, report.signed, report.waiting) == ("green", 21, 21, 0)


async def test_kill_9_at_any_moment_loses_and_doubles_nothing(house: House):
    data = house.host.settings.data
    command = [sys.executable, HERE / "killed_sequencer.py", house.host.worker_url, data]
    written = 0
    for seed in range(4):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as victim:
            assert await asyncio.to_thread(victim.stdout.readline) == "leads\n"
            moment = asyncio.get_running_loop().time() + random.Random(seed).uniform(0.05, 0.3)
            while asyncio.get_running_loop().time() < moment:
                await house.note(written, written)
                written += 2
            victim.kill()
    await until(lambda: house.ask(WORKERS) == [(0,)], "the connections of the dead to end")
    async with house.sequencer() as sequencer:
        await sequencer.finish()
    report = house.verify()
    assert (report.verdict, report.entries, report.signed) == ("green", written, written)
    assert house.ask("select count(distinct event_id) from audit.leaves") == [(written,)]


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("update audit.leaves set leaf_hash = sha256('x') where seq = 1", "that were signed"),
        ("delete from audit.leaves where seq = 1", "entry 1 is missing"),
        ("delete from audit.leaves where seq = 4", "a head over 5 entries is signed"),
        ("update audit.batches set root = sha256('x')", "root of the last batch"),
        ("update audit.epochs set origin = 'elsewhere'", "epoch in the database is not"),
    ],
)
async def test_it_does_not_go_on_over_a_damaged_log(house: House, damage: str, reason: str):
    await house.sequence(2, 3)
    house.tamper(damage)
    with pytest.raises(LogDamaged, match=reason):
        async with house.sequencer():
            pass


async def test_it_does_not_begin_anew_when_folder_or_database_is_lost(house: House):
    await house.sequence(2)
    lost = house.folder.rename(house.folder.with_name("lost"))
    with pytest.raises(LogDamaged, match="mount or restore"):
        async with house.sequencer():
            pass
    lost.rename(house.folder)
    house.tamper(
        *(f"delete from audit.{t}" for t in ("leaves", "batches", "checkpoints", "epochs"))
    )
    with pytest.raises(LogDamaged, match="a head over 2 entries is signed, and the database has 0"):
        async with house.sequencer():
            pass


async def test_damage_turns_the_health_red_until_a_start_succeeds(house: House):
    await house.sequence(1)
    assert (await is_intact(house.host)).is_well
    async with await AsyncConnection.connect(house.host.worker_url, autocommit=True) as connection:
        await raise_alarm(connection, "entry 1 is missing")
        await raise_alarm(connection, "entry 1 is missing")
        assert house.ask("select count(*) from audit.alarms") == [(1,)]
        health = await is_intact(house.host)
        assert (health.is_well, health.message) == (False, "entry 1 is missing")
        sign = house.host.secret.digest
        await open_sequencer(connection, Evidence(house.folder), "x", house.settings, sign)
    assert (await is_intact(house.host)).is_well


async def test_events_that_wait_too_long_turn_the_health_red(house: House):
    await house.note(1)
    assert (await keeps_up(house.host)).is_well
    house.tamper("update audit.pending set occurred_at = occurred_at - interval '1 minute'")
    health = await keeps_up(house.host)
    assert not health.is_well
    assert "cms worker" in health.remedy
