"""Each tenant's set follows its rows; what does not compile never replaces what does."""

import asyncio

import pytest

from cms.kernel.decisions import Effect
from plugins.zero_trust.compile import Foundation
from plugins.zero_trust.health import CHECKS
from plugins.zero_trust.tenants import LOOK_EVERY, TenantPolicies


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def policies(closed_site, clock) -> TenantPolicies:
    return TenantPolicies(Foundation.of(closed_site.registry), closed_site._read, clock)


async def test_a_change_is_seen_after_two_seconds_and_not_looked_for_before(
    closed_site, policies, clock
):
    first = await policies.current(1)
    closed_site.adds("deny", "post.edit")
    assert await policies.current(1) is first
    clock.now += LOOK_EVERY
    second = await policies.current(1)
    assert second.version != first.version
    closed_site.rows.clear()
    clock.now += LOOK_EVERY
    assert (await policies.current(1)).version == first.version


async def test_rows_that_did_not_change_are_not_compiled_again(closed_site, policies, clock):
    closed_site.adds("deny", "post.edit")
    first = await policies.current(1)
    clock.now += LOOK_EVERY
    assert await policies.current(1) is first


async def test_a_bad_row_leaves_the_set_before_it_and_is_reported(closed_site, policies, clock):
    closed_site.adds("deny", "post.edit")
    before = await policies.current(1)
    closed_site.adds("deny", "post.burn")
    clock.now += LOOK_EVERY
    assert await policies.current(1) is before
    ((tenant, message),) = policies.problems()
    assert (tenant, "post.burn" in message) == (1, True)
    closed_site.rows.pop()
    closed_site.adds("deny", "post.publish")
    clock.now += LOOK_EVERY
    assert await policies.current(1) is not before
    assert list(policies.problems()) == []


async def test_an_outage_leaves_the_set_before_it_and_passes(closed_site, policies, clock):
    before = await policies.current(1)
    closed_site.outage = ConnectionRefusedError("no database")
    clock.now += LOOK_EVERY
    assert await policies.current(1) is before
    assert list(policies.problems()) != []
    closed_site.outage = None
    clock.now += LOOK_EVERY
    assert await policies.current(1) is before
    assert list(policies.problems()) == []


async def test_many_questions_at_once_look_once(closed_site, policies):
    looks = 0
    read = policies._read

    async def counting(tenant_id):
        nonlocal looks
        looks += 1
        await asyncio.sleep(0.01)
        return await read(tenant_id)

    policies._read = counting
    await asyncio.gather(*(policies.current(1) for _ in range(50)))
    assert looks == 1


async def test_health_tells_the_version_or_the_tenant_in_trouble(site, closed_site, system):
    async def report(decisions):
        host = type("Host", (), {"decisions": decisions})()
        return [await check.fn(host) for check in CHECKS]

    well, log = await report(site.decisions)
    assert well.is_well
    assert site.decisions.foundation.policies.version in well.message
    assert log.is_well
    site.adds("deny", "post.burn")
    assert (await site.decide(system, "post.read")).effect is Effect.DENY
    (ill, _) = await report(site.decisions)
    assert not ill.is_well
    assert "post.burn" in ill.message
    (unloaded, _) = await report(closed_site.decisions)
    assert not unloaded.is_well
