"""The worker verifies the log every night and when asked; what comes out is an event and health."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from psycopg import AsyncConnection

from plugins.audit_trail.health import is_verified
from plugins.audit_trail.rounds.service import plan, run, work_off
from plugins.audit_trail.settings import AuditSettings
from tests.plugins.audit_trail.conftest import House
from tests.support.clinic import Clinic

URL = "/api/v1/audit/verifications"


async def _connection(house: House) -> AsyncConnection[Any]:
    return await AsyncConnection.connect(house.host.worker_url, autocommit=True)


async def night(house: House) -> None:
    async with await _connection(house) as connection:
        await plan(connection, AuditSettings(verify_at=0, verify_within=2), datetime.now(UTC))
        while await work_off(house.host, connection):
            pass


def a_day_passes(house: House) -> None:
    house.tamper("update audit.verifications set asked_at = asked_at - interval '1 day'")


def rows(house: House) -> list[Any]:
    return house.ask(
        "select round, first_seq, until_seq, total, state, verdict from audit.verifications "
        "order by asked_at, round desc"
    )


ALTERED = "a verification found the log altered: event-altered"


def alarms(house: House) -> list[Any]:
    return house.ask("select kind, message from audit.alarms where cleared_at is null order by id")


async def test_a_night_verifies_what_is_new_and_a_share_of_what_is_old(house: House):
    await house.sequence(10)
    await night(house)
    assert rows(house) == [
        ("rolling", 0, 5, 5, "ended", "green"),
        ("newest", 0, 10, 10, "ended", "green"),
    ]
    await night(house)
    assert len(rows(house)) == 2, "one round a night"
    a_day_passes(house)
    await house.sequence(4)
    await night(house)
    # Both results of the night before are events, and so entries.
    assert rows(house)[2:] == [
        ("rolling", 5, 13, 8, "ended", "green"),
        ("newest", 10, 16, 6, "ended", "green"),
    ]


async def test_before_its_hour_and_when_switched_off_nothing_is_planned(house: House):
    await house.sequence(1)
    async with await _connection(house) as connection:
        at_three = datetime.now(UTC).replace(hour=3)
        await plan(connection, AuditSettings(verify_at=4), at_three)
        await plan(connection, AuditSettings(verify_at=-1), at_three)
    assert rows(house) == []


async def test_a_red_night_is_an_event_and_in_health_until_a_green_one(house: House):
    await house.sequence(4)
    house.tamper("create table public.kept as select * from audit.events",
                 "update audit.events set actor_id = 9")  # fmt: skip
    await night(house)
    health = await is_verified(house.host)
    assert not health.is_well
    assert "is red" in health.message
    said = house.ask("select event_data->>'verdict', event_data->>'kinds', tenant_id, outcome "
                     "from audit.events where action = 'audit:log:verify' limit 1")  # fmt: skip
    assert said == [("red", "event-altered", 0, "failed")]
    assert alarms(house) == [("verification", ALTERED)]
    a_day_passes(house)
    await night(house)
    assert len(alarms(house)) == 1, "it stands; a second night like it is no second one"
    house.tamper("delete from audit.events where action <> 'audit:log:verify'",
                 "insert into audit.events select * from public.kept")  # fmt: skip
    async with await _connection(house) as connection:
        await connection.execute("insert into audit.verifications (id, round, by, first_seq) "
                                 "values (gen_random_uuid(), 'asked', 'both', 0)")  # fmt: skip
        await work_off(house.host, connection)
    assert (await is_verified(house.host)).is_well
    assert alarms(house) == []


@pytest.fixture
def house_of_clinic(clinic: Clinic, house_of: Callable[[Clinic], House]) -> House:
    return house_of(clinic)


async def test_an_officer_asks_and_sees_the_report(clinic: Clinic, house_of_clinic: House):
    house = house_of_clinic
    officer = await clinic.person("vera", ["compliance_officer"])
    await house.sequence(0)
    asked = await officer.post(URL, {"by": "both"})
    assert asked.status_code == 202, asked.text
    assert (asked.json()["state"], asked.json()["report"]) == ("queued", None)
    watchman = asyncio.create_task(run(house.host))
    try:
        for _ in range(1200):
            answer = (await officer.get(f"{URL}/{asked.json()['id']}")).json()
            actions = {row[0] for row in house.ask("select action from audit.events")}
            if "audit:log:verify" in actions:
                break
            await asyncio.sleep(0.1)
    finally:
        watchman.cancel()
    assert (answer["verdict"], answer["done"]) == ("green", answer["total"])
    assert answer["report"]["covered"]["by"] == ["python", "sql"]
    assert {"audit:verification:ask", "audit:log:verify"} <= actions


async def test_who_may_not_answer_for_compliance_may_not_ask(clinic: Clinic):
    ana = await clinic.person("dr.ana")
    assert (await ana.post(URL, {})).status_code == 403
    stranger = await clinic.person("vera", ["compliance_officer"])
    assert (await stranger.post(URL, {"first": 5, "until": 5})).status_code in {400, 422}
    none = await stranger.get(f"{URL}/00000000-0000-4000-8000-000000000000")
    assert none.status_code == 404


async def test_another_site_does_not_see_it(clinic: Clinic, house_of_clinic: House):
    officer = await clinic.person("vera", ["compliance_officer"])
    asked = (await officer.post(URL, {})).json()
    house_of_clinic.tamper(
        f"update audit.verifications set tenant_id = 999 where id = '{asked['id']}'"
    )
    assert (await officer.get(f"{URL}/{asked['id']}")).status_code == 404
