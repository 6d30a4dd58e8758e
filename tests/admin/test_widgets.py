"""Widgets, placed by forms."""

from typing import Any

from playwright.async_api import expect

from cms.admin.widget_fields import WIDGET_FIELDS
from cms.site import widgets
from cms.site.widget_types import WIDGET_TYPES
from tests.admin.conftest import Visiting
from tests.browser.walking import NARROW, Walk
from tests.support.chromium import Site
from tests.support.clinic import Clinic
from tests.support.pictures import photo
from tests.support.visiting import Visitor

HOME = "/admin/widgets"
PLACE, WAITING = "sidebar-1", "wp_inactive_widgets"


async def added(admin: Visitor, id_base: str = "block", place: str = PLACE) -> str:
    """The id of a widget that was just added."""
    done = await admin.send(HOME, {"id_base": id_base, "sidebar": place})
    assert done.status == 303, done.words
    return done.location.partition("#")[2]


async def order(cms: Clinic, place: str = PLACE) -> list[str]:
    person = await cms.person("adm")
    found: Any = (await person.get(f"/wp-json/wp/v2/sidebars/{place}")).json()
    return list(found["widgets"])


async def test_a_widget_is_added_set_moved_and_removed(visitor: Visiting, cms: Clinic) -> None:
    admin = await visitor("adm", ["administrator"])
    one, two = await added(admin), await added(admin, "text")
    said = {"title": "Plantão", "text": "<p>Ligue 192</p>", "sidebar": PLACE}
    told = await admin.follow(await admin.send(f"{HOME}/{two}", said))
    assert "The widget is saved." in told.words
    assert "Plantão" in told.words
    await admin.send(f"{HOME}/{two}", {"step": "up"})
    assert await order(cms) == [two, one]
    await admin.send(f"{HOME}/{two}", {"step": "down"})
    assert await order(cms) == [one, two]
    await admin.send(f"{HOME}/order", {"moved": two, "holder": PLACE, "before": one})
    assert await order(cms) == [two, one]
    await admin.send(f"{HOME}/order", {"moved": two, "holder": WAITING, "before": ""})
    assert (await order(cms), await order(cms, WAITING)) == ([one], [two])
    await admin.send(f"{HOME}/{one}", {"step": "remove"})
    assert await order(cms) == []


async def kept(cms: Clinic, widget_id: str) -> dict[str, Any]:
    person = await cms.person("adm")
    found = await person.get(f"/wp-json/wp/v2/widgets/{widget_id}?context=edit")
    return dict(found.json()["instance"]["raw"])


async def test_a_kind_that_nobody_knows_is_set_as_json(visitor: Visiting, cms: Clinic) -> None:
    admin, person = await visitor("adm", ["administrator"]), await cms.person("adm")
    async with person.work() as work:
        number = (await widgets.add(work, "weather", PLACE, {"count": True})).id
    page = f"{HOME}/{number}"
    form = (await admin.get(HOME)).fields(page)
    await admin.send(page, {**form, "title": "Arquivo"})
    assert await kept(cms, number) == {"count": True, "title": "Arquivo"}
    seen = await admin.send(page, {**form, "rest": "[1]"})
    assert seen.status == 422
    assert seen.tree.css_first("[aria-invalid]") is not None


async def test_every_kind_has_a_form_that_keeps_what_it_shows(
    visitor: Visiting, cms: Clinic
) -> None:
    assert set(WIDGET_FIELDS) == set(WIDGET_TYPES)
    admin = await visitor("adm", ["administrator"], language="pt-BR")
    made = {id_base: await added(admin, id_base) for id_base in WIDGET_TYPES}
    assert "JSON" not in (await admin.get(HOME)).words
    for id_base, number in made.items():
        page = f"{HOME}/{number}"
        await admin.send(page, (await admin.get(HOME)).fields(page))
        first = await kept(cms, number)
        await admin.send(page, (await admin.get(HOME)).fields(page))
        assert await kept(cms, number) == first, id_base
        assert set(first) >= {one.name for one in WIDGET_FIELDS[id_base]}


async def test_settings_are_kept_as_wordpress_keeps_them(visitor: Visiting, cms: Clinic) -> None:
    admin, person = await visitor("adm", ["administrator"]), await cms.person("adm")
    menu = (await person.post("/wp-json/wp/v2/menus", {"name": "Principal"})).json()["id"]
    posts, sorts, side = [
        await added(admin, one) for one in ("recent-posts", "categories", "nav_menu")
    ]
    await admin.send(
        f"{HOME}/{posts}",
        {f"set.{posts}.number": "3", f"set.{posts}.show_date": "1", "sidebar": PLACE},
    )
    assert await kept(cms, posts) == {"number": 3, "show_date": True}
    await admin.send(f"{HOME}/{sorts}", {f"set.{sorts}.count": "1", "sidebar": PLACE})
    assert await kept(cms, sorts) == {"dropdown": 0, "count": 1, "hierarchical": 0}
    await admin.send(f"{HOME}/{side}", {f"set.{side}.nav_menu": str(menu), "sidebar": PLACE})
    assert await kept(cms, side) == {"nav_menu": menu}
    shown = await admin.get(HOME)
    assert shown.fields(f"{HOME}/{side}")[f"set.{side}.nav_menu"] == str(menu)


async def test_what_no_control_shows_stays(visitor: Visiting, cms: Clinic) -> None:
    admin, person = await visitor("adm", ["administrator"]), await cms.person("adm")
    raw = {"text": "Um", "filter": True, "visual": True}
    body = {"id_base": "text", "sidebar": PLACE, "instance": {"raw": raw}}
    number = (await person.post("/wp-json/wp/v2/widgets", body)).json()["id"]
    await admin.send(f"{HOME}/{number}", {"text": "Dois", "title": "T", "sidebar": PLACE})
    assert await kept(cms, number) == {**raw, "text": "Dois", "title": "T"}


async def test_what_does_not_fit_is_named_where_it_stands(visitor: Visiting) -> None:
    admin = await visitor("adm", ["administrator"])
    image, feed = await added(admin, "media_image"), await added(admin, "rss")
    form = (await admin.get(HOME)).fields(f"{HOME}/{image}")
    refused = await admin.send(f"{HOME}/{image}", {**form, f"set.{image}.attachment_id": "99"})
    assert refused.status == 422
    assert "99 is no file of the library" in refused.words
    form = (await admin.get(HOME)).fields(f"{HOME}/{feed}")
    wrong = {f"set.{feed}.items": "21", f"set.{feed}.url": "javascript:alert(1)"}
    refused = await admin.send(f"{HOME}/{feed}", {**form, **wrong})
    assert "must be a whole number from 1 to 20" in refused.words
    assert "must begin with https://" in refused.words
    opened = refused.tree.css_first(f"#{feed} details")
    assert "open" in opened.attributes
    field = refused.tree.css_first(f"[name='set.{feed}.items']")
    assert (field.attributes["value"], field.attributes["aria-invalid"]) == ("21", "true")


async def test_a_place_or_a_kind_that_there_is_not_is_refused(visitor: Visiting) -> None:
    admin = await visitor("adm", ["administrator"])
    assert (await admin.send(HOME, {"id_base": "block", "sidebar": "x"})).status == 422
    assert (await admin.send(HOME, {"id_base": "x", "sidebar": PLACE})).status == 400
    assert (await admin.send(f"{HOME}/block-99", {"step": "up"})).status == 404
    number = await added(admin)
    gone = await admin.send(f"{HOME}/order", {"moved": number, "holder": "x", "before": ""})
    assert gone.status == 400


async def test_widgets_are_for_who_may_edit_the_theme(visitor: Visiting) -> None:
    author = await visitor("ana", ["author"])
    assert (await author.send(HOME, {"id_base": "block", "sidebar": PLACE})).status == 403


async def test_the_forms_of_all_kinds_are_accessible_and_fit_a_phone(
    site: Site, visitor: Visiting, cms: Clinic
) -> None:
    admin = await visitor("adm", ["administrator"])
    for id_base in WIDGET_TYPES:
        await added(admin, id_base)
    walk = Walk(await site.page(await cms.person("adm"), language="pt-BR"))
    await walk.page.goto(HOME)
    await walk.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for theme in ("light", "dark"):
        await walk.is_accessible(HOME, theme)
    await walk.fits(NARROW, HOME)
    assert walk.faults == []


async def test_an_image_of_the_library_is_found_by_its_name(
    site: Site, visitor: Visiting, cms: Clinic
) -> None:
    number = await added(await visitor("adm", ["administrator"]), "media_image")
    person = await cms.person("adm")
    sent = await person.clinic.http.post(
        "/wp-json/wp/v2/media",
        files={"file": ("fachada.jpg", photo(64, 48))},
        headers=person.bearer,
    )
    assert sent.status_code == 201, sent.text
    page = await site.page(person)
    await page.goto(HOME)
    await page.locator(f"#{number} summary").click()
    await page.locator(f"#{number} .picker-search").fill("fachada")
    await page.get_by_role("button", name="fachada", exact=True).click()
    await page.locator(f"#{number}").get_by_role("button", name="Save").click()
    await expect(page.get_by_text("The widget is saved.")).to_be_visible()
    assert (await kept(cms, number))["attachment_id"] == sent.json()["id"]
