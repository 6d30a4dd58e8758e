"""No link leads a person to a page that turns her away."""

from cms.identity.families import Browser, System
from cms.notices.sign_ins import NEW_SIGN_IN
from cms.notices.telling import tell
from tests.admin.conftest import Visiting
from tests.support import trail
from tests.support.clinic import Clinic
from tests.support.visiting import Seen, Visitor

OFFICER = ("compliance_officer",)


async def turned_away(page: Visitor, seen: Seen) -> list[tuple[int, str]]:
    """The links of a page that do not open for who reads it."""
    within = {
        one.attributes.get("href") or ""
        for one in seen.tree.css("main a")
        if (one.attributes.get("href") or "").startswith("/admin")
    }
    answers = [(await page.get(path), path) for path in sorted(within)]
    return [(answer.status, path) for answer, path in answers if answer.status >= 400]


async def test_the_notice_of_a_new_browser_leads_to_ones_own_sessions(
    cms: Clinic, visitor: Visiting
) -> None:
    ana = await cms.person("ana")
    facts = {"user_id": ana.id, "browser": Browser.FIREFOX.value, "system": System.LINUX.value}
    async with cms.as_system() as work:
        await tell(work, NEW_SIGN_IN.slug, [ana.id], {**facts, "at": work.now})
    page = await visitor("ana")
    seen = await page.get("/admin/notices")
    assert "/admin/profile/security" in seen.links, seen.words
    assert await turned_away(page, seen) == []


async def test_what_officers_read_leads_where_they_may_go(cms: Clinic, visitor: Visiting) -> None:
    ana = await cms.person("ana")
    post = await cms.draft(ana)
    await trail.seal(cms)
    officer = await visitor("olivia", OFFICER)
    for path in (
        "/admin/audit", f"/admin/audit/things/post/{post['id']}", f"/admin/audit/people/{ana.id}",
        "/admin/policies/decisions", "/admin/registry",
    ):  # fmt: skip
        seen = await officer.get(path)
        assert seen.status == 200, (path, seen.words)
        assert await turned_away(officer, seen) == [], path


async def test_people_are_called_by_their_names_in_the_trail(
    cms: Clinic, visitor: Visiting
) -> None:
    ana = await cms.person("ana")
    eva = await cms.person("eva", ["administrator"])
    changed = await eva.post(f"/wp-json/wp/v2/users/{ana.id}", {"description": "Neurologista"})
    assert changed.status_code == 200, changed.text
    await trail.seal(cms)
    path = f"/admin/audit?resource_type=user&resource_id={ana.id}"
    seen = await (await visitor("olivia", OFFICER)).get(path)
    called = {one.text(strip=True) for one in seen.tree.css("main td:nth-child(4) a")}
    assert called == {"Ana"}
    # Who audits from outside sees no names.
    other = await (await visitor("otto", ["external_auditor"])).get(path)
    assert {one.text(strip=True) for one in other.tree.css("main td:nth-child(4) a")} == {
        f"Person {ana.id}"
    }
