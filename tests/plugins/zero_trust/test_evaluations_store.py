"""The log and the policies of a tenant in PostgreSQL, as the application's own login."""

from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from cms.database.engine import open_session
from cms.kernel.decisions import Effect
from plugins.zero_trust.engine import serve
from plugins.zero_trust.evaluations import Evaluation, store_in
from plugins.zero_trust.tenants import rows_from

ADD_POLICY = text(
    """
    insert into zero_trust.policies (tenant_id, id, policy_name, policy_type, applies_to,
      conditions, actions, mode, created_at, updated_at)
    values (:tenant, 1, 'No posts at night', 'user', '{post.edit}',
      '{"attr": "hour", "op": "at_least", "value": 0}',
      '{"effect": "require", "obligation": "recent_sign_in"}', 'enforce', now(), now())
    """
)


async def rows(host, tenant_id, statement, **values):
    async with open_session(host.engine, tenant_id) as session:
        result = await session.execute(text(statement), values)
        found = result.mappings().all() if result.returns_rows else []
        await session.commit()
    return found


async def add_policy(cms):
    async with open_session(cms.host.engine, cms.tenant.id) as session:
        await session.execute(ADD_POLICY, {"tenant": cms.tenant.id})
        await session.commit()


@pytest.fixture
async def decisions(cms):
    """A decision point of its own, so that the lines of `cms` stay apart."""
    port = serve(cms.host)
    await port.open()
    yield port
    await port.close()


async def test_a_refusal_is_in_the_table_when_the_answer_arrives(cms, decisions, ask, visitor):
    asked = ask(visitor, "post.edit", tenant_id=cms.tenant.id)
    assert (await decisions.decide(asked)).effect is Effect.DENY
    (line,) = await rows(
        cms.host,
        cms.tenant.id,
        "select * from zero_trust.evaluations where decision = 'deny' and request_id = 'r-1'",
    )
    assert line["action_requested"] == "post.edit"
    assert line["policy_ids"] == ["no-policy-permits"]
    assert line["policy_version"] == decisions.foundation.policies.version
    assert line["trust_components"]["channel"] == 10
    assert line["risk_factors"] == ["no-proof-of-identity", "no-factor", "stale-authentication"]
    assert line["evaluation_time_us"] > 0


async def test_no_tenant_sees_the_log_of_another(cms, decisions, ask, visitor):
    await decisions.decide(ask(visitor, "post.edit", tenant_id=cms.tenant.id))
    other = cms.tenant.id + 1
    assert await rows(cms.host, other, "select 1 from zero_trust.evaluations") == []
    assert await rows(cms.host, None, "select 1 from zero_trust.evaluations") == []


@pytest.mark.parametrize(
    "statement",
    [
        "update zero_trust.evaluations set decision = 'allow'",
        "delete from zero_trust.evaluations",
        "delete from zero_trust.policies",
    ],
)
async def test_the_application_only_adds_to_the_log(cms, statement):
    with pytest.raises(ProgrammingError, match="permission denied"):
        await rows(cms.host, cms.tenant.id, statement)


async def test_a_stored_policy_decides_and_its_counters_move(
    cms, decisions, ask, signed_in, wordpress_client
):
    await add_policy(cms)
    asked = ask(wordpress_client, "post.edit", tenant_id=cms.tenant.id)
    decision = await decisions.decide(asked)
    assert (decision.effect, decision.obligations) == (Effect.CONDITIONAL, ("recent_sign_in",))
    fresh = ask(signed_in, "post.edit", tenant_id=cms.tenant.id)
    assert (await decisions.decide(fresh)).effect is Effect.ALLOW
    await decisions.close()
    (counted,) = await rows(
        cms.host,
        cms.tenant.id,
        "select evaluation_count, allow_count, deny_count, last_evaluation"
        " from zero_trust.policies",
    )
    assert tuple(counted.values())[:3] == (2, 0, 0)
    assert counted["last_evaluation"] is not None


async def test_the_rows_of_a_tenant_are_its_own(cms, decisions):
    await add_policy(cms)
    read = rows_from(cms.host.engine)
    assert [row.id for row in await read(cms.tenant.id)] == [1]
    assert await read(cms.tenant.id + 1) == []


async def test_a_line_that_is_written_twice_is_there_once(cms, ask, visitor):
    asked = ask(visitor, "post.edit")
    line = Evaluation(
        tenant_id=cms.tenant.id,
        evaluated_at=asked.at,
        request_id="twice",
        action_requested="post.edit",
        resource_requested="post",
        decision="deny",
        policy_version="v",
    )
    store = store_in(cms.host.engine)
    await store(cms.tenant.id, [line, line])
    await store(cms.tenant.id, [line])
    found = "select 1 from zero_trust.evaluations where request_id = 'twice'"
    assert len(await rows(cms.host, cms.tenant.id, found)) == 1


async def test_it_decides_while_requests_hold_every_connection(cms, decisions, ask, visitor):
    async with AsyncExitStack() as stack:
        for _ in range(cms.host.engine.pool.size()):
            await stack.enter_async_context(cms.host.engine.connect())
        asked = ask(visitor, "post.edit", tenant_id=cms.tenant.id)
        assert (await decisions.decide(asked)).reasons == ("no-policy-permits",)
