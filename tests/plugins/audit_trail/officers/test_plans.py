"""Each question that must be quick has its index, behind every barrier, and joins nothing."""

import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from plugins.audit_trail.officers.filters import Wanted, conditions_of
from plugins.audit_trail.officers.purposes import PURPOSES

NOW = datetime.now(UTC)
PLANS = {
    "actor": (Wanted(actor_id=7, since=NOW - timedelta(days=90)), "actor_id_occurred_at"),
    "resource": (
        Wanted(resource_type="post", resource_id=7),
        "tenant_id_resource_id_occurred_at",
    ),
    "risk": (
        Wanted(risk_at_least="high", since=NOW - timedelta(days=1)),
        "tenant_id_occurred_at",
    ),
    "request": (Wanted(request_id="request-1"), "hashtextextended"),
}


def plan(owner, tenant, purpose, conditions, values):
    said = "".join(f" and {one}" for one in conditions)
    query = re.sub(r"(?<![:\w]):(\w+)", r"%(\1)s", said)
    with psycopg.connect(owner) as connection:
        connection.execute("analyze audit.events")
        connection.execute("set enable_seqscan = off")
        connection.execute("select set_config('app.tenant_id', %s, true)", [str(tenant)])
        connection.execute("select set_config('app.audit_purpose', %s, true)", [purpose.name])
        rows = connection.execute(
            f'explain select t.event_id, t.action, t."timestamp" from {purpose.view} t '
            f"where t.tenant_id = {tenant:d}{query} "
            'order by t."timestamp" desc, t.event_id desc limit 101',
            values,
        ).fetchall()
    return "\n".join(row[0] for row in rows)


@pytest.fixture
async def filled(house):
    for n in range(300):
        if n % 50 == 0:
            await house.note(n + 1)
    return house


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda purpose: purpose.name)
async def test_every_question_finds_its_index_and_joins_no_leaf(filled, purpose):
    owner, tenant = filled.owner_url, filled.tenant.id
    for what, (wanted, index) in PLANS.items():
        conditions, values = conditions_of(wanted)
        found = plan(owner, tenant, purpose, conditions, values)
        assert index in found, (what, found)
        assert "leaves" not in found, (what, found)
    if purpose.sees_subjects:
        one = ["t.data_subject_id = any(cast(:refs as text[]))"]
        found = plan(owner, tenant, purpose, one, {"refs": ["1-a"]})
        assert "tenant_id_data_subject_id" in found
    if purpose.sees_addresses:
        found = plan(owner, tenant, purpose, ["t.actor_ip = :ip"], {"ip": "192.0.2.1"})
        assert "tenant_id_actor_ip" in found


async def test_the_places_of_a_page_are_looked_up_one_by_one(filled):
    """A join over the whole log would cost seconds for a page of a hundred."""
    with psycopg.connect(filled.owner_url) as connection:
        (body,) = connection.execute(
            "select prosrc from pg_proc where oid = 'audit.places(uuid[])'::regprocedure"
        ).fetchone()
        connection.execute("set enable_seqscan = off")
        rows = connection.execute(
            "explain " + body.replace("any(wanted)", "any(array[gen_random_uuid()])")
        ).fetchall()
    found = "\n".join(row[0] for row in rows)
    assert "leaves_event_id_key" in found
    assert "Hash Join" not in found
