"""Menus, built by forms."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.admin.conftest import Visiting
from tests.support.chromium import Site, drag, drag_by_finger
from tests.support.clinic import Clinic
from tests.support.visiting import Visitor

Dragging = Callable[[Page, Locator, Locator], Awaitable[None]]


async def menu_of(admin: Visitor, **links: str) -> str:
    """The address of a menu with these links."""
    done = await admin.send("/admin/menus", {"name": "Principal"})
    address = done.location
    for title, url in links.items():
        await admin.send(f"{address}/items", {"title": title, "url": url})
    return address


async def shown(cms: Clinic) -> list[Any]:
    await cms.set_options(public_menus=True)
    answer = await cms.http.get("/api/v1/menus/primary")
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


async def step(admin: Visitor, address: str, title: str, move: str) -> None:
    """Press a button of the line with this title."""
    seen = await admin.get(address)
    for line in seen.tree.css(".menu-line"):
        if title in line.text():
            number = (line.attributes["id"] or "").removeprefix("item-")
            assert line.css_first(f"button[value={move}]") is not None, f"{title} cannot go {move}"
            done = await admin.send(f"{address}/items/{number}", {"step": move})
            assert done.status == 303, done.words
            return
    raise AssertionError(f"no line {title}")


async def test_a_menu_is_built_ordered_and_shown(visitor: Visiting, cms: Clinic) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await menu_of(admin, Um="/um", Dois="/dois", Tres="/tres")
    await admin.send(address, {"name": "Principal", "locations": "primary"})
    await step(admin, address, "Tres", "up")
    await step(admin, address, "Dois", "in")
    first, second = await shown(cms)
    assert first["title"] == "Um"
    assert second["title"] == "Tres"
    assert [one["title"] for one in second["items"]] == ["Dois"]
    await step(admin, address, "Dois", "out")
    await step(admin, address, "Um", "down")
    assert [one["title"] for one in await shown(cms)] == ["Tres", "Um", "Dois"]
    await step(admin, address, "Um", "remove")
    assert [one["title"] for one in await shown(cms)] == ["Tres", "Dois"]


async def test_an_item_is_put_before_another_and_on_its_level(
    visitor: Visiting, cms: Clinic
) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await menu_of(admin, Um="/um", Dois="/dois", Tres="/tres")
    await admin.send(address, {"name": "Principal", "locations": "primary"})
    await step(admin, address, "Dois", "in")
    seen = await admin.get(address)
    one, two, three = (line.attributes["data-sort"] or "" for line in seen.tree.css(".menu-line"))
    await admin.send(f"{address}/order", {"moved": three, "before": two})
    [first] = await shown(cms)
    assert [inner["title"] for inner in first["items"]] == ["Tres", "Dois"]
    await admin.send(f"{address}/order", {"moved": one, "before": two})
    assert len(await shown(cms)) == 1
    await admin.send(f"{address}/order", {"moved": three, "before": ""})
    await admin.send(f"{address}/order", {"moved": three, "before": one})
    assert [found["title"] for found in await shown(cms)] == ["Tres", "Um"]
    assert (await admin.send(f"{address}/order", {"moved": "99"})).status == 400


async def test_a_menu_is_ordered_by_keyboard_with_the_focus_kept(
    site: Site, visitor: Visiting, cms: Clinic
) -> None:
    address = await menu_of(await visitor("adm", ["administrator"]), Um="/um", Dois="/dois")
    page = await site.page(await cms.person("adm"))
    await page.goto(address)
    lines = page.locator(".menu-line p strong")
    await page.get_by_role("button", name="Down Um").focus()
    await page.keyboard.press("Enter")
    await expect(lines).to_have_text(["Dois", "Um"])
    await expect(page.get_by_role("button", name="Up Um")).to_be_focused()


@pytest.mark.parametrize("pointer", [drag, drag_by_finger], ids=["mouse", "finger"])
async def test_a_menu_is_ordered_by_dragging(
    site: Site, visitor: Visiting, cms: Clinic, pointer: Dragging
) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await menu_of(admin, Um="/um", Dois="/dois", Tres="/tres")
    page = await site.page(await cms.person("adm"), has_touch=pointer is drag_by_finger)
    await page.goto(address)
    lines = page.locator(".menu-line")
    await pointer(page, lines.nth(2).locator(".sorting-handle"), lines.nth(0))
    await expect(page.get_by_text("The order is saved.")).to_be_visible()
    await expect(lines.locator("p strong")).to_have_text(["Tres", "Um", "Dois"])
    await page.reload()
    await expect(lines.locator("p strong")).to_have_text(["Tres", "Um", "Dois"])


async def test_dragging_is_given_up_by_escape(site: Site, visitor: Visiting, cms: Clinic) -> None:
    address = await menu_of(await visitor("adm", ["administrator"]), Um="/um", Dois="/dois")
    page = await site.page(await cms.person("adm"))
    await page.goto(address)
    lines = page.locator(".menu-line")
    await lines.nth(1).locator(".sorting-handle").hover()
    await page.mouse.down()
    await lines.nth(0).hover(position={"x": 40, "y": 6})
    await expect(page.locator(".sorting-is-before")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.locator(".sorting-is-before")).to_have_count(0)
    await page.mouse.up()
    await expect(lines.locator("p strong")).to_have_text(["Um", "Dois"])


async def test_published_texts_and_terms_are_added_by_ticks(visitor: Visiting, cms: Clinic) -> None:
    admin = await visitor("adm", ["administrator"])
    person = await cms.person("adm")
    post = await cms.draft(person, "pages", title="Sobre nós", status="publish")
    term = (await person.post("/wp-json/wp/v2/categories", {"name": "Pele"})).json()
    address = await menu_of(admin)
    seen = await admin.get(f"{address}?q=sobre")
    assert "Sobre nós" in seen.words
    ticked = {"posts": str(post["id"]), "terms": str(term["id"])}
    done = await admin.follow(await admin.send(f"{address}/items", ticked))
    assert "The items are added." in done.words
    assert len(done.tree.css(".menu-line")) == 2


async def test_a_link_without_its_words_is_refused(visitor: Visiting) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await menu_of(admin)
    seen = await admin.send(f"{address}/items", {"url": "/um"})
    assert seen.status == 422
    assert seen.tree.css_first("#title-fault") is not None
    assert (await admin.send(f"{address}/items")).status == 400


async def test_menus_are_for_who_may_edit_the_theme(visitor: Visiting) -> None:
    author = await visitor("ana", ["author"])
    assert (await author.send("/admin/menus", {"name": "Meu"})).status == 403
