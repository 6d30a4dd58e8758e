"""Widgets, placed by forms."""

from typing import Any

from tests.admin.conftest import Visiting
from tests.support.clinic import Clinic
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


async def test_what_has_no_control_is_kept_as_it_was(visitor: Visiting, cms: Clinic) -> None:
    admin = await visitor("adm", ["administrator"])
    number = await added(admin, "archives")
    page = f"{HOME}/{number}"
    await admin.send(page, {"title": "Meses", "rest": '{"count": true}', "sidebar": PLACE})
    form = (await admin.get(HOME)).fields(page)
    await admin.send(page, {**form, "title": "Arquivo"})
    person = await cms.person("adm")
    found = (await person.get(f"/wp-json/wp/v2/widgets/{number}?context=edit")).json()
    assert found["instance"]["raw"] == {"count": True, "title": "Arquivo"}
    seen = await admin.send(page, {**form, "rest": "[1]"})
    assert seen.status == 422
    assert seen.tree.css_first("[aria-invalid]") is not None


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
