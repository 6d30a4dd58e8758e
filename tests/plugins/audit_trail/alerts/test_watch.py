"""Rules are held against everything that was sequenced, each event once."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import AsyncConnection
from structlog.testing import capture_logs

from cms.identity.events import SignInFailed
from cms.kernel.events import Outcome
from plugins.audit_trail.alerts import alerts, rules
from plugins.audit_trail.alerts.rules import DEFAULTS, Hours, Terms
from plugins.audit_trail.alerts.service import Rounds
from plugins.audit_trail.completeness.upkeep import beat
from tests.plugins.audit_trail.conftest import Noted

NOON = datetime(2026, 11, 18, 15, tzinfo=UTC)  # a Wednesday, 12:00 in São Paulo


@asynccontextmanager
async def watched(house):
    """The worker's loop, a round at a time; what was there before it is not looked at."""
    async with await AsyncConnection.connect(house.host.worker_url, autocommit=True) as connection:
        rounds = Rounds(house.host, connection)
        await rounds.go()
        yield rounds


async def _round(house, rounds):
    async with house.sequencer() as sequencer:
        while await sequencer.sequence():
            pass
    await rounds.go()


async def refused_sign_ins(house, account, times, ip=None, start=NOON, apart=10):
    for n in range(times):
        async with house.work(ip=ip) as work:
            work.now = start + timedelta(seconds=n * apart)
            await work.emit(SignInFailed(user_id=account, outcome=Outcome.REFUSED))


async def raised(house):
    async with house.work() as work:
        found, _ = await alerts.listing(work)
    return sorted((one.rule_name, one.resource_id, len(one.events)) for one in found)


async def add(house, **terms):
    async with house.work() as work:
        return (await rules.add(work, Terms(**terms))).id


ACCOUNT, ADDRESS = DEFAULTS[0].name, DEFAULTS[1].name


async def test_five_refused_sign_ins_of_one_account_in_ten_minutes(house):
    async with watched(house) as rounds:
        await refused_sign_ins(house, 7, 4)
        await refused_sign_ins(house, 8, 4)
        await _round(house, rounds)
        assert await raised(house) == []
        await refused_sign_ins(house, 7, 1, start=NOON + timedelta(seconds=50))
        await _round(house, rounds)
        assert await raised(house) == [(ACCOUNT, 7, 5)]


async def test_five_from_one_address_whoever_they_are_and_the_address_is_kept_nowhere(house):
    async with watched(house) as rounds:
        for account in range(1, 6):
            await refused_sign_ins(house, account, 1, ip="203.0.113.9")
        await _round(house, rounds)
        assert await raised(house) == [(ADDRESS, None, 5)]
        with psycopg.connect(house.owner_url) as connection:
            connection.execute("select set_config('app.tenant_id', %s, true)",
                               [str(house.tenant.id)])  # fmt: skip
            for table in ("alerts", "tallies", "rules", "watch"):
                kept = connection.execute(f"select * from audit_desk.{table}").fetchall()
                assert "203.0.113.9" not in str(kept)


async def test_slow_ones_raise_nothing_and_late_ones_count_where_they_belong(house):
    async with watched(house) as rounds:
        await refused_sign_ins(house, 7, 8, apart=200)
        await _round(house, rounds)
        assert await raised(house) == []
        # Four of one minute come in the wrong order.
        for seconds in (40, 10, 30, 20, 50):
            await refused_sign_ins(house, 9, 1, start=NOON + timedelta(seconds=seconds))
            await _round(house, rounds)
        assert await raised(house) == [(ACCOUNT, 9, 5)]


async def test_after_an_alert_there_is_quiet_and_then_another(house):
    async with watched(house) as rounds:
        await refused_sign_ins(house, 7, 20)
        await _round(house, rounds)
        assert len(await raised(house)) == 1
        await refused_sign_ins(house, 7, 5, start=NOON + timedelta(hours=2))
        await _round(house, rounds)
        assert len(await raised(house)) == 2


async def test_each_event_counts_once_however_often_workers_die_or_meet(house):
    await add(house, name="Every note", filter={"action": "test:post:note"}, cooldown_seconds=0)
    async with watched(house) as first, watched(house) as second:
        for n in range(6):
            await house.note(n + 1)
            async with house.sequencer() as sequencer:
                await sequencer.sequence()
            if n % 2:  # killed after what it did and before the commit
                real, rounds = house.host.shop.enqueue, first

                async def die(*_):
                    raise RuntimeError("killed")

                await _killed(house, rounds, die)
                assert house.host.shop.enqueue is real
            await first.go()
            await second.go()
        found = [one for one in await raised(house) if one[0] == "Every note"]
        assert len(found) == 6


async def _killed(house, rounds, die):
    """A worker that is stopped in the middle: everything is rolled back."""
    from plugins.audit_trail.alerts import watch

    real, watch.announce_later = watch.announce_later, die
    try:
        await rounds.go()
    finally:
        watch.announce_later = real


async def test_a_new_worker_goes_on_where_the_last_one_ended(house):
    async with watched(house):
        pass
    await refused_sign_ins(house, 7, 5)
    async with house.sequencer() as sequencer:
        await sequencer.sequence()
    async with watched(house):
        assert await raised(house) == [(ACCOUNT, 7, 5)]
    async with watched(house):
        assert await raised(house) == [(ACCOUNT, 7, 5)]


async def test_out_of_hours_by_the_clock_of_the_site(house):
    terms = {"kind": "out_of_hours", "filter": {"action": "test:post:note"}, "hours": Hours(),
             "cooldown_seconds": 0}  # fmt: skip
    await add(house, name="Late", **terms)
    async with watched(house) as rounds:
        expected = 0
        for hours, is_out in ((0, 0), (6, 0), (7, 1), (-5, 0), (-6, 1), (72, 1)):
            async with house.work() as work:
                work.now = NOON + timedelta(hours=hours)
                await work.emit(Noted(post_id=1))
            await _round(house, rounds)
            expected += is_out
            assert len(await raised(house)) == expected, hours


@pytest.mark.parametrize(("hour", "is_usual"), [(23, True), (3, True), (6, False), (12, False)])
async def test_a_night_shift_belongs_to_the_day_it_began_on(house, hour, is_usual):
    shift = Hours(since="22:00", until="06:00", days=[2])
    local = datetime(2026, 11, 18 if hour > 12 else 19, hour, tzinfo=house.tenant.zone)
    assert shift.hold(local, house.tenant) is is_usual


async def test_the_alarm_of_the_log_reaches_every_site_once(house):
    async with watched(house) as rounds:
        with psycopg.connect(house.owner_url) as connection:
            connection.execute("insert into audit.alarms (message) values ('the log is altered')")
        for _ in range(2):
            await rounds.go()
        assert await raised(house) == [("Alarm of the audit log", None, 0)]


async def test_what_belongs_to_no_site_is_passed_by(house):
    async with watched(house) as rounds:
        await beat(house.host)
        await refused_sign_ins(house, 7, 5)
        with capture_logs() as said:
            await _round(house, rounds)
        assert said == []
        assert await raised(house) == [(ACCOUNT, 7, 5)]


async def test_what_the_watch_says_itself_sets_nothing_off(house):
    await add(house, name="Everything", filter={"action": "audit:*"}, cooldown_seconds=0)
    async with watched(house) as rounds:
        await refused_sign_ins(house, 7, 5)
        for _ in range(3):
            await _round(house, rounds)
        assert await raised(house) == [(ACCOUNT, 7, 5)]
