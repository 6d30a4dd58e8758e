"""An officer asks who did what to which content, and is in the answer to the next question."""

import base64
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from cms.kernel.events import Refused
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.heads.evidence import Evidence, trusted_keys
from tests.plugins.audit_trail.conftest import House
from tests.support.clinic import Clinic, Person

EVENTS = "/api/v1/audit/events"


@pytest.fixture
def house(clinic: Clinic, house_of: Callable[[Clinic], House]) -> House:
    return house_of(clinic)


async def asked(person: Person, **filters: Any) -> list[dict[str, Any]]:
    answer = await person.get(EVENTS, params=filters)
    assert answer.status_code == 200, answer.text
    return answer.json()["events"]


async def test_what_happened_to_a_post_in_order_with_before_and_after(clinic, house):
    ana, officer = (
        await clinic.person("dr.ana"),
        await clinic.person("vera", ["compliance_officer"]),
    )
    post = await clinic.draft(ana, title="Dor")
    changed = await ana.post(f"/wp-json/wp/v2/posts/{post['id']}", {"title": "Dor de cabeça"})
    assert changed.status_code == 200, changed.text
    async with house.sequencer() as sequencer:
        await sequencer.step()
    events = await asked(officer, resource_type="post", resource_id=post["id"])
    assert [event["action"] for event in events] == [
        "content:post:create",
        "content:revision:save",
        "content:revision:save",
    ]
    last = events[-1]
    assert (last["before_state"]["title"], last["after_state"]["title"]) == ("Dor", "Dor de cabeça")
    assert (last["actor_id"], last["actor_name"]) == (ana.id, "Dr.Ana".replace(".", " "))
    assert (last["event_type"], last["channel"], last["risk_level"]) == (
        "revision_saved", "rest", "low",
    )  # fmt: skip
    assert [event["seq"] for event in events] == sorted(event["seq"] for event in events)
    assert events[1]["previous_record_hash"] == events[0]["record_hash"]
    assert house.verify().is_green


async def test_a_save_with_any_content_is_recorded_and_holds_no_article_twice(clinic, house):
    ana, officer = (
        await clinic.person("dr.ana"),
        await clinic.person("vera", ["compliance_officer"]),
    )
    text = "<p>" + "Texto com acento é longo. " * 400 + "</p>"
    post = await clinic.draft(ana, content=text)
    events = await asked(officer, resource_type="post", resource_id=post["id"])
    assert set(events[-1]["after_state"]["content"]) == {"sha256", "length"}
    assert events[-1]["seq"] is None
    assert events[-1]["record_hash"] is None


async def test_filters_narrow_and_pages_follow_each_other(clinic, house):
    ana, officer = (
        await clinic.person("dr.ana"),
        await clinic.person("vera", ["compliance_officer"]),
    )
    for n in range(5):
        await clinic.draft(ana, title=f"Post {n}")
    everything = await asked(officer, actor_id=ana.id)
    assert len(everything) == 10
    assert await asked(officer, actor_id=ana.id, action="content:post:create") == everything[::2]
    assert await asked(officer, actor_id=ana.id, order="desc") == everything[::-1]
    middle = everything[4]["timestamp"]
    assert await asked(officer, actor_id=ana.id, before=middle) == everything[:4]
    assert await asked(officer, actor_id=ana.id, after=middle) == everything[4:]
    assert {e["risk_level"] for e in await asked(officer, risk_level="medium")} == {"medium"}
    seen, cursor = [], None
    while True:
        answer = await officer.get(
            EVENTS, params={"actor_id": ana.id, "limit": 3} | ({"cursor": cursor} if cursor else {})
        )
        seen += answer.json()["events"]
        cursor = answer.json()["next"]
        if cursor is None:
            break
    assert seen == everything


async def test_reading_is_an_event_that_tells_the_filter_only(clinic, house):
    ana, officer = (
        await clinic.person("dr.ana"),
        await clinic.person("vera", ["compliance_officer"]),
    )
    await clinic.draft(ana)
    await asked(officer, resource_type="post", risk_level="low")
    (reading,) = await asked(officer, action="audit:trail:read")
    assert reading["actor_id"] == officer.id
    said = {name: value for name, value in reading["event_data"].items() if value is not None}
    assert said == {
        "what": "events",
        "purpose_of_use": "compliance",
        "resource_type": "post",
        "risk_level": "low",
    }


async def test_only_officers_read_and_a_refusal_is_recorded(clinic, house):
    ana, officer = (
        await clinic.person("dr.ana"),
        await clinic.person("vera", ["compliance_officer"]),
    )
    assert (await clinic.http.get(EVENTS)).status_code == 401
    refused = await ana.get(EVENTS)
    assert refused.status_code == 403, refused.text
    assert refused.json()["type"] == "urn:cms:problem:capability-missing"
    (event,) = await asked(officer, actor_id=ana.id)
    assert (event["action"], event["outcome"]) == ("host:action:refuse", "refused")


async def test_tenants_never_meet_in_the_trail(clinic, house):
    officer = await clinic.person("vera", ["compliance_officer"])
    async with clinic.other() as other:
        joana = await other.person("dr.joana")
        await other.draft(joana, title="De outra casa")
        theirs = await other.person("olga", ["compliance_officer"])
        (event, *_) = await asked(theirs, resource_type="post")
    assert await asked(officer, resource_type="post") == []
    assert (await officer.get(f"{EVENTS}/{event['event_id']}")).status_code == 404


async def test_one_event_by_its_id(clinic, house):
    officer = await clinic.person("vera", ["compliance_officer"])
    (event, *_) = await asked(officer)
    answer = await officer.get(f"{EVENTS}/{event['event_id']}")
    assert answer.json() == event
    assert (await officer.get(f"{EVENTS}/not-an-id")).status_code == 404


async def test_wrong_filters_are_named(clinic, house):
    officer = await clinic.person("vera", ["compliance_officer"])
    forged = base64.urlsafe_b64encode(b"yesterday").decode()
    for filters in ({"cursor": forged}, {"cursor": "é"}, {"limit": 0}, {"risk_level": "some"},
                    {"after": "noon"}, {"resource_id": "seven"},
                    {"resource_id": 2**63}, {"limit": 501}):  # fmt: skip
        answer = await officer.get(EVENTS, params=filters)
        assert answer.status_code == 400, (filters, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_the_newest_head_is_a_note_that_verifies(clinic, house):
    officer = await clinic.person("vera", ["compliance_officer"])
    assert (await officer.get("/api/v1/audit/head")).status_code == 404
    async with house.sequencer() as sequencer:
        await sequencer.step()
    answer = await officer.get("/api/v1/audit/head")
    assert answer.headers["content-type"].startswith("text/plain")
    head = Checkpoint.parse(answer.content)
    assert len(head.signers(trusted_keys(Evidence(house.folder).epoch()))) == 2
    assert head.size > 0


async def test_the_barrier_lets_an_officers_question_reach_its_index(house):
    async with house.work() as work:
        for n in range(500):
            await work.emit(Refused(action="x", resource_type=f"kind{n}", resource_id=n))
    with psycopg.connect(house.owner_url) as connection:
        connection.execute("analyze audit.events")
        connection.execute("select set_config('app.tenant_id', %s, true)", [str(house.tenant.id)])
        connection.execute("select set_config('app.audit_purpose', 'compliance', true)")
        plan = connection.execute(
            "explain select * from audit.trail where tenant_id = %s and resource_type = 'kind7' "
            "and resource_id = 7",
            [house.tenant.id],
        ).fetchall()
    assert "resource_id = 7" in str([line for line in plan if "Index Cond" in str(line)])
