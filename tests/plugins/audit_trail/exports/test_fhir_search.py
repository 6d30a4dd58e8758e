"""A FHIR client asks for audit events, page by page, and is in the trail itself."""

from typing import Any

import pytest
from fhir.resources.bundle import Bundle as FifthBundle
from fhir.resources.R4B.bundle import Bundle as FourthBundle

from tests.plugins.audit_trail.conftest import House
from tests.support.clinic import Clinic, Person

FHIR = "/api/v1/audit/fhir/AuditEvent"


@pytest.fixture
def house(clinic: Clinic, house_of: Any) -> House:
    return house_of(clinic)


async def found(officer: Person, *conditions: tuple[str, str]) -> dict[str, Any]:
    answer = await officer.get(FHIR, params=list(conditions))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/fhir+json")
    bundle: dict[str, Any] = answer.json()
    FourthBundle.model_validate(bundle)
    return bundle


async def test_conditions_pages_and_the_trail(clinic: Clinic, house: House):
    officer = await clinic.person("vera", ["compliance_officer"])
    ana = await clinic.person("dr.ana")
    posts = [await clinic.draft(ana, title=f"Post {n}") for n in range(3)]
    async with house.sequencer() as sequencer:
        await sequencer.step()
    of_ana = ("agent", str(ana.id))
    everything = (await found(officer, of_ana))["entry"]
    assert len(everything) == 6
    paged, links = [], {"next": f"{FHIR}?agent={ana.id}&_count=4"}
    while "next" in links:
        answer = await officer.get(links["next"])
        bundle = answer.json()
        paged += bundle["entry"]
        links = {link["relation"]: link["url"] for link in bundle["link"]}
    assert paged == everything
    one = await found(officer, of_ana, ("entity", f"post|{posts[0]['id']}"))
    assert len(one["entry"]) == 2
    assert len((await found(officer, of_ana, ("action", "C")))["entry"]) == 3
    assert len((await found(officer, of_ana, ("subtype", "content:post:create")))["entry"]) == 3
    assert len((await found(officer, of_ana, ("outcome", "0")))["entry"]) == 6
    assert "entry" not in await found(officer, of_ana, ("outcome", "8"))
    last = everything[0]["resource"]["recorded"]
    assert len((await found(officer, of_ana, ("date", last)))["entry"]) >= 1
    day = last[:10]
    both = (("date", f"ge{day}"), ("date", f"le{day}"))
    assert len((await found(officer, of_ana, *both))["entry"]) == 6
    assert "entry" not in await found(officer, of_ana, ("date", "lt2020-01-01"))
    asked = house.ask(
        "select event_data -> 'asked' from audit.events where action = 'audit:trail:search' "
        "order by occurred_at limit 1"
    )
    assert asked == [({"agent": str(ana.id), "count": 50},)]
    fifth = await clinic.http.get(
        FHIR, headers={**officer.bearer, "Accept": "application/fhir+json; fhirVersion=5.0"}
    )
    FifthBundle.model_validate(fifth.json())
    assert fifth.headers["content-type"].endswith("fhirVersion=5.0")


async def test_who_may_not_and_what_is_no_condition(clinic: Clinic, house: House):
    officer = await clinic.person("vera", ["compliance_officer"])
    ana = await clinic.person("dr.ana")
    assert (await clinic.http.get(FHIR)).status_code == 401
    assert (await ana.get(FHIR)).status_code == 403
    for name, value in (("_count", "0"), ("_count", "x"), ("date", "noon"), ("agent", "ana"),
                        ("entity", "post|x"), ("action", "X"), ("outcome", "9"), ("colour", "red"),
                        ("_cursor", "1"), ("cursor", "0-1"), ("date", "ge2026-99-01")):  # fmt: skip
        answer = await officer.get(FHIR, params={name: value})
        assert answer.status_code == 400, (name, value, answer.text)
        assert name in answer.text
