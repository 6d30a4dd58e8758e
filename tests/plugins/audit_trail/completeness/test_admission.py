"""Nobody without the installation's key gets an entry into the log, whatever he may do in SQL."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from plugins.audit_trail.health import is_intact
from plugins.audit_trail.log.sequencer import SEALED
from tests.plugins.audit_trail.conftest import House, Noted

FORGED = """
insert into audit.events select (jsonb_populate_record(e, jsonb_build_object(
  'event_id', '{event_id}', 'actor_id', 9))).* from audit.events e where resource_id = 1
"""
QUEUED = """
insert into audit.pending (event_id, occurred_at, leaf_hash, writer_id, writer_seq, mac)
select '{event_id}', occurred_at, sha256('x'), {rest} from audit.events where resource_id = 1
  and actor_id is null
"""


async def sequenced(house: House, *, before: Any = lambda: None) -> None:
    async with house.sequencer() as sequencer:
        before()
        await sequencer.finish()


def in_the_log(house: House) -> list[int]:
    return [row[0] for row in house.ask(
        "select e.resource_id from audit.leaves l join audit.events e using (event_id) "
        "order by l.seq"
    )]  # fmt: skip


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("null, null, null", "no seal"),
        ("writer_id, null, sha256('x')", "no seal"),
        ("writer_id, writer_seq, sha256('x')", "not that of its writer"),
        ("'0123456789abcdef', 0, sha256('x')", "not that of its writer"),
        ("writer_id, -1, sha256('x')", "not that of its writer"),
        ("writer_id, writer_seq, ''", "not that of its writer"),
    ],
)
async def test_a_forged_entry_is_set_aside_and_the_others_go_on(
    house: House, rest: str, reason: str
):
    await house.sequence(0)
    await house.note(1)
    event_id = uuid4()
    house.tamper(FORGED.format(event_id=event_id), QUEUED.format(event_id=event_id, rest=rest))
    await house.note(2)
    await sequenced(house)
    assert in_the_log(house) == [1, 2]
    assert house.ask("select event_id from audit.quarantine") == [(event_id,)]
    health = await is_intact(house.host)
    assert not health.is_well
    assert str(event_id) in health.message
    assert reason in health.message
    (finding,) = house.verify().findings
    assert (finding.kind, finding.event_id) == ("set-aside", str(event_id))


@pytest.mark.parametrize(
    "change",
    [
        "leaf_hash = sha256('x')",
        "writer_seq = writer_seq + 1",
        "writer_id = 'ffffffffffffffff'",
        "mac = null",
    ],
)
async def test_an_entry_that_was_changed_while_it_waited_is_set_aside(house: House, change: str):
    await house.sequence(0)
    await house.note(1)
    await house.note(2)
    house.tamper(f"update audit.pending set {change} where writer_seq = "
                 "(select max(writer_seq) from audit.pending)")  # fmt: skip
    await sequenced(house)
    assert in_the_log(house) == [1]
    assert [finding.kind for finding in house.verify().findings] == ["set-aside"]


async def test_the_seal_of_one_entry_does_not_fit_another(house: House):
    await house.sequence(0)
    await house.note(1, 2)
    house.tamper(
        "update audit.pending p set mac = o.mac from audit.pending o where o.event_id <> p.event_id"
    )
    await sequenced(house)
    assert in_the_log(house) == []
    assert house.ask("select count(*) from audit.quarantine") == [(2,)]


async def test_an_entry_that_is_put_back_into_the_queue_is_not_sequenced_again(house: House):
    await house.sequence(0)
    await house.note(1)
    names = "event_id, occurred_at, leaf_hash, writer_id, writer_seq, mac"
    house.tamper(f"create table cms.kept as select {names} from audit.pending")
    await sequenced(house)
    for _ in range(2):
        house.tamper(f"insert into audit.pending ({names}) select {names} from cms.kept")
    await house.note(2)
    await sequenced(house)
    assert in_the_log(house) == [1, 2]
    assert house.ask("select distinct reason from audit.quarantine") == [
        ("its event is in the log already",)
    ]


async def test_what_the_version_before_left_in_the_queue_is_taken_once(house: House):
    await house.note(1)
    old = "update audit.pending set writer_id = null, writer_seq = null, mac = null"
    house.tamper(old, "insert into audit.unsealed select event_id from audit.pending")
    assert not (house.folder / SEALED).exists()
    await sequenced(house)
    assert in_the_log(house) == [1]
    assert (house.folder / SEALED).exists()
    await house.note(2)
    house.tamper(old, "insert into audit.unsealed select event_id from audit.pending")
    await sequenced(house)
    assert in_the_log(house) == [1], "its owner cannot ask for it again"


async def test_the_application_can_neither_forge_a_transaction_nor_look_at_what_is_set_aside(
    house: House,
):
    for statement in (
        "insert into audit.pending (event_id, occurred_at, leaf_hash, transaction) "
        "values (gen_random_uuid(), now(), sha256('x'), '1'::xid8)",
        "select * from audit.quarantine",
        "delete from audit.quarantine",
        "insert into audit.maintenance (reason) values ('x')",
        "select audit.maintain('x')",
        "insert into audit.unsealed values (gen_random_uuid())",
        "update audit.writers set closed_at = now()",
    ):
        with (
            psycopg.connect(house.host.addresses.web) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement)


async def test_somebody_looks_at_it_and_the_log_says_so(house: House, audit):
    await house.sequence(0)
    await house.note(1)
    event_id = uuid4()
    rest = "null, null, null"
    house.tamper(FORGED.format(event_id=event_id), QUEUED.format(event_id=event_id, rest=rest))
    await sequenced(house)
    listed = await audit("quarantine", "--json")
    assert [one["event_id"] for one in json.loads(listed.output)] == [str(event_id)]
    unsaid = await audit("quarantine", "--settle", str(event_id))
    assert unsaid.exit_code == 2
    settled = await audit(
        "quarantine", "--settle", str(event_id), "--forged", "--because", "a test of ours"
    )
    assert (settled.exit_code, settled.output) == (0, "Nothing is set aside.\n")
    await sequenced(house)
    assert (await is_intact(house.host)).is_well
    report = house.verify()
    assert (report.verdict, report.settled) == ("green", 1)
    told = house.ask("select tenant_id, event_data->>'because' from audit.events "
                     "where action = 'audit:quarantine:settle'")  # fmt: skip
    assert told == [(0, "a test of ours")]


async def test_what_only_the_table_calls_settled_is_not(house: House):
    await house.sequence(0)
    await house.note(1)
    event_id = uuid4()
    house.tamper(
        FORGED.format(event_id=event_id),
        "insert into audit.quarantine (reason, event_id, occurred_at, leaf_hash, settled_at) "
        f"select 'x', '{event_id}', occurred_at, sha256('x'), now() from audit.events limit 1",
    )
    await sequenced(house)
    assert [finding.kind for finding in house.verify().findings] == ["set-aside"]


async def test_gaps_are_shown_alone_with_the_entries_around_them(house: House, audit):
    await house.sequence(2)
    green = await audit("gaps")
    assert (green.exit_code, green.output.split()[0]) == (0, "GREEN")
    await house.note(77)
    house.tamper("delete from audit.pending", "delete from audit.events where resource_id = 77")
    for minutes in (1, 5):
        async with house.work() as work:
            work.now += timedelta(minutes=minutes)
            await work.emit(Noted(post_id=1))
    await sequenced(house)
    red = await audit("gaps")
    assert (red.exit_code, red.output.split()[0]) == (1, "RED")
    assert "lost: writer" in red.output
    assert "after entry 1 of" in red.output
    assert "before entry 2 of" in red.output
