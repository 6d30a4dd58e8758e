"""Alerts and their rules, as officers handle them."""

from psycopg import AsyncConnection

from cms.identity.events import SignInFailed
from cms.kernel.events import Outcome
from plugins.audit_trail.alerts.rules import DEFAULTS
from plugins.audit_trail.alerts.service import Rounds

RULES, ALERTS = "/api/v1/audit/alert-rules", "/api/v1/audit/alerts"


async def _alert(clinic, house):
    async with await AsyncConnection.connect(house.host.worker_url, autocommit=True) as connection:
        rounds = Rounds(house.host, connection)
        await rounds.go()
        for _ in range(5):
            async with clinic.as_system() as work:
                await work.emit(SignInFailed(user_id=7, outcome=Outcome.REFUSED))
        async with house.sequencer() as sequencer:
            await sequencer.sequence()
        await rounds.go()


async def test_an_alert_is_seen_and_acknowledged_once_by_somebody(clinic, house_of):
    await _alert(clinic, house_of(clinic))
    vera = await clinic.person("vera", ["compliance_officer"])
    (alert,) = (await vera.get(ALERTS, params={"status": "open"})).json()["alerts"]
    assert (alert["resource_id"], len(alert["events"])) == (7, 5)
    one = f"{ALERTS}/{alert['id']}"
    shown = await vera.get(f"/api/v1/audit/events/{alert['events'][0]}")
    assert shown.json()["action"] == "identity:session:refuse"
    done = await vera.post(f"{one}/acknowledge", {"note": "Falei com a pessoa."})
    assert (done.json()["state"], done.json()["acknowledged_by"]) == ("acknowledged", vera.id)
    assert (await vera.post(f"{one}/acknowledge", {})).status_code == 409
    assert (await vera.get(ALERTS, params={"status": "open"})).json()["alerts"] == []
    auditor = await clinic.person("otto", ["external_auditor"])
    assert (await auditor.get(one)).status_code == 200
    assert (await auditor.post(f"{one}/acknowledge", {})).status_code == 403
    async with clinic.other() as other:
        olga = await other.person("olga", ["compliance_officer"])
        assert (await olga.get(one)).status_code == 404
        assert (await olga.get(ALERTS)).json()["alerts"] == []
    told = await vera.get("/api/v1/audit/events", params={"action": "audit:alert:*"})
    assert [event["action"] for event in told.json()["events"]] == [
        "audit:alert:raise", "audit:alert:acknowledge",
    ]  # fmt: skip


async def test_a_site_begins_with_rules_and_changes_them(clinic):
    vera = await clinic.person("vera", ["compliance_officer"])
    listed = (await vera.get(RULES)).json()["rules"]
    assert [rule["terms"]["name"] for rule in listed] == [terms.name for terms in DEFAULTS]
    search = {"name": "Recusas", "filter": {"outcome": "refused"}, "is_shared": True}
    saved = (await vera.post("/api/v1/audit/searches", search)).json()["id"]
    made = await vera.post(RULES, {"name": "Recusas", "search_id": saved, "threshold": 3})
    assert made.status_code == 201, made.text
    own = f"{RULES}/{made.json()['id']}"
    changed = await clinic.http.patch(
        own, json={"threshold": 2, "is_active": False}, headers=vera.bearer
    )
    assert changed.json()["terms"]["threshold"] == 2
    assert (await vera.delete(f"/api/v1/audit/searches/{saved}")).status_code == 409
    assert (await vera.delete(own)).status_code == 204
    assert (await vera.get(own)).status_code == 404
    told = await vera.get("/api/v1/audit/events", params={"action": "audit:alert_rule:*"})
    assert told.json()["events"][-2]["after_state"] == {"threshold": 2, "is_active": False}


async def test_every_fault_of_a_rule_is_named(clinic):
    vera = await clinic.person("vera", ["compliance_officer"])
    wrong = {
        "name": "", "kind": "often", "key": "house", "threshold": 0, "window_seconds": 0,
        "cooldown_seconds": -1, "emails": ["nobody"], "roles": ["king"], "search_id": 99,
        "filter": {"ip": "192.0.2.1", "limit": 3}, "hours": {"since": "7"},
    }  # fmt: skip
    faults = (await vera.post(RULES, wrong)).json()["faults"]
    assert set(faults) >= set(wrong) - {"filter"} | {"filter.limit"}
    guard = await clinic.person("otto", ["external_auditor"])
    assert (await guard.post(RULES, {"name": "x"})).status_code == 403
