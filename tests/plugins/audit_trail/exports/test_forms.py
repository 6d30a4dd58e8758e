"""The forms for people and programs are what their standards say."""

import csv
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.auditevent import AuditEvent as FifthRelease
from fhir.resources.R4B.auditevent import AuditEvent as FourthRelease

from cms.errors import CapabilityMissing
from cms.kernel.actors import SYSTEM
from plugins.audit_trail.exports.asked import Asked, Form
from plugins.audit_trail.exports.forms.ocsf import OCSF_VERSION, class_of
from plugins.audit_trail.exports.forms.verbs import Act, act_of
from plugins.audit_trail.exports.making import Order, make_export
from plugins.audit_trail.officers.purposes import state
from plugins.audit_trail.verification.offline.export import verify_export
from plugins.audit_trail.verifier import verify
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.exports.conftest import Exporter
from tests.plugins.audit_trail.exports.test_offline import restated, verdicts
from tests.support.clinic import Clinic


@pytest.fixture
def house(clinic: Clinic, house_of: Any) -> House:
    return house_of(clinic)


async def lived(clinic: Clinic, house: House) -> None:
    """A day with all kinds of events."""
    ana = await clinic.person("dr.ana")
    officer = await clinic.person("vera", ["compliance_officer"])
    post = await clinic.draft(ana, title="=Dor", content="<p>Ação</p>")
    await ana.post(f"/wp-json/wp/v2/posts/{post['id']}", {"title": "Dor de cabeça"})
    await ana.get("/api/v1/audit/events")
    await officer.get("/api/v1/audit/events", params={"actor_id": ana.id})
    await clinic.http.post(
        "/api/v1/auth/token", json={"login": "dr.ana", "password": "not that one"}
    )
    async with house.sequencer() as sequencer:
        await sequencer.step()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


async def test_every_line_is_a_valid_audit_event(clinic: Clinic, house: House, export: Exporter):
    await lived(clinic, house)
    folder = await export(Form.FHIR_R4, Form.FHIR_R5, patience=0)
    events = lines(folder / "events.jsonl")
    first, fifth = lines(folder / "fhir-r4.ndjson"), lines(folder / "fhir-r5.ndjson")
    assert len(events) == len(first) == len(fifth) > 10
    for event, r4, r5 in zip(events, first, fifth, strict=True):
        for resource in (FourthRelease.model_validate(r4), FifthRelease.model_validate(r5)):
            assert resource.id == event["event_id"]
            # FHIR instants have no more than what the library keeps.
            assert abs(resource.recorded.timestamp() * 1e6 - micros(event["occurred_at"])) < 2
            assert resource.action == act_of(event["action"]).value
        assert r4["subtype"][1]["code"] == event["action"]
        assert r4["outcome"] == {"success": "0", "refused": "4", "failed": "8"}[event["outcome"]]
        details = {d["type"]: d["valueString"] for d in r4["entity"][0]["detail"]}
        assert details["risk"] == event["risk_level"]
        if event["after"]:
            assert json.loads(details["after"]) == event["after"]


def micros(written: str) -> float:
    return datetime.fromisoformat(written).timestamp() * 1e6


# What OCSF 1.3.0 requires of each class, and one of which it requires.
REQUIRED = {
    3002: ({"user"}, {"service", "dst_endpoint"}),
    3004: ({"entity"}, {"entity"}),
    6003: ({"actor", "api", "src_endpoint"}, {"api"}),
    6005: ({"actor", "src_endpoint"}, {"database", "databucket", "table"}),
}
BASE = {"activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid"}
ACTIVITIES = {3002: range(8), 3004: range(12), 6003: range(5), 6005: range(11)}


async def test_every_line_is_an_event_of_the_open_cybersecurity_schema(
    clinic: Clinic, house: House, export: Exporter
):
    await lived(clinic, house)
    folder = await export(Form.OCSF, patience=0)
    told = lines(folder / "ocsf.jsonl")
    assert {one["class_uid"] for one in told} >= {3002, 3004, 6003, 6005}
    for event, one in zip(lines(folder / "events.jsonl"), told, strict=True):
        required, any_of = REQUIRED[one["class_uid"]]
        assert one.keys() >= BASE | required
        assert one.keys() & any_of
        assert one["type_uid"] == one["class_uid"] * 100 + one["activity_id"]
        assert one["activity_id"] in {*ACTIVITIES[one["class_uid"]], 99}
        assert one["metadata"]["version"] == OCSF_VERSION
        assert one["metadata"]["uid"] == event["event_id"]
        assert one["status_id"] == (1 if event["outcome"] == "success" else 2)


def test_tags_have_their_class_and_act():
    assert class_of("identity:session:sign_in") == 3002
    assert class_of("identity:user:create") == 3004
    assert class_of("content:post:transition") == 6005
    assert class_of("audit:trail:read") == 6003
    assert act_of("content:post:erase") is Act.DELETE
    assert act_of("host:action:refuse") is Act.EXECUTE


async def test_personal_values_are_opened_on_request_and_bound_to_their_events(
    clinic: Clinic, house: House, export: Exporter
):
    await lived(clinic, house)
    plain = await export(Form.CSV, name="plain", patience=0)
    assert not (plain / "personal.jsonl").exists()
    assert "127.0.0.1" not in "".join(p.read_text() for p in plain.glob("e*.*"))
    folder = await export(Form.CSV, Form.FHIR_R4, is_opened=True)
    manifest = json.loads((folder / "manifest.json").read_text())
    sealed = lines(folder / "personal.jsonl")
    assert manifest["personal"] == {"opened": len(sealed), "erased": 0, "unreadable": 0}
    addressed = next(one for one in sealed if one["plaintext"]["ip"])
    assert addressed["plaintext"]["ip"] == "127.0.0.1"
    with (folder / "events.csv").open(newline="") as file:
        rows = {row["event_id"]: row for row in csv.DictReader(file)}
    assert rows[addressed["event_id"]]["actor_ip"] == "127.0.0.1"
    report = verify_export(folder)
    assert (report.verdict, report.sealed) == ("green", len(sealed)), report.fault
    check = verify.Check(str(folder))
    assert check.run() == 0
    assert any("only who has the key can" in sentence for sentence in check.told)
    # Another's address beside the event is found, whoever made new sums.
    sealed[0]["salt"], sealed[1]["salt"] = sealed[1]["salt"], sealed[0]["salt"]
    (folder / "personal.jsonl").write_text("".join(json.dumps(one) + "\n" for one in sealed))
    for part in ("events.jsonl", "proof.txt", "heads/0.note"):
        (folder / "receipt" / part).unlink()
    (folder / "receipt" / "heads").rmdir()
    (folder / "receipt").rmdir()
    restated(folder)
    assert verdicts(folder) == ("red", 1)


async def test_opening_needs_a_right_of_its_own_and_erased_values_are_told(
    clinic: Clinic, house: House, export: Exporter
):
    await lived(clinic, house)
    officer = await clinic.person("root", ["administrator"])
    with pytest.raises(CapabilityMissing, match="open_audit_personal"):
        await make_export(officer.work, Order(Asked(), is_opened=True), export.folder / "no")
    async with house.work(SYSTEM) as work:
        await state(work, "compliance")
        await work.execute("select audit.erase_personal(array(select distinct key_id "
                           "from audit.sealed_personal))")  # fmt: skip
    folder = await export(is_opened=True, patience=0)
    told = lines(folder / "personal.jsonl")
    assert all(one["erased"] and one["erased_at"] for one in told)
    report = verify_export(folder)
    assert (report.verdict, report.sealed, report.erased) == ("green", 0, len(told))
