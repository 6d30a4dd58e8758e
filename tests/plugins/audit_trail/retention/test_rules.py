"""Events are kept longer by policy, and shorter only for personal data and by an order."""

import pytest

from tests.support.clinic import Clinic, Person

pytestmark = pytest.mark.asyncio


@pytest.fixture
async def officer(clinic: Clinic) -> Person:
    return await clinic.person("olga", ["compliance_officer"])


@pytest.fixture
async def protector(clinic: Clinic) -> Person:
    return await clinic.person("dora", ["data_protection_officer"])


async def test_seven_years_for_every_class_until_a_site_says_longer(officer: Person) -> None:
    first = (await officer.get("/api/v1/audit/retention")).json()
    assert {rule["class_name"]: rule["months"] for rule in first} == {
        "proof": 1200,
        "access": 84,
        "signature": 84,
        "general": 84,
    }
    said = {"months": 240, "reason": "Lei 13.787/2018: twenty years for charts"}
    answer = await officer.clinic.http.put(
        "/api/v1/audit/retention/signature", json=said, headers=officer.bearer
    )
    assert answer.status_code == 200, answer.text
    assert {rule["class_name"]: rule["months"] for rule in answer.json()}["signature"] == 240


async def put(by: Person, class_name: str, **said: object) -> tuple[int, dict]:
    answer = await by.clinic.http.put(
        f"/api/v1/audit/retention/{class_name}", json=said, headers=by.bearer
    )
    return answer.status_code, answer.json()


ORDER = {"reference": "DPO 12/2026", "ground": "LGPD, art. 16"}


async def test_shorter_only_for_personal_data_by_an_order_of_the_protector(
    officer: Person, protector: Person
) -> None:
    status, said = await put(officer, "access", months=12, reason="Less is enough")
    assert (status, said["type"].rpartition(":")[2]) == (409, "retention-order-needed")
    status, said = await put(officer, "access", months=12, reason="Less", order=ORDER)
    assert status == 403
    assert "order_audit_data_protection" in said["detail"]
    status, said = await put(protector, "general", months=12, reason="Less", order=ORDER)
    assert (status, said["type"].rpartition(":")[2]) == (409, "retention-only-longer")
    status, said = await put(protector, "access", months=12, reason="Less", order=ORDER)
    assert status == 200
    rule = next(one for one in said if one["class_name"] == "access")
    assert (rule["months"], rule["order_reference"]) == (12, "DPO 12/2026")


async def test_every_fault_of_a_rule_is_named_at_once(protector: Person) -> None:
    status, said = await put(
        protector, "acess", months=3, reason=" ", order={"reference": "", "ground": "x"}
    )
    assert status == 400
    assert set(said["faults"]) == {"class_name", "months", "reason", "order.reference"}


async def test_an_author_sees_and_sets_nothing(clinic: Clinic) -> None:
    author = await clinic.person("ana")
    assert (await author.get("/api/v1/audit/retention")).status_code == 403
    assert (await put(author, "general", months=99, reason="Longer"))[0] == 403
    assert (await author.get("/api/v1/audit/holds")).status_code == 403
    assert (await author.get("/api/v1/audit/prunings")).status_code == 403


async def test_a_hold_is_placed_and_released_with_reasons(officer: Person) -> None:
    placed = await officer.post(
        "/api/v1/audit/holds",
        {"reason": "Processo 1", "resource_type": "post", "resource_id": 7},
    )
    assert placed.status_code == 201, placed.text
    wrong = await officer.post(
        "/api/v1/audit/holds", {"reason": "", "resource_id": 7, "since": "2026-01-01T00:00:00"}
    )
    assert set(wrong.json()["faults"]) == {"reason", "resource_type", "since"}
    address = f"/api/v1/audit/holds/{placed.json()['id']}/release"
    assert (await officer.post(address, {"reason": "Acordo"})).status_code == 200
    assert (await officer.post(address, {"reason": "Acordo"})).status_code == 404
    found = (await officer.get("/api/v1/audit/holds")).json()
    assert found[0]["release_reason"] == "Acordo"


async def test_a_site_sees_only_its_own(clinic: Clinic, officer: Person) -> None:
    await officer.post("/api/v1/audit/holds", {"reason": "Processo 1"})
    async with clinic.other() as other:
        stranger = await other.person("olga", ["compliance_officer"])
        assert (await stranger.get("/api/v1/audit/holds")).json() == []


async def test_what_is_decided_is_told_in_the_trail(officer: Person) -> None:
    await officer.post("/api/v1/audit/holds", {"reason": "Processo 1"})
    await put(officer, "general", months=120, reason="Longer")
    found = (await officer.get("/api/v1/audit/events?order=desc&limit=5")).json()["events"]
    told = {event["action"]: event for event in found}
    assert told["audit:retention:set"]["after_state"] == {"class": "general", "months": 120}
    assert told["audit:hold:place"]["risk_level"] == "high"
