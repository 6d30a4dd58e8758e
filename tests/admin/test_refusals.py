"""A refusal by a policy before its screen: the page of its reader, and the way to the reason."""

import asyncio

from cms.admin import page as pages
from cms.database.work import UnitOfWork
from cms.errors import Unavailable
from tests.admin.conftest import Visiting
from tests.support.clinic import Clinic
from tests.support.owner import as_owner
from tests.support.visiting import Seen, Visitor


async def forbid(cms: Clinic, action: str) -> None:
    """A policy of the site that closes an action to everybody at every door of the web."""
    conditions = '{"attr": "hour", "op": "at_least", "value": 0}'
    async with as_owner(cms) as owner:
        await owner.execute(
            "insert into zero_trust.policies (tenant_id, id, policy_name, policy_type, applies_to, "
            "conditions, actions, created_at, updated_at) values (%s, 901, 'closed_for_now', "
            "'resource', %s, %s, '{\"effect\": \"deny\"}', now(), now())",
            [cms.tenant.id, [action], conditions],
        )


async def refused(visitor: Visitor, path: str) -> Seen:
    """The engine looks for new policies every two seconds at most."""
    for _ in range(100):
        seen = await visitor.get(path)
        if seen.status == 403:
            return seen
        await asyncio.sleep(0.1)
    raise AssertionError("the policy never spoke")


async def chosen_language(cms: Clinic, login: str, locale: str) -> None:
    person = await cms.person(login)
    async with as_owner(cms) as owner:
        await owner.execute(
            "update cms.users set locale = %s where tenant_id = %s and id = %s",
            [locale, cms.tenant.id, person.id],
        )


async def test_it_is_drawn_for_its_reader_and_leads_to_the_reason(
    cms: Clinic, visitor: Visiting
) -> None:
    await forbid(cms, "notice.list")
    ana = await visitor("ana", language="en")
    await chosen_language(cms, "ana", "pt_BR")
    seen = await refused(ana, "/admin/notices")
    assert seen.title == "Você não pode fazer isto"
    assert seen.tree.css_first(".menu [aria-current=page]").attributes["href"] == "/admin/notices"
    assert "Ana" in seen.tree.css_first(".bar-own").text()
    assert "/admin/why?action=notice.list" in seen.links
    why = await ana.get("/admin/why?action=notice.list")
    assert "closed_for_now" in why.words
    assert why.tree.css_first("#action option[selected]").attributes["value"] == "notice.list"


async def test_a_stranger_is_shown_the_door_and_no_menu(cms: Clinic, visitor: Visiting) -> None:
    await forbid(cms, "notice.list")
    await refused(await visitor("ana"), "/admin/notices")
    seen = await (await visitor()).get("/admin/notices")
    assert seen.location.startswith("/admin/sign-in?next=")
    assert not seen.response.text


async def test_it_is_told_plainly_when_the_reader_cannot_be_asked_for(
    cms: Clinic, visitor: Visiting, monkeypatch
) -> None:
    await forbid(cms, "notice.list")
    ana = await visitor("ana")
    await refused(ana, "/admin/notices")

    async def unreachable(_: UnitOfWork) -> None:
        raise Unavailable("The database does not answer.")

    monkeypatch.setattr(pages, "reader_of", unreachable)
    seen = await ana.get("/admin/notices")
    assert seen.status == 403
    assert seen.title == "You may not do this"
    assert not seen.tree.css(".menu, .bar")


async def test_the_right_that_is_missing_is_named(visitor: Visiting) -> None:
    ana = await visitor("ana")
    seen = await ana.get("/admin/people/roles")
    assert seen.status == 403
    assert "/admin/why?action=role.list" in seen.links
    why = await ana.get("/admin/why?action=role.list")
    assert "None of your roles gives it to you" in why.words
    assert (await ana.get("/admin/why?action=no.such")).status == 400
