"""What officers, administrators and the data protection officer get over HTTP."""

from collections.abc import Callable

import pytest

from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.people import everything
from tests.support.clinic import Clinic

EVENTS = "/api/v1/audit/events"
ORDER = {
    "authority": "Tribunal de Justiça",
    "reference": "0001-22.2026",
    "ordered_on": "2026-01-02",
    "ground": "art-15-iv",
}


@pytest.fixture
def house(clinic: Clinic, house_of: Callable[[Clinic], House]) -> House:
    return house_of(clinic)


async def one(person, action: str):
    answer = await person.get(EVENTS, params={"action": action, "order": "desc", "limit": 1})
    assert answer.status_code == 200, answer.text
    return answer.json()["events"][0]


async def test_a_failed_sign_in_tells_what_was_typed_to_officers_only(clinic, house):
    ana = await clinic.person("dr.ana")
    officer = await clinic.person("vera", ["compliance_officer"])
    admin = await clinic.person("dona.marina", ["administrator"])
    wrong = {"login": "dr.ana@clinica.example", "password": "a wrong password"}
    answer = await clinic.http.post("/api/v1/auth/token", json=wrong)
    assert answer.status_code == 401
    said = everything(house)
    assert "dr.ana" not in said
    assert "127.0.0.1" not in said
    seen = await one(officer, "identity:session:refuse")
    assert (seen["personal_values"], seen["actor_ip"]) == ({"login": wrong["login"]}, "127.0.0.1")
    assert (seen["lgpd_basis"], seen["outcome"]) == ("art-7-ix", "refused")
    hidden = await one(admin, "identity:session:refuse")
    assert hidden["has_personal"]
    assert (hidden["personal_values"], hidden["actor_ip"]) == (None, None)
    assert hidden["data_subject_id"] == seen["data_subject_id"]
    assert str(ana.id) != seen["data_subject_id"]


async def test_a_client_may_say_what_it_acts_for_and_policies_that_decided_are_named(clinic):
    ana = await clinic.person("dr.ana")
    officer = await clinic.person("vera", ["compliance_officer"])

    async def draft(purpose: str):
        headers = {**ana.bearer, "X-Purpose-Of-Use": purpose}
        return await clinic.http.post("/wp-json/wp/v2/posts", json={"title": "A"}, headers=headers)

    made = await draft("HRESCH")
    assert made.status_code == 201, made.text
    event = await one(officer, "content:post:create")
    assert event["purpose"] == "HRESCH"
    version, policies = event["policy_reference"].split(" ")
    assert version
    assert policies
    refused = await draft("CURIOUS")
    assert refused.status_code == 400
    assert "HOPERAT" in refused.text


async def test_only_the_data_protection_officer_erases_and_the_proof_stays(clinic, house):
    ana = await clinic.person("dr.ana")
    officer = await clinic.person("vera", ["compliance_officer"])
    protector = await clinic.person("iris", ["data_protection_officer"])
    await clinic.draft(ana)
    async with house.sequencer() as sequencer:
        await sequencer.step()
    event = await one(officer, "content:post:create")
    assert event["actor_ip"] == "127.0.0.1"
    wanted = {"subject": f"user:{ana.id}", **ORDER}
    assert (await officer.post("/api/v1/audit/erasures", wanted)).status_code == 403
    done = await protector.post("/api/v1/audit/erasures", wanted)
    assert done.status_code == 201, done.text
    assert done.json()["events"] >= 2
    after = await one(officer, "content:post:create")
    assert after["actor_ip"] is None
    assert after["personal_erased_at"] is not None
    assert after["leaf_hash"] == event["leaf_hash"]
    proof = await officer.get(f"{EVENTS}/{event['event_id']}/proof")
    assert proof.status_code == 200
    async with house.sequencer() as sequencer:
        await sequencer.step()
    assert house.verify().is_green
    told = await protector.post("/api/v1/audit/access-reports", {"subject": f"user:{ana.id}"})
    assert told.status_code == 200, told.text
    assert {"content:post:create", "audit:personal:erase"} <= {
        part["event"]["action"] for part in told.json()
    }
    faulty = await protector.post("/api/v1/audit/erasures", {**wanted, "subject": "Ana"})
    assert faulty.status_code == 400
