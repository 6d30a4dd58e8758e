"""The first steps on the overview."""

from tests.admin.test_invitations import ASKED, INVITATIONS

TOUR = "/admin/tour/administrator"


def steps(seen):
    """Which steps are done, by where they lead."""
    found = [(one.css_first("a"), one) for one in seen.tree.css(".tour li")]
    return {
        link.attributes["href"]: "is-done" in (one.attributes.get("class") or "")
        for link, one in found
    }


async def test_steps_are_ticked_by_what_was_done_and_by_hand(visitor):
    admin = await visitor("marina", roles=["administrator"])
    shown = steps(await admin.get("/admin"))
    assert len(shown) == 5
    assert not any(shown.values())
    await admin.send(INVITATIONS, ASKED)
    assert (await admin.send(TOUR, {"step": "roles"})).location == "/admin"
    shown = steps(await admin.get("/admin"))
    assert shown["/admin/people/invitations"]
    assert shown["/admin/people/roles"]
    assert not shown["/admin/settings"]


async def test_the_list_is_put_away_for_good_and_for_oneself_only(visitor):
    admin = await visitor("marina", roles=["administrator"])
    other = await visitor("outra", roles=["administrator"])
    assert (await admin.send(TOUR, {})).location == "/admin"
    assert steps(await admin.get("/admin")) == {}
    assert len(steps(await other.get("/admin"))) == 5


async def test_each_role_has_steps_of_its_own(visitor):
    author = await visitor("ana")
    seen = await author.get("/admin")
    assert "Your first steps as an author" in seen.words
    assert "/admin/posts" in steps(seen)
    assert (await author.send(TOUR, {"step": "roles"})).status == 404
    assert (await author.send("/admin/tour/author", {"step": "fly"})).status == 404
    reader = await visitor("leitora", roles=["subscriber"])
    assert steps(await reader.get("/admin")) == {}


async def test_everything_done_is_no_list_any_more(visitor):
    author = await visitor("ana")
    for step in ("text", "picture", "profile", "notices", "factor"):
        await author.send("/admin/tour/author", {"step": step})
    assert steps(await author.get("/admin")) == {}
