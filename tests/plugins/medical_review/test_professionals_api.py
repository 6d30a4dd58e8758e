"""The registers over HTTP: look-ups, standing, webhooks, profiles, and what policies know."""

import time
from dataclasses import replace

import psycopg
import pytest

from cms.identity.proofs import identify
from cms.kernel.actors import ActorFacts
from plugins.professional_registry import registrations, schedule, webhook
from plugins.professional_registry.settings import RegistrySettings

PROFESSIONALS = "/api/v1/medical/professionals"
SECRET = b"a secret of the council's connector"


@pytest.fixture
async def olga(cms):
    return await cms.person("olga.oficial", ["administrator"])


async def registration_of(cms, number="CRM-SP 9900100") -> int:
    async with cms.as_system() as work:
        return (await registrations.find(work, number)).id


async def test_a_lookup_tells_form_and_register_and_stores_nothing(newsroom, olga):
    ana = await newsroom.physician()
    asked = {"registration": "crm/sp 9.900.100", "full_name": "Ana Medica Inventada"}
    said = (await olga.post(f"{PROFESSIONALS}/validate", asked)).json()
    assert (said["registration"], said["format_fault"]) == ("CRM-SP 9900100", None)
    assert (said["found"]["status"], said["found"]["name_matches"]) == ("ACTIVE", True)
    other = {**asked, "full_name": "Bruna Suposta"}
    assert (await olga.post(f"{PROFESSIONALS}/validate", other)).json()["found"][
        "name_matches"
    ] is False
    wrong = (await olga.post(f"{PROFESSIONALS}/validate", {"registration": "CRM-XX 1"})).json()
    assert wrong["found"] is None
    assert wrong["format_fault"]
    assert (await ana.post(f"{PROFESSIONALS}/validate", asked)).status_code == 403
    with psycopg.connect(newsroom.cms.host.addresses.owner) as connection:
        rows = connection.execute(
            "select actor_id, after_state ->> 'registration' from audit.events"
            " where action = 'registry:registration:lookup'"
        ).fetchall()
    assert rows == [(olga.id, "CRM-SP 9900100")] * 2


async def test_standing_and_history_are_for_oneself_and_the_officers(newsroom, cms, olga):
    ana, bruno = await newsroom.physician(), await newsroom.journalist()
    professional_id = await registration_of(cms)
    at = f"{PROFESSIONALS}/{professional_id}"
    await newsroom.revoke()
    for person in (ana, olga):
        standing = (await person.get(f"{at}/validation-status")).json()
        assert (standing["may_sign"], standing["status_raw"]) == (False, "C")
        changes = (await person.get(f"{at}/history")).json()["changes"]
        assert [one["to_status"] for one in changes] == ["ACTIVE", "REVOKED"]
        asked = await person.get(f"{at}/history", params={"on": changes[0]["at"]})
        assert asked.json()["then"]["status"] == "ACTIVE"
        assert len((await person.get(f"{at}/cases")).json()["cases"]) == 1
    for path in ("validation-status", "history", "cases"):
        assert (await bruno.get(f"{at}/{path}")).status_code == 403
    [source] = [
        one
        for one in (await olga.get(f"{PROFESSIONALS}/providers")).json()["providers"]
        if one["name"] == "cfm-roster"
    ]
    assert (source["is_well"], source["checked_last_hour"]) == (True, 1)
    assert (await ana.get(f"{PROFESSIONALS}/providers")).status_code == 403


@pytest.fixture
def connected(cms, tmp_path, monkeypatch):
    """A source whose webhook is configured, and a sender that signs."""
    path = tmp_path / "webhook-secret"
    path.write_bytes(SECRET + b"\n")
    kept = cms.host.registry._settings
    settings = RegistrySettings(webhook_secret_files={"cfm": str(path)})
    monkeypatch.setitem(kept, RegistrySettings, settings)

    async def send(body, *, source="cfm", secret=SECRET, ago=0, sent=None):
        stamp = str(int(time.time()) - ago)
        headers = {
            "X-Registry-Timestamp": stamp,
            "X-Registry-Signature": webhook.signature(secret, stamp, body),
        }
        address = f"{PROFESSIONALS}/webhook/{source}"
        answer = await cms.http.post(address, content=sent or body, headers=headers)
        return answer.status_code

    return send


def queued(cms) -> list[dict[str, int]]:
    with psycopg.connect(cms.host.worker_url) as connection:
        rows = connection.execute(
            "select args from jobs.procrastinate_jobs where task_name = %s order by id",
            [f"cms:{schedule.VERIFY}"],
        ).fetchall()
    return [row[0] for row in rows]


async def test_a_webhook_has_the_register_asked_and_is_not_believed(
    newsroom, cms, connected, monkeypatch
):
    await newsroom.physician()
    professional_id = await registration_of(cms)
    body = b'{"registration": "CRM-SP 9900100", "status": "REVOKED"}'
    assert await connected(body) == 202
    assert queued(cms) == [], "it was asked about within the last minute"
    monkeypatch.setattr(webhook, "PAUSE_SECONDS", -1)
    assert await connected(body) == 202
    [job] = queued(cms)
    assert job["professional_id"] == professional_id
    async with cms.as_system() as work:
        await schedule.verify_one(work, professional_id, job["since"])
        person = await registrations.get(work, professional_id)
        assert person.status_normalised == "ACTIVE"
    assert await connected(b'{"registration": "CRM-SP 1"}') == 202, "who is here is not told"
    assert len(queued(cms)) == 1


async def test_a_webhook_must_be_signed_now_by_its_source(newsroom, cms, connected):
    await newsroom.physician()
    body = b'{"registration": "CRM-SP 9900100"}'
    assert await connected(body, secret=b"another secret, as long") == 401
    assert await connected(body, source="ghost") == 401
    assert await connected(body, sent=body + b" ") == 401
    assert await connected(body, ago=301) == 401
    assert await connected(body, ago=-301) == 401
    assert await connected(b"[]") == 400
    bare = await cms.http.post(f"{PROFESSIONALS}/webhook/cfm", content=body)
    assert bare.status_code == 401
    assert queued(cms) == []


async def test_a_profile_shows_the_byline_and_hides_what_is_said_against_somebody(
    newsroom, cms, olga
):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    await newsroom.published(ana, bruno)
    await cms.draft(ana, status="publish")
    path = f"/wp-json/wp/v2/users/{ana.id}"
    seen = (await cms.http.get(path)).json()["medical_profile"]
    assert seen["is_verified"] is True
    assert seen["byline"]["text"] == "Ana Medica Inventada · MÉDICO(A) CRM-SP 9900100"
    assert "validation" not in seen
    await newsroom.revoke()
    assert (await cms.http.get(path)).json()["medical_profile"] == {
        "is_verified": False,
        "byline": None,
    }
    for person in (ana, olga):
        whole = (await person.get(f"{path}?context=edit")).json()["medical_profile"]
        assert whole["validation"]["status_raw"] == "C"
    me = (await bruno.get("/wp-json/wp/v2/users/me")).json()
    assert me["medical_profile"] is None


async def facts_of(cms, person) -> dict[str, object]:
    async with cms.as_system() as work:
        actor = await identify(work, cms.host.secret, f"Bearer {person.token}")
        return dict(actor.attributes)


async def test_policies_know_how_the_actors_registration_stands(newsroom, cms):
    ana, jo = await newsroom.physician(), await newsroom.journalist()
    known = await facts_of(cms, ana)
    assert {name: known[name] for name in known if name.startswith("professional")} == {
        "professional_verified": True,
        "professional_status": "ACTIVE",
        "professional_specialties": [],
        "professional_freshness_days": 0,
    }
    assert (await facts_of(cms, jo))["professional_verified"] is False
    await newsroom.revoke()
    assert (await facts_of(cms, ana))["professional_verified"] is False
    assert replace(ActorFacts(1)).with_facts(a=1).attributes == {"a": 1}


async def test_a_policy_can_ask_for_a_verified_professional(newsroom, cms):
    ana, jo = await newsroom.physician(), await newsroom.journalist()
    with psycopg.connect(cms.host.addresses.owner) as connection:
        connection.execute(f"set app.tenant_id = '{cms.tenant.id:d}'")
        connection.execute(
            """insert into zero_trust.policies (tenant_id, id, policy_name, policy_type,
                 applies_to, conditions, actions, created_at, updated_at)
               values (%s, 1, 'professionals draft', 'user', '{post.create}', '{}',
                 '{"effect": "require", "obligation": "professional_validation"}', now(), now())""",
            [cms.tenant.id],
        )
    body = {"title": "Dor", "content": "<p>Texto.</p>"}
    refused = await jo.post("/wp-json/wp/v2/posts", body)
    assert refused.status_code == 401, refused.text
    assert "professional_validation" in refused.text
    assert (await ana.post("/wp-json/wp/v2/posts", body)).status_code == 201
