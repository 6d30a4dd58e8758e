"""Personal values go when their time is over, the events stay, and the log tells by which order."""

from datetime import UTC, datetime

import pytest

from cms.identity.events import SignedIn
from plugins.audit_trail.officers.purposes import VIEW
from plugins.audit_trail.retention import rules
from plugins.audit_trail.retention.expiring import expire
from plugins.audit_trail.retention.rights import ORDER
from plugins.audit_trail.retention.rules import Order
from plugins.audit_trail.verification.telling import told
from tests.plugins.audit_trail.people import AGENT, IP, person
from tests.plugins.audit_trail.retention.conftest import month

pytestmark = pytest.mark.asyncio

PROTECTOR = person(22, VIEW, ORDER)
THEN = datetime(2024, 3, 5, 12, tzinfo=UTC)
"""Longer ago than a year, and not seven."""


@pytest.fixture
async def long_ago(house):
    """Three sign-ins of March 2024, with addresses, and one of today."""
    month(house, "audit.events_2024_03", "2024-03-01", "2024-04-01")
    # First one of today: this process has given out numbers elsewhere before.
    await house.note(1)
    async with house.sequencer() as sequencer:
        for now in (THEN, THEN, THEN, None):
            facts = {"channel": "rest", "ip": IP, "user_agent": AGENT}
            async with house.work(person(7), **facts) as work:
                work.now = now or work.now
                await work.emit(SignedIn(user_id=7))
        await sequencer.step()
    return house


def erased(house):
    ((count,),) = house.ask("select count(*) from audit.personal where erased_at is not null")
    return count


async def shorter(house):
    async with house.work(PROTECTOR) as work:
        order = Order(reference="DPO 12/2026", ground="LGPD, art. 16")
        await rules.set_months(work, "access", 12, "Less is enough", order)


async def test_a_shorter_time_is_an_order_that_the_report_names(long_ago) -> None:
    house = long_ago
    async with house.work() as work:
        await expire(work)
    assert erased(house) == 0, "seven years are not over"
    await shorter(house)
    async with house.work() as work:
        await expire(work)
    assert erased(house) == 3
    await house.sequence(1)
    report = house.verify()
    assert report.verdict == "green", told(report)
    assert "content of 3 events erased on" in told(report)
    assert "by DPO 12/2026 for the class access" in told(report)
    async with house.work() as work:
        await expire(work)
    assert house.ask(
        "select count(*) from audit.events where action = 'audit:personal:expire'"
    ) == [(1,)], "nothing is told twice"


async def test_values_that_somebody_else_erased_are_red(long_ago) -> None:
    house = long_ago
    await shorter(house)
    house.tamper(
        "update audit.personal set salt = null, ciphertext = null, ip_token = null, "
        "erased_at = now() where event_id in (select event_id from audit.events "
        "where action = 'identity:session:sign_in' and occurred_at < '2025-01-01')"
    )
    await house.sequence(1)
    assert {f.kind: f.count for f in house.verify().findings}["personal-erased"] == 3
