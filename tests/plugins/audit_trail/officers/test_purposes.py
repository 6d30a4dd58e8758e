"""What for somebody looks decides what she sees, in the database too."""

import uuid
from typing import Any, LiteralString

import psycopg
import pytest

from cms.identity.granting import roles_of, set_roles
from cms.identity.models import User
from plugins.audit_trail.officers.purposes import BY_NAME, PURPOSES

EVENTS = "/api/v1/audit/events"
PERSONAL = {
    "actor_ip": "203.0.113.7",
    "actor_user_agent": "agent",
    "data_subject_id": "subject-1",
    "consent_reference": "consent-1",
}
SEEN = {
    "compliance": {"actor_ip", "actor_user_agent", "data_subject_id", "consent_reference"},
    "data_protection": {"data_subject_id", "consent_reference"},
    "security": {"actor_ip", "actor_user_agent"},
    "external_audit": set(),
}
ROLES = {
    "compliance_officer": "compliance",
    "data_protection_officer": "data_protection",
    "security_officer": "security",
    "external_auditor": "external_audit",
}


def plant(owner: str, tenant: int, **values: Any) -> uuid.UUID:
    """An event with everything that a person can be known by, as a later version would write it."""
    event = uuid.UUID(int=uuid.uuid4().int)
    columns = {
        "event_id": event, "tenant_id": tenant, "schema_version": 1, "event_type": "noted",
        "action": "test:post:note", "outcome": "success", "resource_type": "post",
        "actor_kind": "person", "channel": "rest", "risk_level": "low", "automated_flags": "[]",
        "writer_id": "w", "writer_seq": 0, "before_state": '{"a":1}', "event_data": '{"b":2}',
        **PERSONAL, **values,
    }  # fmt: skip
    names, places = ", ".join(columns), ", ".join(["%s"] * len(columns))
    with psycopg.connect(owner) as connection:
        connection.execute(
            f"insert into audit.events (occurred_at, {names}) values (now(), {places})",  # type: ignore[arg-type]
            list(columns.values()),
        )
    return event


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_looks_for_its_own_purpose_and_sees_what_that_needs(clinic, role):
    event = plant(clinic.host.addresses.owner, clinic.tenant.id, actor_id=7)
    person = await clinic.person("olga", [role])
    page = (await person.get(EVENTS, params={"action": "test:post:note"})).json()
    (seen,) = [one for one in page["events"] if one["event_id"] == str(event)]
    purpose = ROLES[role]
    assert page["purpose"] == purpose
    assert {name for name in PERSONAL if seen[name] is not None} == SEEN[purpose]
    assert (seen["before_state"] is None) is (purpose == "external_audit")
    others = set(BY_NAME) - {purpose} if role != "compliance_officer" else {"external_audit"}
    for other in others:
        refused = await person.get(EVENTS, params={"purpose": other})
        assert refused.status_code == 403, other
        assert (await person.get(EVENTS, params={"purpose": "curiosity"})).status_code == 400


async def test_the_purpose_may_stand_in_a_header_and_is_in_the_trail(clinic):
    vera = await clinic.person("vera", ["compliance_officer"])
    headers = {**vera.bearer, "X-Audit-Purpose": "security"}
    assert (await clinic.http.get(EVENTS, headers=headers)).json()["purpose"] == "security"
    reads = await vera.get(EVENTS, params={"action": "audit:trail:read"})
    told = [event["event_data"]["purpose_of_use"] for event in reads.json()["events"]]
    assert told == ["security"]


async def test_what_a_purpose_does_not_see_it_cannot_ask_for(clinic):
    dpo = await clinic.person("dora", ["data_protection_officer"])
    guard = await clinic.person("sara", ["security_officer"])
    refused = await dpo.get(EVENTS, params={"ip": "203.0.113.7"})
    assert (refused.status_code, set(refused.json()["faults"])) == (400, {"ip"})
    refused = await guard.get(EVENTS, params={"data_subject": "subject-1"})
    assert (refused.status_code, set(refused.json()["faults"])) == (400, {"data_subject"})
    event = plant(clinic.host.addresses.owner, clinic.tenant.id)
    for person, asked in ((guard, {"ip": "203.0.113.7"}), (dpo, {"data_subject": "subject-1"})):
        found = (await person.get(EVENTS, params=asked)).json()["events"]
        assert [one["event_id"] for one in found] == [str(event)]


async def test_the_address_that_is_asked_for_stands_nowhere_in_the_trail(clinic):
    vera = await clinic.person("vera", ["compliance_officer"])
    await vera.get(EVENTS, params={"ip": "198.51.100.23"})
    (read,) = (await vera.get(EVENTS, params={"action": "audit:trail:read"})).json()["events"]
    assert "198.51.100.23" not in str(read)
    assert len(read["event_data"]["ip_token"]) == 32


def _as_application(url: str, tenant: int, purpose: str, query: LiteralString) -> Any:
    with psycopg.connect(url) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", [str(tenant)])
        connection.execute("select set_config('app.audit_purpose', %s, true)", [purpose])
        try:
            return connection.execute(query).fetchall()
        except psycopg.Error as error:
            return type(error)


VIEWS: dict[str, LiteralString] = {
    "audit.trail": "select action from audit.trail",
    "audit.trail_of_subjects": "select action from audit.trail_of_subjects",
    "audit.trail_of_addresses": "select action from audit.trail_of_addresses",
    "audit.trail_without_people": "select action from audit.trail_without_people",
}


async def test_the_application_sees_rows_through_the_view_of_its_purpose_alone(house):
    plant(house.owner_url, house.tenant.id)
    web, tenant = house.host.addresses.web, house.tenant.id
    for purpose in [*(one.name for one in PURPOSES), "", "monitoring", "curiosity"]:
        for view, query in VIEWS.items():
            rows = _as_application(web, tenant, purpose, query)
            is_its_own = purpose in BY_NAME and BY_NAME[purpose].view == view
            assert rows == ([("test:post:note",)] if is_its_own else []), (purpose, view)


ELSE = [
    "select * from audit.events",
    "select * from audit.trail_rows",
    "select * from audit.daily",
    "select * from audit.leaves",
    "select * from audit.pending",
    "select audit.roll_up(1)",
    "select * from audit.tenants_between(0, -1, 9, 9)",
    "update audit.trail set action = 'x'",
    "delete from audit.trail",
]


async def test_everything_else_is_refused(house):
    web = house.host.addresses.web
    for query in ELSE:
        refusal = _as_application(web, house.tenant.id, "compliance", query)
        # A view over joins cannot be written to by anybody.
        assert refusal in (
            psycopg.errors.InsufficientPrivilege,
            psycopg.errors.ObjectNotInPrerequisiteState,
        ), query


@pytest.mark.parametrize(
    "query",
    [
        # Whatever a condition does, it is asked of rows that the barrier has let pass.
        "select * from audit.trail"
        " where 1 / (case action when 'secret:of:others' then 0 else 1 end) = 2",
        "select * from audit.trail where (case action when 'secret:of:others' then 'x' end)::int"
        " = 2",
        "select * from audit.trail where tenant_id = 2 or true",
        "select * from audit.trail where event_id in (select event_id from audit.waiting())",
        "select * from audit.daily_counts('2000-01-01', '2100-01-01')",
        "select * from audit.places(array(select event_id from audit.waiting()))",
    ],
)  # fmt: skip
async def test_rows_of_others_do_not_even_make_an_error(house, query):
    plant(house.owner_url, house.tenant.id + 1, action="secret:of:others")
    web = house.host.addresses.web
    assert _as_application(web, house.tenant.id, "compliance", query) == []


async def test_an_external_auditor_comes_for_a_time(clinic):
    auditor = await clinic.person("otto", ["external_auditor"])
    assert (await auditor.get(EVENTS)).status_code == 200
    with psycopg.connect(clinic.host.addresses.owner) as connection:
        connection.execute("select set_config('app.tenant_id', %s, true)", [str(clinic.tenant.id)])
        (days,) = connection.execute(
            "select round(extract(epoch from expires_at - now()) / 86400) from cms.user_roles "
            "where user_id = %s",
            [auditor.id],
        ).fetchone()
        assert days == 30
        connection.execute(
            "update cms.user_roles set expires_at = now() - interval '1 second' where user_id = %s",
            [auditor.id],
        )
    assert (await auditor.get(EVENTS)).status_code == 403
    async with clinic.as_system() as work:
        user = await work.session.get(User, (work.tenant_id, auditor.id))
        assert await roles_of(work, auditor.id) == []
        await set_roles(work, user, ["external_auditor"])
    assert (await auditor.get(EVENTS)).status_code == 200
