"""Field groups, built by forms."""

from typing import Any

from tests.admin.conftest import Visiting
from tests.support.clinic import Clinic
from tests.support.visiting import Seen, Visitor

HOME = "/admin/fields"


async def group_of(admin: Visitor, title: str = "Dose") -> str:
    """The address of a group without fields."""
    done = await admin.send(HOME, {"title": title})
    assert done.status == 303, done.words
    return done.location


async def sent(admin: Visitor, address: str, to: str, **data: str) -> Seen:
    """A step on a group, from the page as it is now."""
    seen = (await admin.get(address)).tree.css_first("input[name=seen]").attributes["value"]
    return await admin.send(f"{address}/{to}", {"seen": seen, **data})


async def field_of(admin: Visitor, address: str, label: str, kind: str, holder: str = "") -> str:
    """The key of a field that was just added."""
    done = await sent(admin, address, "fields", label=label, type=kind, holder=holder)
    assert done.status == 303, done.words
    return done.location.rpartition("/")[2]


async def kept(cms: Clinic, address: str) -> dict[str, Any]:
    """The definition, as the API has it."""
    person = await cms.person("adm")
    found = await person.get(f"/api/v1/field-groups/{address.rpartition('/')[2]}")
    assert found.status_code == 200, found.text
    definition: dict[str, Any] = found.json()["definition"]
    return definition


async def labels(cms: Clinic, address: str) -> list[str]:
    return [one["label"] for one in (await kept(cms, address))["fields"]]


async def test_a_group_is_built_and_shown_to_writers(visitor: Visiting, cms: Clinic) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await group_of(admin)
    key = await field_of(admin, address, "Dose máxima", "number")
    page = f"{address}/fields/{key}"
    form = (await admin.get(page)).fields(page)
    assert form["name"] == "dose_maxima"
    done = await admin.send(page, {**form, "max": "40", "append": " mg", "required": "1"})
    assert done.status == 303, done.words
    [field] = (await kept(cms, address))["fields"]
    assert (field["max"], field["append"], field["required"]) == (40, " mg", True)
    assert "placeholder" not in field
    rules = f"{address}/location"
    drawn = await sent(admin, address, "location", **{"step": "or", "param.or": "post_type"})
    assert drawn.status == 200
    wanted = {**drawn.fields(rules), "rule.0.0.value": "post", "step": "save"}
    told = await admin.follow(await admin.send(rules, wanted))
    assert "The rules are saved." in told.words
    assert (await kept(cms, address))["location"] == [
        [{"param": "post_type", "operator": "==", "value": "post"}]
    ]
    assert "Dose máxima" in (await admin.get("/admin/posts/new?type=post")).words
    assert "Dose máxima" in (await admin.get(f"{address}/preview")).words
    assert "Dose" in (await admin.get(HOME)).words


async def test_fields_are_ordered_and_nested_by_buttons(visitor: Visiting, cms: Clinic) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await group_of(admin)
    one = await field_of(admin, address, "Um", "text")
    two = await field_of(admin, address, "Dois", "text")
    rows = await field_of(admin, address, "Linhas", "repeater")
    await field_of(admin, address, "Dentro", "text", rows)
    await sent(admin, address, "order", moved=two, step="up")
    assert await labels(cms, address) == ["Dois", "Um", "Linhas"]
    await sent(admin, address, "order", moved=one, holder=rows)
    found = (await kept(cms, address))["fields"]
    assert [inner["label"] for inner in found[1]["sub_fields"]] == ["Dentro", "Um"]
    into_itself = await sent(admin, address, "order", moved=rows, holder=rows)
    assert into_itself.status == 422
    await sent(admin, address, "order", moved=one, holder="", before=two)
    assert await labels(cms, address) == ["Um", "Dois", "Linhas"]
    await sent(admin, address, "order", moved=two, step="remove")
    assert await labels(cms, address) == ["Um", "Linhas"]


async def test_layouts_of_flexible_content_hold_fields(visitor: Visiting, cms: Clinic) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await group_of(admin)
    parts = await field_of(admin, address, "Partes", "flexible_content")
    await sent(admin, address, f"fields/{parts}/layouts", label="Citação")
    await sent(admin, address, f"fields/{parts}/layouts", label="Quadro")
    await field_of(admin, address, "Fonte", "text", f"{parts}/0")
    await sent(admin, address, f"fields/{parts}/layouts", index="0", label="Trecho", max="2")
    await sent(admin, address, f"fields/{parts}/layouts", index="1", step="up")
    [field] = (await kept(cms, address))["fields"]
    assert [one["label"] for one in field["layouts"]] == ["Quadro", "Trecho"]
    assert field["layouts"][1]["max"] == 2
    assert field["layouts"][1]["sub_fields"][0]["name"] == "fonte"
    assert "Trecho" in (await admin.get(f"{address}/preview")).words
    await sent(admin, address, f"fields/{parts}/layouts", index="0", step="remove")
    assert len((await kept(cms, address))["fields"][0]["layouts"]) == 1


async def test_a_condition_is_made_by_buttons_and_saved_with_the_field(
    visitor: Visiting, cms: Clinic
) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await group_of(admin)
    asked = await field_of(admin, address, "Tem dose", "true_false")
    key = await field_of(admin, address, "Dose", "text")
    page = f"{address}/fields/{key}"
    form = (await admin.get(page)).fields(page)
    drawn = await admin.send(page, {**form, "label": "Dose diária", "pressed": "or"})
    form = drawn.fields(page)
    assert form["label"] == "Dose diária"
    assert form["rule.0.0.field"] == asked
    done = await admin.send(page, {**form, "rule.0.0.value": "1", "pressed": "save"})
    assert done.status == 303, done.words
    field = (await kept(cms, address))["fields"][1]
    wanted = [[{"field": asked, "operator": "==", "value": "1"}]]
    assert field["conditional_logic"] == wanted
    form = (await admin.get(page)).fields(page)
    form = (await admin.send(page, {**form, "pressed": "without:0:0"})).fields(page)
    await admin.send(page, {**form, "pressed": "save"})
    assert not (await kept(cms, address))["fields"][1]["conditional_logic"]


async def test_another_type_shows_its_settings_before_anything_is_saved(
    visitor: Visiting, cms: Clinic
) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await group_of(admin)
    key = await field_of(admin, address, "Unidade", "text")
    page = f"{address}/fields/{key}"
    form = (await admin.get(page)).fields(page)
    drawn = await admin.send(page, {**form, "type": "select", "pressed": "type"})
    assert (await kept(cms, address))["fields"][0]["type"] == "text"
    form = {**drawn.fields(page), "choices": "mg : Miligramas\ng", "pressed": "save"}
    await admin.send(page, form)
    field = (await kept(cms, address))["fields"][0]
    assert (field["type"], field["choices"]) == ("select", {"mg": "Miligramas", "g": "g"})


async def test_what_cannot_be_used_is_said_at_its_control(visitor: Visiting) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await group_of(admin)
    await field_of(admin, address, "Um", "text")
    key = await field_of(admin, address, "Dois", "text")
    page = f"{address}/fields/{key}"
    form = (await admin.get(page)).fields(page)
    seen = await admin.send(page, {**form, "maxlength": "muitos", "label": "Fica"})
    assert seen.status == 422
    assert "must be a whole number" in seen.tree.css_first("#maxlength-fault").text()
    assert seen.fields(page)["label"] == "Fica"
    seen = await admin.send(page, {**form, "name": "um"})
    assert "rename one" in seen.tree.css_first("#name-fault").text()
    seen = await admin.send(page, {**form, "translations": "[1]"})
    assert "object of JSON" in seen.tree.css_first("#translations-fault").text()
    assert (await admin.send(HOME, {"title": ""})).status == 422
    drawn = await sent(admin, address, "location", **{"step": "or", "param.or": "post"})
    empty = await admin.send(
        f"{address}/location", {**drawn.fields(f"{address}/location"), "step": "save"}
    )
    assert empty.status == 422
    assert empty.tree.css_first("[aria-invalid]") is not None


async def test_nothing_is_written_over_what_somebody_else_changed(
    visitor: Visiting, cms: Clinic
) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await group_of(admin)
    key = await field_of(admin, address, "Um", "text")
    page = f"{address}/fields/{key}"
    form = (await admin.get(page)).fields(page)
    await field_of(admin, address, "Dois", "text")
    seen = await admin.send(page, {**form, "label": "Primeiro"})
    assert seen.status == 412
    assert await labels(cms, address) == ["Um", "Dois"]
    await admin.send(page, {**seen.fields(page), "pressed": "save"})
    assert await labels(cms, address) == ["Primeiro", "Dois"]
    late = await admin.send(
        f"{address}/order", {"seen": form["seen"], "moved": key, "step": "down"}
    )
    assert "Somebody has changed the group" in (await admin.follow(late)).words
    assert await labels(cms, address) == ["Primeiro", "Dois"]
    gone = await admin.send(f"{address}/remove", {"seen": form["seen"]})
    assert "Somebody has changed the group" in (await admin.follow(gone)).words


async def test_settings_versions_and_the_end_of_a_group(visitor: Visiting, cms: Clinic) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await group_of(admin)
    page = f"{address}/settings"
    form = (await admin.get(page)).fields(page)
    hidden = {"hide_on_screen.offered": "1", "hide_on_screen": ["excerpt", "slug"]}
    done = await admin.send(page, {**form, **hidden, "title": "Doses", "position": "side"})
    assert done.status == 303, done.words
    definition = await kept(cms, address)
    assert (definition["title"], definition["position"]) == ("Doses", "side")
    assert definition["hide_on_screen"] == ["excerpt", "slug"]
    assert "label_placement" not in definition
    seen = await admin.send(page, {**(await admin.get(page)).fields(page), "title": ""})
    assert seen.status == 422
    await sent(admin, address, "versions/1")
    assert (await kept(cms, address))["title"] == "Dose"
    assert len((await admin.get(f"{address}/versions")).tree.css("tbody tr")) == 3
    gone = await admin.follow(await sent(admin, address, "remove"))
    assert "no longer used" in gone.words
    assert (await admin.get(address)).status == 404


async def test_rows_of_the_preview_turn_without_scripts(visitor: Visiting) -> None:
    admin = await visitor("adm", ["administrator"])
    address = await group_of(admin)
    rows = await field_of(admin, address, "Linhas", "repeater")
    await field_of(admin, address, "Dentro", "text", rows)
    page = f"{address}/preview"
    seen = await admin.send(page, {"f.linhas": "", "rows": "add:f.linhas"})
    assert seen.tree.css_first("input[name='f.linhas.0.dentro']") is not None


async def test_field_groups_are_for_who_manages_the_site(visitor: Visiting) -> None:
    author = await visitor("ana", ["author"])
    assert (await author.get(HOME)).status == 403
    assert (await author.send(HOME, {"title": "Meu"})).status == 403
