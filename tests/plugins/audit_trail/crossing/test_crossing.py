"""A trail in a database of its own: nothing is lost or doubled while either one is away."""

import asyncio
import contextlib
import random
from datetime import timedelta

import psycopg
import pytest

from cms.host import Host
from plugins.audit_trail.completeness.upkeep import tell_maintenance
from plugins.audit_trail.crossing import carrier
from plugins.audit_trail.crossing.health import crosses
from tests.plugins.audit_trail.conftest import Noted
from tests.plugins.audit_trail.crossing.conftest import TwoHouses
from tests.support.clinic import Clinic
from tests.support.patience import LONG

EVENTS = "select count(*), count(distinct event_id) from audit.events"


async def test_what_happens_is_carried_and_sequenced_there(houses: TwoHouses) -> None:
    await houses.note(1, 2, 3, after={"title": "Ação — “dois”"})
    assert houses.waiting() == 3
    assert await houses.carry() == 3
    assert houses.waiting() == 0
    async with houses.sequencer() as sequencer:
        await sequencer.step()
    assert houses.ask(EVENTS) == [(3, 3)]
    assert houses.verify().is_green
    # Nothing of it stays in the other database.
    with psycopg.connect(houses.host.addresses.owner) as connection:
        for table in ("events", "pending", "personal", "leaves", "outbox"):
            assert connection.execute(f"select count(*) from audit.{table}").fetchone() == (0,)


async def test_a_transaction_that_is_rolled_back_leaves_nothing(houses: TwoHouses) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async with houses.work() as work:
            await work.emit(Noted(post_id=1))
            raise ZeroDivisionError
    assert houses.waiting() == 0


async def test_carried_twice_is_there_once(houses: TwoHouses) -> None:
    await houses.note(1, 2)
    with psycopg.connect(houses.host.addresses.owner) as connection:
        entries = [row[0] for row in connection.execute("select entry::text from audit.outbox")]
    with psycopg.connect(houses.host.addresses.audit.worker) as connection:
        taken = connection.execute("select audit.take_over(%s::json[])", [entries]).fetchone()
        assert taken == (2,)
    async with houses.sequencer() as sequencer:
        # Killed before it could forget them, the carrier comes again: they are in the log already.
        await sequencer.step()
        assert await houses.carry() == 2
        await sequencer.step()
    assert houses.ask(EVENTS) == [(2, 2)]
    assert houses.ask("select count(*) from audit.pending") == [(0,)]
    assert houses.verify().is_green


@contextlib.asynccontextmanager
async def carrying(host: Host):
    """The service, as the worker runs it."""
    task = asyncio.create_task(carrier.run(host))
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def drained(houses: TwoHouses, seconds: float = LONG) -> None:
    async with asyncio.timeout(seconds):
        while houses.waiting():
            await asyncio.sleep(0.05)


async def test_while_the_trail_is_away_work_goes_on_and_waits(houses: TwoHouses) -> None:
    async with carrying(houses.host):
        await houses.note(1)
        await drained(houses)
        with houses.away(houses.host.addresses.audit.owner):
            await houses.note(2, 3)
            await asyncio.sleep(0.5)
            assert houses.waiting() == 2
        await drained(houses)
    assert houses.ask(EVENTS) == [(3, 3)]


async def test_the_carrier_goes_on_when_the_first_database_is_back(houses: TwoHouses) -> None:
    async with carrying(houses.host) as task:
        await houses.note(1)
        await drained(houses)
        with houses.away(houses.host.addresses.owner):
            await asyncio.sleep(0.5)
        assert not task.done()
        await houses.host.engine.dispose()
        await houses.note(2)
        await drained(houses)
    assert houses.ask(EVENTS) == [(2, 2)]


async def test_a_carrier_stopped_anywhere_loses_and_doubles_nothing(houses: TwoHouses) -> None:
    choose = random.Random(7)
    for n in range(15):
        await houses.note(*range(n * 10 + 1, n * 10 + 11))
        async with carrying(houses.host):
            await asyncio.sleep(choose.random() * 0.06)
    await houses.carry()
    assert houses.ask(EVENTS) == [(150, 150)]
    assert houses.ask("select count(*) from audit.pending") == [(150,)]
    assert houses.waiting() == 0


async def test_two_carriers_do_not_meet(houses: TwoHouses) -> None:
    async with carrying(houses.host), carrying(houses.host):
        for n in range(20):
            await houses.note(n + 1)
        await drained(houses)
    assert houses.ask(EVENTS) == [(20, 20)]


async def test_an_altered_entry_of_the_outbox_is_set_aside_and_named(houses: TwoHouses) -> None:
    await houses.note(1)
    with psycopg.connect(houses.host.addresses.owner) as connection:
        connection.execute(
            "update audit.outbox set entry = "
            "jsonb_set(entry::jsonb, '{leaf_hash}', to_jsonb('\\x' || repeat('00', 32)))::json"
        )
    await houses.carry()
    async with houses.sequencer() as sequencer:
        await sequencer.step()
    assert houses.ask("select count(*) from audit.leaves") == [(0,)]
    assert houses.ask("select count(*) from audit.quarantine") == [(1,)]


async def test_health_says_how_long_events_wait(houses: TwoHouses) -> None:
    assert (await crosses(houses.host)).is_well
    async with houses.work() as work:
        work.now -= timedelta(seconds=60)
        await work.emit(Noted(post_id=1))
    found = await crosses(houses.host)
    assert not found.is_well
    assert "1 events wait" in found.message


async def test_officers_ask_the_other_database(clinic_of_two: Clinic) -> None:
    clinic = clinic_of_two
    officer = await clinic.person("olga", ["compliance_officer"])
    houses = TwoHouses(clinic.host, clinic.tenant)
    await houses.carry()
    found = await officer.get("/api/v1/audit/events?limit=100")
    assert found.status_code == 200, found.text
    actions = [event["action"] for event in found.json()["events"]]
    assert "identity:user:create" in actions
    names = {event["actor_name"] for event in found.json()["events"] if event["actor_id"]}
    assert names <= {"Olga"}


async def test_without_it_officers_are_told_to_come_back(
    clinic_of_two: Clinic, cluster: object
) -> None:
    officer = await clinic_of_two.person("olga", ["compliance_officer"])
    houses = TwoHouses(clinic_of_two.host, clinic_of_two.tenant)
    houses.superuser_url = cluster.superuser_url  # type: ignore[attr-defined]
    with houses.away(clinic_of_two.host.addresses.audit.owner):
        answer = await officer.get("/api/v1/audit/events")
        assert answer.status_code == 503, answer.text
        # Everything else is served, and recorded.
        assert (await officer.get("/wp-json/wp/v2/posts")).status_code == 200


@pytest.mark.parametrize("table", ["outbox"])
async def test_nobody_but_the_carrier_sees_what_waits(houses: TwoHouses, table: str) -> None:
    with (
        psycopg.connect(houses.host.addresses.web) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(f"select * from audit.{table}")


async def test_what_the_owner_did_by_hand_is_told_of_both_databases(houses: TwoHouses) -> None:
    where = houses.host.addresses
    for owner, reason in ((where.owner, "a count was wrong"), (where.audit.owner, "a copy")):
        with psycopg.connect(owner) as connection:
            connection.execute("select audit.maintain(%s)", [reason])
    await tell_maintenance(houses.host)
    await houses.carry()
    told = houses.ask(
        "select event_data->>'reason' from audit.events where action = 'audit:maintenance:say'"
    )
    assert sorted(told) == [("a copy",), ("a count was wrong",)]
