"""Field groups in a real browser: by the mouse and by the keyboard."""

import re
from typing import Any

from playwright.async_api import expect

from tests.support.chromium import Site, drag
from tests.support.clinic import Clinic


async def add(page: Any, label: str, kind: str, inside: str = "") -> None:
    """A field, added from the page of the group, and back to that page."""
    holder = page.locator("details.groups-add").filter(has_text=f"Add a field {inside}".strip())
    form = holder.first if inside else holder.last
    if await form.get_attribute("open") is None:
        await form.locator("summary").click()
    await form.get_by_label("Label").fill(label)
    await form.get_by_label("Type").select_option(kind)
    await form.get_by_role("button", name="Add").click()
    await page.get_by_role("button", name="Save", exact=True).click()
    await page.wait_for_url(re.compile(r"/admin/fields/group_[0-9a-f]+#"))


async def test_a_group_with_a_repeater_is_built_and_filled(site: Site, cms: Clinic) -> None:
    page = await site.page(await cms.person("adm", ["administrator"]))
    await page.goto("/admin/fields")
    await page.get_by_label("Name", exact=False).first.fill("Doses")
    await page.get_by_role("button", name="Add", exact=True).click()
    await add(page, "Linhas", "repeater")
    await add(page, "Unidade", "text", "Linhas")
    await page.get_by_role("link", name="Change the rules").click()
    await page.get_by_role("button", name="Add a rule").click()
    await page.get_by_label("Value").select_option("post")
    await page.get_by_role("button", name="Save", exact=True).click()
    await page.goto("/admin/posts/new?type=post")
    await page.get_by_label("Title").first.fill("Com doses")
    await page.get_by_role("button", name="Add Row").click()
    await page.get_by_label("Unidade").fill("mg")
    await page.get_by_role("button", name="Save draft").click()
    await page.wait_for_url(re.compile(r"/admin/posts/\d+"))
    await expect(page.get_by_label("Unidade")).to_have_value("mg")


async def test_fields_are_ordered_by_keyboard_and_by_dragging(site: Site, cms: Clinic) -> None:
    person = await cms.person("adm", ["administrator"])
    fields = [
        {"key": f"field_{name}", "label": name.title(), "name": name, "type": "text"}
        for name in ("um", "dois", "tres")
    ]
    rows = {"key": "field_linhas", "label": "Linhas", "name": "linhas", "type": "repeater"}
    group = {"key": "group_ordem", "title": "Ordem", "location": []}
    made = await person.post("/api/v1/field-groups", {**group, "fields": [*fields, rows]})
    assert made.status_code == 201, made.text
    page = await site.page(person)
    await page.goto("/admin/fields/group_ordem")
    top = page.locator(".groups-list[data-holder=''] > li > .groups-line strong")
    down = page.get_by_role("button", name="Down Um")
    await down.focus()
    await page.keyboard.press("Enter")
    await expect(top).to_have_text(["Dois", "Um", "Tres", "Linhas"])
    await expect(down).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(top).to_have_text(["Dois", "Tres", "Um", "Linhas"])
    handle = page.locator("#field_um > .groups-line .sorting-handle")
    await drag(page, handle, page.locator("#field_dois"))
    await expect(page.get_by_text("The order is saved.")).to_be_visible()
    await expect(top).to_have_text(["Um", "Dois", "Tres", "Linhas"])
    await page.get_by_role("link", name="Tres").click()
    await page.get_by_label("Move to the end of").select_option("field_linhas")
    await page.get_by_role("button", name="Move", exact=True).click()
    await expect(page.locator("#field_linhas #field_tres")).to_be_visible()
