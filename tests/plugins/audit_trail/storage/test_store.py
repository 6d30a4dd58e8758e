"""What must hold whichever driver keeps the trail; `make test-timescale` takes the other one."""

import asyncio
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from cms.cli import cms as commands
from plugins.audit_trail.storage.health import names_its_driver
from plugins.audit_trail.storage.store import NATIVE, TIMESCALE, Periods, open_store
from tests.plugins.audit_trail.storage.conftest import Stored, as_owner


async def test_written_sequenced_and_green(stored: Stored):
    await stored.record(400, 200, 3, 0)
    report = stored.house.verify()
    assert (report.verdict, report.entries, report.findings) == ("green", 4, [])
    ids = stored.house.ask("select resource_id from audit.events order by occurred_at")
    assert ids == [(401,), (201,), (4,), (1,)]


async def test_a_row_that_its_owner_changes_in_the_parent_is_found(stored: Stored):
    await stored.record(200, 100, 0)
    as_owner(stored.house, "update audit.events set actor_role = 'x' where resource_id = 101")
    assert stored.kinds() == {"event-altered": 1}


async def test_a_row_that_is_changed_in_its_piece_is_found(stored: Stored):
    await stored.record(200, 100, 0)
    ((piece,),) = stored.house.ask(
        "select tableoid::regclass::text from audit.events where resource_id = 101"
    )
    with psycopg.connect(stored.house.owner_url) as owner:
        # The extension lets nobody switch the triggers of a chunk; those of the parent are its own.
        parent = "audit.events" if stored.standing.driver == TIMESCALE else piece
        owner.execute(f"alter table {parent} disable trigger user")
        owner.execute(f"update {piece} set channel = 'elsewhere' where resource_id = 101")
    assert stored.kinds() == {"event-altered": 1}


@pytest.mark.parametrize("table", ["events", "leaves"])
async def test_no_piece_can_be_emptied_in_passing(stored: Stored, table: str):
    await stored.record(200, 100, 0)
    pieces = stored.house.ask(f"select distinct tableoid::regclass::text from audit.{table}")
    statements = [f"delete from {piece}" for (piece,) in pieces]
    statements += [f"delete from audit.{table}", f"truncate audit.{table}"]
    if stored.standing.driver == NATIVE:
        statements += [f"truncate {piece}" for (piece,) in pieces]
    for statement in statements:
        with (
            psycopg.connect(stored.house.owner_url) as owner,
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grows"),
        ):
            owner.execute(statement)
    assert stored.house.verify().is_green


async def test_nobody_but_the_owner_reads_a_piece(stored: Stored):
    await stored.record(100, 0)
    where = stored.house.host.addresses
    pieces = stored.house.ask(
        "select distinct tableoid::regclass::text from audit.events "
        "union select distinct tableoid::regclass::text from audit.leaves"
    )
    for (piece,) in pieces:
        with (
            psycopg.connect(where.web) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(f"select * from {piece}")
    with psycopg.connect(where.worker) as connection:
        for (piece,) in pieces:
            for statement in ("update {} set occurred_at = now()", "delete from {}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement.format(piece))
                connection.rollback()


async def test_two_sequencers_can_never_both_write_an_entry(stored: Stored):
    await stored.record(100, 100, 100, 100, 100, 0)
    await stored.seal()
    for seq in (0, 3, 5):
        with (
            psycopg.connect(stored.house.host.addresses.worker) as connection,
            pytest.raises(psycopg.errors.UniqueViolation),
        ):
            connection.execute(
                "insert into audit.leaves (epoch, seq, event_id, occurred_at, leaf_hash,"
                " record_hash) values (0, %s, gen_random_uuid(), now(), sha256('x'), sha256('x'))",
                [seq],
            )


async def test_one_event_is_no_second_entry_unseen(stored: Stored):
    await stored.record(1, 1)
    again = (
        "insert into audit.leaves (epoch, seq, event_id, occurred_at, leaf_hash, record_hash)"
        " select epoch, 2, event_id, occurred_at, leaf_hash, record_hash from audit.leaves"
        " where seq = 0"
    )
    with psycopg.connect(stored.house.host.addresses.worker) as sequencer:
        if stored.standing.driver == NATIVE:
            with pytest.raises(psycopg.errors.UniqueViolation):
                sequencer.execute(again)
            return
        sequencer.execute(again)
    assert stored.kinds()["event-doubled"] == 2


async def test_a_range_goes_whole_and_what_is_left_is_readable(stored: Stored):
    async with stored.open() as (store, connection):
        await store.make_room(connection)
    if stored.standing.driver == NATIVE:
        with psycopg.connect(stored.house.owner_url) as owner:
            owner.execute("create table audit.events_old partition of audit.events "
                          "for values from ('2020-01-01') to ('2026-01-01')")  # fmt: skip
    await stored.record(400, 400, 0)
    oldest = (await stored.ranges("events"))[0]
    assert oldest.since is not None
    async with stored.open(as_owner=True) as (store, connection):
        await store.drop_events(connection, oldest)
    assert stored.house.ask("select resource_id from audit.events") == [(1,)]
    assert stored.kinds() == {"event-missing": 0}
    assert oldest.name not in [one.name for one in await stored.ranges("events")]


async def test_leaves_below_a_place_go_and_the_others_stay(stored: Stored):
    await stored.record(*[100] * 8, 0)
    async with stored.open(as_owner=True) as (store, connection):
        assert await store.drop_leaves(connection, 0, 4) == 4
    assert stored.house.ask("select min(seq), max(seq) from audit.leaves") == [(4, 8)]


async def test_leaves_of_another_epoch_are_not_taken_along(stored: Stored):
    await stored.record(*[100] * 8, 0)
    with psycopg.connect(stored.house.owner_url) as owner:
        owner.execute(
            "insert into audit.leaves (epoch, seq, event_id, occurred_at, leaf_hash, record_hash)"
            " values (1, 0, gen_random_uuid(), now(), sha256('x'), sha256('x'))"
        )
    async with stored.open(as_owner=True) as (store, connection):
        assert await store.drop_leaves(connection, 0, 4) == 4
    assert stored.house.ask("select count(*) from audit.leaves where epoch = 1") == [(1,)]


async def test_the_days_of_a_tenant_are_its_own(stored: Stored):
    await stored.record(2, 2, 1)
    tenant = stored.house.tenant.id
    for asked, days in ((tenant, [2, 1]), (tenant + 1, [])):
        with psycopg.connect(stored.house.host.addresses.web) as web:
            web.execute("select set_config('app.tenant_id', %s, false)", [str(asked)])
            rows = web.execute("select events from audit.days order by day").fetchall()
        assert [row[0] for row in rows] == days


async def test_quarters_where_there_are_few_events(stored: Stored):
    if stored.standing.driver == TIMESCALE:
        pytest.skip("chunks are not cut by a setting")
    async with stored.open() as (_, connection):
        store = await open_store(connection, Periods(months=3))
        made = await store.make_room(connection)
        assert len(made) >= 3
        assert all("_q" in name for name in made[-2:])
        assert await store.make_room(connection) == []
        months = await open_store(connection, Periods())
        assert await months.make_room(connection) == []
    await stored.record(-100, 0)
    assert stored.house.ask("select count(*) from audit.events_default") == [(0,)]


async def test_the_driver_has_a_name(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    where, driver = stored.house.host.addresses, stored.standing.driver
    await stored.record(0)
    monkeypatch.setenv("CMS_DATABASE_URL", where.web)
    monkeypatch.setenv("CMS_DATABASE_OWNER_URL", where.owner)
    monkeypatch.chdir(tmp_path)
    said = await asyncio.to_thread(CliRunner().invoke, commands, ["audit", "storage", "status"])
    assert said.exit_code == 0, said.output
    assert said.output.startswith(driver)
    assert "events" in said.output
    health = await names_its_driver(stored.house.host)
    assert health.message.startswith(driver)
    # This database is a copy, as a restored one is: what was set for the first is not set for it.
    assert health.is_well == (driver == NATIVE)
    if driver == TIMESCALE:
        assert "reports to its makers" in health.message
