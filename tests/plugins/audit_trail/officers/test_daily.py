"""Counts a day are what counting the events gives, at every moment."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from cms.kernel.events import Refused
from plugins.audit_trail.officers.daily import read_days

COUNTED = """
select (occurred_at at time zone 'UTC')::date, action, outcome, risk_level, actor_kind, count(*)
from audit.events where tenant_id = %s group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
"""


def roll_up(house, most=1000):
    with psycopg.connect(house.host.worker_url) as connection:
        return connection.execute("select audit.roll_up(%s)", [most]).fetchone()[0]


async def days_of(house):
    async with house.work() as work:
        found = await read_days(work, "2025-01-01", "2027-03-01")
        await work.session.rollback()  # this look is not counted by the next
        work._closing.clear()
    return [tuple(getattr(one, name) for name in one.__struct_fields__) for one in found.counts]


async def test_counted_waiting_and_late_events_are_all_in_the_counts_once(house):
    async def holds():
        assert await days_of(house) == house.ask(COUNTED, house.tenant.id)

    await house.note(1, 2, 3)
    await holds()  # nothing has a place yet
    await house.sequence(4)
    await holds()  # places, and nothing is rolled up
    assert roll_up(house) == 7
    await holds()  # everything is rolled up
    await house.note(5)
    await house.sequence(2)
    assert roll_up(house, 1) == 1
    await holds()  # a part of it
    # An event of a day that was closed long ago, as from a clock that was wrong.
    async with house.work() as work:
        work.now = datetime(2026, 1, 5, tzinfo=UTC)
        await work.emit(Refused(action="late", resource_type="post"))
    await holds()
    async with house.sequencer() as sequencer:
        await sequencer.step()
    await holds()
    while roll_up(house):
        pass
    await holds()
    assert ("2026-01-05", 1) in {(row[0].isoformat(), row[5]) for row in await days_of(house)}


async def test_a_killed_roll_up_counts_nothing_twice(house):
    await house.sequence(5)
    with psycopg.connect(house.host.worker_url) as connection:
        connection.execute("select audit.roll_up(1000)")
        connection.rollback()
    assert roll_up(house) == 5
    assert roll_up(house) == 0
    assert await days_of(house) == house.ask(COUNTED, house.tenant.id)


async def test_days_are_asked_for_by_officers(clinic):
    vera = await clinic.person("vera", ["compliance_officer"])
    answer = (await vera.get("/api/v1/audit/daily")).json()
    today = datetime.now(UTC).date()
    assert (answer["first"], answer["last"]) == (
        (today - timedelta(days=89)).isoformat(),
        today.isoformat(),
    )
    assert {count["action"] for count in answer["counts"]} >= {"identity:user:create"}
    for wrong in ({"since": "noon"}, {"since": "2026-02-01", "until": "2026-01-01"}):
        assert (await vera.get("/api/v1/audit/daily", params=wrong)).status_code == 400
    ana = await clinic.person("dr.ana")
    assert (await ana.get("/api/v1/audit/daily")).status_code == 403


@pytest.mark.parametrize("count", [3])
async def test_another_tenants_days_are_not_counted(clinic, count):
    async with clinic.other() as other:
        joana = await other.person("dr.joana")
        for n in range(count):
            await other.draft(joana, title=f"{n}")
    vera = await clinic.person("vera", ["compliance_officer"])
    answer = (await vera.get("/api/v1/audit/daily")).json()
    assert "content:post:create" not in {one["action"] for one in answer["counts"]}
