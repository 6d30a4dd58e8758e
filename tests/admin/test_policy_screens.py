"""What policies decide, and why, for officers and for who was refused."""

import asyncio

import pytest

from cms.admin.mounting import templates_of
from cms.admin.translating import PORTUGUESE
from cms.host import build_registry
from cms.settings import Settings
from plugins.zero_trust.defaults import PLATFORM
from tests.admin.conftest import Visiting
from tests.support.clinic import Clinic
from tests.support.owner import as_owner
from tests.support.visiting import Visitor

OFFICER = ("compliance_officer",)
ROOM = ("/admin/policies", "/admin/policies/decisions", "/admin/policies/try")
FORBIDDEN = {
    "id": 900,
    "policy_name": "no_notices_at_night",
    "policy_type": "resource",
    "applies_to": ["notice.mark"],
    "conditions": '{"all": [{"attr": "hour", "op": "at_least", "value": 0}, {"not": {"attr": '
    '"channel", "op": "in", "value": ["cli"]}}]}',
    "actions": '{"effect": "deny"}',
}


async def forbid(cms: Clinic) -> None:
    """A policy of the site's own, as the table has it."""
    async with as_owner(cms) as owner:
        await owner.execute(
            "insert into zero_trust.policies (tenant_id, id, policy_name, policy_type, applies_to, "
            "conditions, actions, created_at, updated_at) values (%(tenant)s, %(id)s, "
            "%(policy_name)s, %(policy_type)s, %(applies_to)s, %(conditions)s, %(actions)s, now(), "
            "now())",
            {**FORBIDDEN, "tenant": cms.tenant.id},
        )


async def refused(visitor: Visitor) -> None:
    """The engine looks for new policies every two seconds at most."""
    for _ in range(100):
        if (await visitor.send("/admin/notices/read")).status == 403:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the policy never spoke")


@pytest.mark.parametrize("path", ROOM)
async def test_policies_are_for_officers(visitor: Visiting, path: str) -> None:
    assert (await (await visitor()).get(path)).location.startswith("/admin/sign-in?next=")
    seen = await (await visitor("ana")).get(path)
    assert seen.status == 403
    assert "manage_policies" in seen.words


@pytest.mark.parametrize("language", ["en", "pt-BR"])
async def test_every_policy_is_said_in_words(visitor: Visiting, language: str) -> None:
    officer = await visitor("olivia", OFFICER, language)
    for path in (*ROOM, "/admin/why"):
        assert (await officer.get(path)).status == 200
    listed = await officer.get("/admin/policies")
    links = [link for link in listed.links if link.startswith("/admin/policies/") and "." in link]
    assert len(links) >= 8
    for link in links:
        seen = await officer.get(link)
        assert seen.status == 200, (link, seen.words)
        assert "{'" not in seen.words.split("Cedar")[0].split("forbid (")[0]
    assert (await officer.get("/admin/policies/tenant.1")).status == 404


def test_what_policies_are_about_is_said_in_portuguese() -> None:
    registry = build_registry(Settings())
    words = templates_of(registry).words(PORTUGUESE)
    told = [one.about for one in (*registry.each("policies"), *PLATFORM)]
    told += [one.remedy for one in registry.each("obligations")]
    assert [text for text in told if words.told(text) == text] == []


async def test_a_policy_of_the_site_is_read_as_it_decides(cms: Clinic, visitor: Visiting) -> None:
    await forbid(cms)
    ana, officer = await visitor("ana"), await visitor("olivia", OFFICER)
    await refused(ana)
    seen = await officer.get("/admin/policies/tenant.900")
    assert "forbids" in seen.words
    assert "notice.mark" in seen.words
    assert "the hour (UTC) is at least 0" in seen.words
    assert "it is not so that the door is one of cli" in seen.words
    assert '"op": "at_least"' in seen.words


async def test_it_is_said_that_policies_cannot_be_written_here(visitor: Visiting) -> None:
    officer = await visitor("olivia", OFFICER, "pt-BR")
    seen = await officer.get("/admin/policies")
    assert "ainda não se escrevem aqui" in seen.words
    for link in {one for one in seen.links if one.startswith("/admin/policies")}:
        assert (await officer.get(link)).status == 200, link


async def test_who_was_refused_learns_why(cms: Clinic, visitor: Visiting) -> None:
    await forbid(cms)
    ana, bia = await visitor("ana"), await visitor("bia")
    await refused(ana)
    why = await ana.get("/admin/why")
    assert "notice.mark" in why.words
    assert "no_notices_at_night" in why.words
    officer = await visitor("olivia", OFFICER)
    listed = await officer.get("/admin/policies/decisions?decision=refused&action=notice.mark")
    request = next(link for link in listed.links if "request_id=" in link).rpartition("=")[2]
    assert "notice.mark" in (await ana.get(f"/admin/why?request_id={request}")).words
    assert "No policy refused you this" in (await bia.get(f"/admin/why?request_id={request}")).words
    assert "notice.mark" in (await officer.get(f"/admin/why?request_id={request}")).words
    assert (await ana.get("/admin/why?request_id=%27x")).status == 400


async def test_a_look_at_decisions_is_an_event(visitor: Visiting) -> None:
    officer = await visitor("olivia", OFFICER)
    await officer.get("/admin/policies/decisions?user_id=7")
    seen = await officer.get("/admin/audit?action=zero_trust:decision:read")
    assert [link for link in seen.links if "/admin/audit/events/" in link]


async def test_what_cannot_be_asked_of_decisions_is_named(visitor: Visiting) -> None:
    officer = await visitor("olivia", OFFICER)
    seen = await officer.get("/admin/policies/decisions?user_id=x&from=gestern")
    assert seen.status == 422
    assert "must be a whole number" in seen.words
    assert (await officer.get("/admin/policies/decisions?decision=maybe")).status == 400


async def test_a_case_is_tried_out(visitor: Visiting) -> None:
    officer = await visitor("olivia", OFFICER)
    path = "/admin/policies/try"
    form = (await officer.get(path)).fields(path)
    nothing = await officer.send(path, {**form, "action": "x"})
    assert nothing.status == 422
    allowed = await officer.send(path, {**form, "action": "post.create", "factors": "pwd"})
    assert allowed.tree.css_first("#verdict").text(strip=True) == "allowed"
    stranger = {**form, "kind": "anonymous", "method": "none", "action": "post.create"}
    denied = await officer.send(path, stranger)
    assert denied.tree.css_first("#verdict").text(strip=True) == "denied"
    assert "No policy permits it." in denied.words
    weak = {**form, "action": "review.decide", "method": "application_password"}
    asked = await officer.send(path, weak)
    assert asked.tree.css_first("#verdict").text(strip=True) == "only after a further step"
    assert "sign in with a factor" in asked.words
    assert asked.fields(path)["action"] == "review.decide"
