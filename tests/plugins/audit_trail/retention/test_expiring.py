"""Personal values go when their time is over, the events stay, and the log tells by which order."""

import pytest

from cms.identity.events import SignedIn
from plugins.audit_trail.retention import rules
from plugins.audit_trail.retention.expiring import expire
from plugins.audit_trail.retention.rights import ORDER
from plugins.audit_trail.retention.rules import Order
from plugins.audit_trail.verification.telling import told
from tests.plugins.audit_trail.people import AGENT, IP, person
from tests.plugins.audit_trail.retention.conftest import THEN, month

pytestmark = pytest.mark.asyncio

PROTECTOR = person(22, ORDER)


@pytest.fixture
async def long_ago(house):
    """Three sign-ins of March 2016, with addresses, and one of today."""
    month(house)
    async with house.sequencer() as sequencer:
        for now in (THEN, THEN, THEN, None):
            facts = {"channel": "rest", "ip": IP, "user_agent": AGENT}
            async with house.work(person(7), **facts) as work:
                work.now = now or work.now
                await work.emit(SignedIn(user_id=7))
        await sequencer.step()
    return house


def personal(house):
    return house.ask(
        "select count(*) filter (where ciphertext is null), count(*) from audit.personal"
    )[0]


async def shorter(house):
    async with house.work(PROTECTOR) as work:
        order = Order(reference="DPO 12/2026", ground="LGPD, art. 16")
        await rules.set_months(work, "access", 12, "Less is enough", order)


async def test_old_values_go_by_the_order_and_the_log_verifies(long_ago) -> None:
    house = long_ago
    async with house.work() as work:
        await expire(work)
    assert personal(house)[0] == 3, "seven years are over"
    await house.sequence(1)
    said = told(house.verify())
    assert "content of 3 events erased on" in said
    assert "by the rule of retention for the class access" in said


async def test_a_shorter_time_is_an_order_that_the_report_names(long_ago) -> None:
    house = long_ago
    await shorter(house)
    async with house.work() as work:
        await expire(work)
    assert personal(house)[0] == 3
    await house.sequence(1)
    report = house.verify()
    assert "personal-erased" not in {finding.kind for finding in report.findings}, told(report)
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
        "erased_at = now() where occurred_at < '2017-01-01'"
    )
    await house.sequence(1)
    assert {f.kind: f.count for f in house.verify().findings}["personal-erased"] == 3
