"""Officers read the trail on screens: who did what, what proves it, who may see which part."""

import re
from typing import Any

import pytest
from psycopg import AsyncConnection

from cms.identity.events import SignInFailed
from cms.kernel.actors import RequestFacts
from cms.kernel.events import Outcome
from plugins.audit_trail.alerts.service import Rounds
from tests.admin.conftest import Visiting
from tests.support import trail
from tests.support.clinic import Clinic
from tests.support.owner import as_owner
from tests.support.visiting import Seen, Visitor

OFFICER = ("compliance_officer",)
PROTECTOR = ("data_protection_officer",)
ROOM = (
    "/admin/audit", "/admin/audit/figures", "/admin/audit/sign-ins", "/admin/audit/alerts",
    "/admin/audit/log", "/admin/audit/exports", "/admin/audit/retention",
)  # fmt: skip


async def told_of(visitor: Visitor, path: str = "/admin/audit") -> list[str]:
    """The links to events on a page."""
    seen = await visitor.get(path)
    assert seen.status == 200, seen.words
    return [link for link in seen.links if link.startswith("/admin/audit/events/")]


async def a_text(cms: Clinic) -> tuple[Any, int]:
    ana = await cms.person("ana")
    post = await cms.draft(ana)
    await trail.seal(cms)
    return ana, post["id"]


@pytest.mark.parametrize("path", ROOM)
async def test_the_room_is_for_officers_alone(visitor: Visiting, path: str) -> None:
    stranger, author = await visitor(), await visitor("ana")
    assert (await stranger.get(path)).location.startswith("/admin/sign-in?next=")
    refused = await author.get(path)
    assert refused.status == 403
    assert refused.title == "You may not do this"
    assert "capability" in refused.words
    assert "/admin/audit" not in (await author.get("/admin")).links


@pytest.mark.parametrize("language", ["en", "pt-BR"])
async def test_every_screen_opens_in_both_languages(visitor: Visiting, language: str) -> None:
    officer = await visitor("olivia", OFFICER + PROTECTOR, language)
    for path in (*ROOM, "/admin/audit/subjects", "/admin/audit/retention/general", "/admin"):
        seen = await officer.get(path)
        assert seen.status == 200, (path, seen.words)
    assert "/admin/audit" in seen.links


async def test_an_officer_finds_what_somebody_did_and_what_proves_it(
    cms: Clinic, visitor: Visiting
) -> None:
    _, post = await a_text(cms)
    officer = await visitor("olivia", OFFICER)
    listed = await officer.get(f"/admin/audit?resource_type=post&resource_id={post}")
    assert "Text created" in listed.words
    event = next(
        link for link in listed.links
        if "/admin/audit/events/" in link and "Text created" in _text_of(listed, link)
    )  # fmt: skip
    seen = await officer.get(event)
    assert "content:post:create" in seen.words
    assert f"/admin/posts/{post}" in seen.links
    assert re.search(r"Hash of the leaf [0-9a-f]{64}", seen.words)
    checked = await officer.get(f"{event}/check")
    assert "It holds." in checked.words
    proof = await officer.get(f"{event}/proof")
    assert proof.response.text.startswith("c2sp.org/tlog-proof@v1\n")
    assert "attachment" in proof.response.headers["content-disposition"]


def _text_of(seen: Seen, link: str) -> str:
    found = seen.tree.css_first(f'a[href="{link}"]')
    return str(found.text()) if found else ""


async def test_a_list_goes_on_after_its_last_row(cms: Clinic, visitor: Visiting) -> None:
    ana = await cms.person("ana")
    for n in range(30):
        await cms.draft(ana, title=f"Texto {n}")
    officer = await visitor("olivia", OFFICER)
    first = await officer.get(f"/admin/audit?actor_id={ana.id}")
    further = next(link for link in first.links if "cursor=" in link)
    second = await officer.get(further)
    ours, theirs = ({*_events(first)}, {*_events(second)})
    assert len(ours) == 50
    assert theirs
    assert not ours & theirs


def _events(seen: Seen) -> list[str]:
    return [link for link in seen.links if link.startswith("/admin/audit/events/")]


async def test_what_cannot_be_asked_is_named_and_stays_in_the_form(visitor: Visiting) -> None:
    officer = await visitor("olivia", OFFICER)
    seen = await officer.get("/admin/audit?from=gestern&actor_id=x")
    assert seen.status == 422
    assert "must be a day" in seen.words
    assert seen.tree.css_first("#from").attributes["value"] == "gestern"


async def test_a_day_is_one_of_the_sites_clock(cms: Clinic, visitor: Visiting) -> None:
    """At UTC-3 the first three hours of a UTC day belong to the day before."""
    officer = await visitor("olivia", OFFICER)
    asked = await officer.get("/admin/audit?from=2026-01-02&to=2026-01-02")
    assert asked.status == 200
    [read] = (await (await cms.person("olivia")).get(
        "/api/v1/audit/events?action=audit:trail:read&order=desc&limit=1"
    )).json()["events"]  # fmt: skip
    assert read["event_data"]["since"] == "2026-01-02T00:00:00-03:00"
    assert read["event_data"]["until"] == "2026-01-03T00:00:00-03:00"


async def test_everything_about_a_person_and_about_a_text(cms: Clinic, visitor: Visiting) -> None:
    ana, post = await a_text(cms)
    officer = await visitor("olivia", OFFICER)
    found = await officer.send("/admin/audit/person", {"person": "ana@clinica.example"})
    assert found.location == f"/admin/audit/people/{ana.id}"
    life = await officer.follow(found)
    assert "Text created" in life.words
    assert "Account made" in life.words
    only = await officer.get(f"/admin/audit/people/{ana.id}?only=done")
    assert "Text created" not in only.words
    story = await officer.get(f"/admin/audit/things/post/{post}")
    assert "Text created" in story.words
    assert f"/admin/audit/people/{ana.id}" in story.links
    nobody = await officer.send("/admin/audit/person", {"person": "ninguém mesmo"})
    assert "Nobody is called" in nobody.words


async def test_addresses_are_for_who_may_open_them_and_stand_in_no_address(
    cms: Clinic, visitor: Visiting
) -> None:
    ana = await cms.person("ana")
    host = cms.host
    async with host.shop.work(
        cms.tenant, request=_facts(ip="203.0.113.77", user_agent="Lynx (Invented)")
    ) as work:
        await work.emit(SignInFailed(user_id=ana.id, outcome=Outcome.REFUSED))
    officer = await visitor("olivia", OFFICER)
    listed = await officer.get("/admin/audit/sign-ins?kind=refused")
    assert "203.0.113.77" in listed.words
    [event] = [link for link in listed.links if "/admin/audit/events/" in link]
    assert "203.0.113.77" in (await officer.get(event)).words
    sent = await officer.send("/admin/audit/address", {"ip": "203.0.113.77"})
    assert "Sign-in refused" in sent.words
    assert "203.0.113.77" not in " ".join(sent.links)
    auditor = await visitor("erik", ("external_auditor",))
    hidden = await auditor.get(event)
    assert hidden.status == 200
    assert "203.0.113.77" not in hidden.words
    assert "203.0.113.77" not in (await auditor.get("/admin/audit/sign-ins")).words
    assert (await auditor.send("/admin/audit/address", {"ip": "203.0.113.77"})).status == 400


def _facts(**known: Any) -> RequestFacts:
    return RequestFacts("request-1", channel="admin", **known)


async def test_a_question_is_kept_and_forgotten(visitor: Visiting) -> None:
    officer = await visitor("olivia", OFFICER)
    saved = {"name": "Recusas", "outcome": "refused", "is_shared": "1"}
    after = await officer.follow(await officer.send("/admin/audit/searches", saved))
    assert "/admin/audit?outcome=refused" in after.links
    [remove] = [
        form.attributes["action"]
        for form in after.tree.css("form")
        if (form.attributes.get("action") or "").endswith("/remove")
    ]
    gone = await officer.follow(await officer.send(remove))
    assert "/admin/audit?outcome=refused" not in gone.links


async def test_figures_are_drawn_and_stand_in_a_table(cms: Clinic, visitor: Visiting) -> None:
    await a_text(cms)
    officer = await visitor("olivia", OFFICER)
    seen = await officer.get("/admin/audit/figures?days=7")
    charts = seen.tree.css("svg.audit-chart")
    assert len(charts) == 3
    for chart in charts:
        assert chart.attributes["role"] == "img"
        assert chart.css_first("title").text(strip=True)
    assert seen.tree.css(".audit-figure table tbody tr").__len__() == 21
    assert seen.tree.css_first("rect.audit-series-0") is not None


async def test_the_log_is_verified_while_one_looks(cms: Clinic, visitor: Visiting) -> None:
    await a_text(cms)
    officer = await visitor("olivia", OFFICER)
    asked = await officer.send("/admin/audit/verifications", {"first": "0", "until": ""})
    waiting = await officer.follow(asked)
    assert "waiting" in waiting.words
    progress = waiting.tree.css_first("#audit-verification")
    assert progress.attributes["hx-get"] == asked.location
    assert 'http-equiv="refresh"' in waiting.response.text  # for browsers without scripts
    await trail.verify(cms)
    officer.headers["HX-Request"] = "true"
    part = await officer.get(asked.location)
    assert part.response.text.lstrip().startswith("<div")
    assert "Unaltered" in part.response.text
    assert "hx-get" not in part.response.text
    del officer.headers["HX-Request"]
    log = await officer.get("/admin/audit/log")
    assert asked.location in log.links
    assert "Olivia" in log.words


async def test_a_verification_of_another_site_is_not_listed(cms: Clinic, visitor: Visiting) -> None:
    officer = await visitor("olivia", OFFICER)
    asked = await officer.send("/admin/audit/verifications", {"first": "0", "until": ""})
    listed = "select id from audit.verifications_of_late(10)"
    async with cms.as_system() as work:
        own = {str(row.id) for row in await work.audit.all(listed)}
    async with cms.other() as other, other.as_system() as work:
        others = {str(row.id) for row in await work.audit.all(listed)}
    asked_for = str(asked.location).rpartition("/")[2]
    assert asked_for in own
    assert asked_for not in others


async def test_what_cannot_be_verified_is_said(visitor: Visiting) -> None:
    officer = await visitor("olivia", OFFICER)
    refused = await officer.send("/admin/audit/verifications", {"first": "9", "until": "3"})
    assert refused.status == 422
    assert refused.fields("/admin/audit/verifications")["first"] == "9"
    assert (await officer.send("/admin/audit/verifications", {"first": "x"})).status == 422


async def test_evidence_is_ordered_made_and_fetched(cms: Clinic, visitor: Visiting) -> None:
    _, post = await a_text(cms)
    officer = await visitor("olivia", OFFICER)
    wrong = await officer.send("/admin/audit/exports", {"resource_id": str(post)})
    assert wrong.status == 422
    assert wrong.fields("/admin/audit/exports")["resource_id"] == str(post)
    form = {"resource_type": "post", "resource_id": str(post), "forms": "csv"}
    ordered = await officer.send("/admin/audit/exports", form)
    waiting = await officer.follow(ordered)
    assert "waiting" in waiting.words
    await trail.export(cms, ordered.location.rsplit("/", 1)[1])
    done = await officer.get(ordered.location)
    assert "CSV, for spreadsheets" in done.words
    archive = await officer.get(f"{ordered.location}/file")
    assert archive.response.content.startswith(b"PK")
    stranger = await visitor("outra", OFFICER)
    assert (await stranger.get(ordered.location)).status == 404


async def test_an_alert_is_taken_note_of(cms: Clinic, visitor: Visiting) -> None:
    ana = await cms.person("ana")
    async with await AsyncConnection.connect(
        cms.host.addresses.worker, autocommit=True
    ) as connection:
        rounds = Rounds(cms.host, connection)
        await rounds.go()
        for _ in range(5):
            async with cms.as_system() as work:
                await work.emit(SignInFailed(user_id=ana.id, outcome=Outcome.REFUSED))
        await trail.seal(cms)
        await rounds.go()
    officer = await visitor("olivia", OFFICER)
    home = await officer.get("/admin")
    [alert] = [link for link in home.links if re.fullmatch(r"/admin/audit/alerts/\d+", link)]
    seen = await officer.get(alert)
    assert len(_events(seen)) == 5
    done = await officer.send(f"{alert}/acknowledge", {"note": "Era a própria Ana."})
    assert alert not in (await officer.follow(done)).links
    assert "Era a própria Ana." in (await officer.get(alert)).words


async def test_a_rule_rests_and_watches_again(visitor: Visiting) -> None:
    officer = await visitor("olivia", OFFICER)
    listed = await officer.get("/admin/audit/alerts")
    switch = next(
        form.attributes["action"] for form in listed.tree.css("form")
        if "alert-rules" in (form.attributes.get("action") or "")
    )  # fmt: skip
    rests = await officer.follow(await officer.send(switch, {"is_active": "no"}))
    assert "The rule rests." in rests.words
    watches = await officer.follow(await officer.send(switch, {"is_active": "yes"}))
    assert "The rule watches." in watches.words


async def test_events_are_kept_longer_and_held(visitor: Visiting) -> None:
    officer = await visitor("olivia", OFFICER)
    rule = "/admin/audit/retention/general"
    assert (await officer.send(rule, {"months": "2", "reason": ""})).status == 422
    shorter = await officer.send(rule, {"months": "12", "reason": "Menos"})
    assert shorter.status == 409
    kept = await officer.send(rule, {"months": "120", "reason": "Pedido do conselho"})
    assert "Pedido do conselho" in (await officer.follow(kept)).words
    assert (await officer.send("/admin/audit/holds", {"reason": ""})).status == 422
    held = await officer.follow(
        await officer.send("/admin/audit/holds", {"reason": "Processo", "resource_type": "post"})
    )
    assert "Processo" in held.words
    [release] = [
        form.attributes["action"] for form in held.tree.css("form")
        if (form.attributes.get("action") or "").endswith("/release")
    ]  # fmt: skip
    freed = await officer.follow(await officer.send(release, {"reason": "Acordo"}))
    assert "Acordo" in freed.words


async def test_a_person_gets_her_report_and_is_erased_on_an_order(
    cms: Clinic, visitor: Visiting
) -> None:
    ana, _ = await a_text(cms)
    assert (await (await visitor("olivia", OFFICER)).get("/admin/audit/subjects")).status == 200
    protector = await visitor("dora", PROTECTOR)
    report = await protector.send("/admin/audit/subjects/report", {"subject": str(ana.id)})
    assert "Text created" in report.words
    order = {
        "subject": str(ana.id),
        "authority": "Encarregado de dados",
        "reference": "0001-22.2026",
        "ordered_on": "2026-01-02",
        "ground": "art-15-iii",
    }
    refused = await protector.send("/admin/audit/subjects/erase", {**order, "ground": "nenhum"})
    assert refused.status == 422
    asked = await protector.send("/admin/audit/subjects/erase", order)
    assert asked.title == "Erase for ever?"
    sure = asked.fields("/admin/audit/subjects/erase")
    done = await protector.follow(await protector.send("/admin/audit/subjects/erase", sure))
    assert "Every event and every proof stays." in done.words


async def test_erasing_asks_for_the_password_again(cms: Clinic, visitor: Visiting) -> None:
    protector = await visitor("dora", PROTECTOR)
    await _sign_in_was_long_ago(cms)
    asked = await protector.send("/admin/audit/subjects/erase", {"subject": "1"})
    assert asked.status == 401
    assert asked.fields()["subject"] == "1"


async def _sign_in_was_long_ago(cms: Clinic) -> None:
    async with as_owner(cms) as owner:
        await owner.execute(
            "update cms.sessions set authenticated_at = authenticated_at - interval '1 hour'"
        )


async def test_only_who_may_erase_sees_the_form(visitor: Visiting) -> None:
    officer = await visitor("olivia", OFFICER)
    seen = await officer.get("/admin/audit/subjects")
    assert "Erase what is sealed" not in seen.words
    assert (await officer.send("/admin/audit/subjects/erase", {"subject": "1"})).status == 403
