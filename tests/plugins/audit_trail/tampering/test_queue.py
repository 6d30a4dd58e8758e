"""Between the commit and the log: removed, forged, claimed at a wrong time, forked."""

import asyncio
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from plugins.audit_trail.hashing.queueing import entry_mac, writer_key
from tests.conftest import Cluster
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.tampering.break_in import forge, superuser, verified


async def _waiting(house: House) -> Any:
    """Two entries in the log, then three that wait."""
    await house.sequence(2)
    for n in range(3):
        await house.note(n)
    [(event_id,)] = house.ask("select event_id from audit.pending order by writer_seq offset 1 "
                              "limit 1")  # fmt: skip
    return event_id


async def test_a_removed_queue_row_leaves_an_event_outside(house: House, cluster: Cluster):
    event_id = await _waiting(house)
    with superuser(cluster, house) as connection:
        connection.execute("delete from audit.pending where event_id = %s", [event_id])
    await house.sequence(1)
    _, found, text = verified(house)
    assert found["event-outside"].event_id == str(event_id)
    assert "is in no entry and in no queue" in text
    assert "still proven: entries 0 to 4 under the head of 5 entries" in text


async def test_a_removed_event_leaves_a_queue_row_without_one(house: House, cluster: Cluster):
    event_id = await _waiting(house)
    with superuser(cluster, house) as connection:
        connection.execute("delete from audit.events where event_id = %s", [event_id])
    _, found, _ = verified(house)
    assert found["waiting-orphan"].event_id == str(event_id)
    await house.sequence(1)
    _, found, _ = verified(house)
    assert (found["event-missing"].seq, found["event-missing"].event_id) == (3, str(event_id))


async def test_both_removed_leave_a_hole_among_the_numbers(house: House, cluster: Cluster):
    event_id = await _waiting(house)
    holes = house.verify().under_way
    with superuser(cluster, house) as connection:
        for table in ("events", "pending"):
            connection.execute(
                f"delete from audit.{table} where event_id = %s",  # type: ignore[arg-type]
                [event_id],
            )
    await house.sequence(1)
    report = house.verify()
    assert (report.under_way, report.is_green) == (holes + 1, True), "its writer may still tell"
    # A minute later the writer has spoken again and took nothing back.
    [(writer,)] = house.ask("select writer_id from audit.events limit 1")
    with superuser(cluster, house) as connection:
        connection.execute("update audit.writers set closed_at = now() where writer_id = %s",
                           [writer])  # fmt: skip
    assert house.verify().unproven == holes + 1


@pytest.mark.parametrize("seal", [None, b"x" * 32])
async def test_a_forged_event_without_a_valid_seal_is_set_aside(
    house: House, cluster: Cluster, seal: bytes | None
):
    await house.sequence(2)
    with superuser(cluster, house) as connection:
        forge(connection, "2026-11-20 10:00+00", seal)
    await house.sequence(1)
    report, found, text = verified(house)
    assert report.entries == 3, "it is no entry"
    assert "an entry was set aside" in found["set-aside"].message
    assert ("no seal" if seal is None else "is not that of its writer") in text


async def test_whoever_has_the_key_too_can_forge_only_what_is_younger_than_a_head(
    house: House, cluster: Cluster
):
    """The stated limit: with the database and the installation's key an event can be made up, and
    stands from then on; nothing older can be touched for it."""
    await house.sequence(2)
    with superuser(cluster, house) as connection:
        leaf = forge(connection, "2026-11-20 10:00+00", b"")
        key = writer_key(house.host.secret.digest, "intruder")
        seal = entry_mac(key, leaf, "intruder", 0)
        connection.execute("update audit.pending set mac = %s", [seal])
    await house.sequence(0)
    report = house.verify()
    assert (report.entries, report.is_green) == (3, True)


@pytest.mark.parametrize("moment", ["2199-01-01 00:00+00", "1970-01-01 00:00+00"])
async def test_a_wrong_clock_breaks_nothing_and_is_named(house: House, moment: str):
    await house.sequence(2)
    with psycopg.connect(house.owner_url) as connection:
        leaf = forge(connection, moment, b"")
        key = writer_key(house.host.secret.digest, "intruder")
        connection.execute(
            "update audit.pending set mac = %s", [entry_mac(key, leaf, "intruder", 0)]
        )
    await house.sequence(0, 1)
    report, _, _ = verified(house)
    assert report.is_green
    assert [(w.kind, w.seq) for w in report.warnings] == [("clock-skew", 2)]
    for by in ("python", "sql"):
        assert verified(house, by)[0].covered.rebuilt == 4
    house.tamper("update audit.events set actor_id = 9 where writer_id = 'intruder'")
    assert verified(house)[1]["event-altered"].seq == 2


@pytest.mark.parametrize("level", ["read committed", "repeatable read", "serializable"])
async def test_eight_writers_cannot_fork_the_log(house: House, level: str):
    """Writers take no part in the order; there is one sequencer, and the key of the leaves."""
    name = house.ask("select current_database()")[0][0]
    with psycopg.connect(house.owner_url, autocommit=True) as connection:
        connection.execute(f'alter database "{name}" set default_transaction_isolation = '
                           f"'{level}'")  # type: ignore[arg-type] # fmt: skip
    await house.host.engine.dispose()
    ended = asyncio.Event()

    async def write(writer: int) -> None:
        for n in range(12):
            await _until_it_commits(house, writer * 100 + n)

    async def sequence() -> None:
        async with house.sequencer() as sequencer:
            while not ended.is_set():
                await sequencer.step()
            await sequencer.finish()

    sequencing = asyncio.create_task(sequence())
    await asyncio.gather(*map(write, range(8)))
    ended.set()
    await sequencing
    report = house.verify()
    assert (report.verdict, report.entries, report.waiting) == ("green", 96, 0)
    # Each entry has one parent, and each but the last one child.
    [(entries, parents)] = house.ask("select count(*), count(distinct record_hash) from "
                                     "audit.leaves")  # fmt: skip
    assert entries == parents == 96


async def _until_it_commits(house: House, number: int) -> None:
    while True:
        try:
            return await house.note(number)
        except DBAPIError as refused:
            # Under SERIALIZABLE a transaction may be sent back; its event is then nowhere.
            if "serialize" not in str(refused):
                raise


async def test_two_sequencers_cannot_both_take_a_place(house: House):
    await house.sequence(1)
    async with house.sequencer() as first, house.sequencer() as second:
        await house.note(1)
        await first.sequence()
        await house.note(2)
        with pytest.raises(psycopg.errors.UniqueViolation):
            await second.sequence()
        await first.step()
    report = house.verify()
    assert (report.is_green, report.entries) == (True, 3)
