"""An officer asks for an export over HTTP, sees how far it is, fetches it and checks it."""

import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cms.jobs.worker import run_job
from plugins.audit_trail.exports.jobs import JOBS
from plugins.audit_trail.verification.offline.export import verify_export
from plugins.audit_trail.verifier import verify
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.exports.conftest import running
from tests.support.clinic import Clinic, Person

EXPORTS = "/api/v1/audit/exports"
EXPORT, EXPIRE = JOBS


@pytest.fixture
def house(clinic: Clinic, house_of: Any) -> House:
    return house_of(clinic)


async def work_off(house: House) -> None:
    """What the worker does with the queued export."""
    ((args,),) = house.ask(
        "select args from jobs.procrastinate_jobs where task_name = 'cms:audit.export' "
        "order by id desc limit 1"
    )
    async with running(house):
        await run_job(house.host, EXPORT, **args)


async def asked(officer: Person, **wish: Any) -> dict[str, Any]:
    answer = await officer.post(EXPORTS, wish)
    assert answer.status_code == 202, answer.text
    told: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"{EXPORTS}/{told['id']}"
    return told


async def test_from_the_question_to_the_checked_file(clinic: Clinic, house: House, tmp_path: Path):
    officer = await clinic.person("vera", ["compliance_officer"])
    ana = await clinic.person("dr.ana")
    post = await clinic.draft(ana, title="Dor")
    told = await asked(officer, asked={"actor_id": ana.id}, forms=["csv", "fhir-r4"])
    assert (told["state"], told["asked"]) == ("waiting", {"actor_id": ana.id})
    place = f"{EXPORTS}/{told['id']}"
    assert (await officer.get(f"{place}/file")).status_code == 409
    async with house.sequencer() as sequencer:
        await sequencer.step()
    await work_off(house)
    told = (await officer.get(place)).json()
    assert (told["state"], told["done"], told["fault"]) == ("done", 2, None), told
    assert told["made"]["receipt"] is not None
    answer = await officer.get(f"{place}/file")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    file = tmp_path / "audit.zip"
    file.write_bytes(answer.content)
    with zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / told["id"]
    assert verify_export(folder).verdict == "green"
    assert verify.Check(str(folder)).run() == 0
    assert str(post["id"]) in (folder / "events.csv").read_text()
    # The person who asked is the one who acts in the trail, and each step is in it.
    told_of = house.ask(
        "select action, risk_level, actor_id, outcome from audit.events "
        "where resource_type = 'audit_export' order by occurred_at"
    )
    assert told_of == [
        ("audit:trail:ask_export", "medium", officer.id, "success"),
        ("audit:trail:export", "high", officer.id, "success"),
        ("audit:trail:fetch_export", "high", officer.id, "success"),
    ]


async def test_only_who_asked_fetches_and_only_officers_ask(clinic: Clinic, house: House):
    officer = await clinic.person("vera", ["compliance_officer"])
    other = await clinic.person("olga", ["compliance_officer"])
    ana = await clinic.person("dr.ana")
    told = await asked(officer)
    place = f"{EXPORTS}/{told['id']}"
    assert [one["id"] for one in (await officer.get(EXPORTS)).json()] == [told["id"]]
    assert (await other.get(EXPORTS)).json() == []
    for path in (place, f"{place}/file"):
        assert (await other.get(path)).status_code == 404
        assert (await ana.get(path)).status_code == 403
        assert (await clinic.http.get(path)).status_code == 401
    assert (await ana.post(EXPORTS, {})).status_code == 403
    assert (await clinic.http.post(EXPORTS, json={})).status_code == 401
    async with clinic.other() as elsewhere:
        theirs = await elsewhere.person("rosa", ["compliance_officer"])
        assert (await theirs.get(place)).status_code == 404


async def test_faults_are_named(clinic: Clinic, house: House):
    officer = await clinic.person("vera", ["compliance_officer"])
    for wish in ({"asked": {"first": -1}}, {"asked": {"since": "2026-01-01T00:00:00"}},
                 {"forms": ["xml"]}, {"asked": {"colour": "red"}}):  # fmt: skip
        answer = await officer.post(EXPORTS, wish)
        assert answer.status_code == 400, (wish, answer.text)
    for _ in range(5):
        await asked(officer)
    assert (await officer.post(EXPORTS, {})).status_code == 409


async def test_what_fails_says_why_and_what_expires_is_gone(clinic: Clinic, house: House):
    officer = await clinic.person("vera", ["compliance_officer"])
    told = await asked(officer)
    async with house.sequencer() as sequencer:
        await sequencer.step()
    house.tamper("update audit.events set risk_level = 'low' where event_id = "
                 "(select event_id from audit.leaves where seq = 1)")  # fmt: skip
    house.tamper("update audit.events set channel = 'forged' where event_id = "
                 "(select event_id from audit.leaves where seq = 1)")  # fmt: skip
    await work_off(house)
    told = (await officer.get(f"{EXPORTS}/{told['id']}")).json()
    assert (told["state"], "cms audit verify" in told["fault"]) == ("failed", True)
    assert (await officer.get(f"{EXPORTS}/{told['id']}/file")).status_code == 404

    told = await asked(officer, asked={"first": 2, "last": 3})
    await work_off(house)
    place = f"{EXPORTS}/{told['id']}"
    assert (await officer.get(f"{place}/file")).status_code == 200
    folder = house.host.settings.data / "audit" / "exports" / str(house.tenant.id)
    assert [path.suffix for path in folder.iterdir()] == [".zip"]
    async with clinic.as_system() as work:
        await work.execute(
            "update audit.exports set expires_at = :at "
            "where tenant_id = :tenant and state = 'done'",
            {"at": work.now - timedelta(seconds=1), "tenant": work.tenant_id},
        )
    await run_job(house.host, EXPIRE, tenant_id=house.tenant.id)
    assert (await officer.get(place)).json()["state"] == "expired"
    assert (await officer.get(f"{place}/file")).status_code == 404
    assert list(folder.iterdir()) == []
