"""Custom fields on the form of a post: drawn by their types, read back, rows by buttons."""

from typing import Any

from cms.admin.fields.rows import change_rows
from tests.admin.conftest import Visiting
from tests.admin.test_posts_edit import opened, stored
from tests.support.clinic import Clinic

GROUP = {
    "key": "group_dose",
    "title": "Dose",
    "location": [[{"param": "post_type", "operator": "==", "value": "post"}]],
    "show_in_rest": 1,
    "fields": [
        {"key": "field_drug", "name": "drug", "label": "Fármaco", "type": "text", "required": 1},
        {"key": "field_mg", "name": "mg", "label": "Miligramas", "type": "number", "max": 100},
        {"key": "field_oral", "name": "oral", "label": "Via oral", "type": "true_false"},
        {
            "key": "field_route",
            "name": "routes",
            "label": "Vias",
            "type": "checkbox",
            "choices": {"iv": "Intravenosa", "im": "Intramuscular"},
            "conditional_logic": [[{"field": "field_oral", "operator": "!=", "value": "1"}]],
        },
        {"key": "field_since", "name": "since", "label": "Desde", "type": "date_picker"},
        {"key": "field_also", "name": "also", "label": "Ver", "type": "relationship"},
        {"key": "field_site", "name": "site", "label": "Bula", "type": "link"},
        {
            "key": "field_steps",
            "name": "steps",
            "label": "Etapas",
            "type": "repeater",
            "sub_fields": [
                {"key": "field_day", "name": "day", "label": "Dia", "type": "number"},
                {
                    "key": "field_kind",
                    "name": "kind",
                    "label": "Modo",
                    "type": "select",
                    "choices": {"a": "A", "b": "B"},
                },
            ],
        },
    ],
}  # fmt: skip


async def described(cms: Clinic) -> None:
    admin = await cms.person("adm", ["administrator"])
    made = await admin.post("/api/v1/field-groups", GROUP)
    assert made.status_code == 201, made.text


async def test_every_field_is_drawn_and_comes_back(cms: Clinic, visitor: Visiting) -> None:
    await described(cms)
    ana, page = await cms.person("ana"), await visitor("ana")
    made, other = await cms.draft(ana), await cms.draft(ana, title="Outro")
    path = f"/admin/posts/{made['id']}"
    seen, form = await opened(page, made["id"])
    assert "Dose" in seen.words
    assert seen.tree.css_first('[data-field="field_route"]').attributes["data-rules"] is not None
    sent: dict[str, Any] = {
        **form,
        "f.drug": "Dipirona",
        "f.mg": "12.5",
        "f.oral": ["0"],
        "f.routes": ["", "iv"],
        "f.since": "2026-11-21",
        "f.also": ["", str(other["id"])],
        "f.site.url": "https://bula.example/",
        "f.site.title": "Bula",
        # The rows stand in the order of the form, whatever their numbers.
        "f.steps.7.day": "2",
        "f.steps.7.kind": "b",
        "f.steps.1.day": "1",
        "f.steps.1.kind": "",
    }
    told = await page.send(path, sent)
    assert told.status == 303, told.words
    acf = (await stored(cms, "ana", made["id"]))["acf"]
    assert (acf["drug"], acf["mg"], acf["routes"]) == ("Dipirona", 12.5, ["iv"])
    assert (acf["since"], acf["also"]) == ("20261121", [other["id"]])
    assert acf["site"]["url"] == "https://bula.example/"
    assert [(row["day"], row["kind"]) for row in acf["steps"]] == [(2, "b"), (1, "")]
    # And once more as it stands: nothing is another.
    before = (await stored(cms, "ana", made["id"]))["modified"]
    seen, form = await opened(page, made["id"])
    assert "Outro" in seen.words
    assert form["f.steps.0.day"] == "2"
    ticked = {"f.routes": ["", "iv"], "f.also": ["", str(other["id"])]}
    assert (await page.send(path, {**form, **ticked})).status == 303
    after = await stored(cms, "ana", made["id"])
    assert (after["acf"], after["modified"]) == (acf, before)


async def test_a_fault_stands_at_its_field_and_what_was_typed_stays(
    cms: Clinic, visitor: Visiting
) -> None:
    await described(cms)
    ana, page = await cms.person("ana"), await visitor("ana")
    made = await cms.draft(ana)
    path = f"/admin/posts/{made['id']}"
    _, form = await opened(page, made["id"])
    sent = {**form, "f.drug": "Dipirona", "f.mg": "500", "f.steps.0.day": "muito"}
    seen = await page.send(path, sent)
    assert seen.status == 422
    assert seen.tree.css_first("#f-mg-fault").text() == "must be at most 100"
    assert seen.tree.css_first("#f-steps-0-day-fault").text() == "must be a number"
    assert seen.fields(path)["f.mg"] == "500"
    assert (await stored(cms, "ana", made["id"]))["acf"]["drug"] == ""


async def test_rows_are_added_moved_and_removed_without_scripts(
    cms: Clinic, visitor: Visiting
) -> None:
    await described(cms)
    ana, page = await cms.person("ana"), await visitor("ana")
    made = await cms.draft(ana)
    path = f"/admin/posts/{made['id']}"
    _, form = await opened(page, made["id"])
    seen = await page.send(path, {**form, "rows": "add:f.steps", "title": "Ainda aberto"})
    assert seen.status == 200
    assert seen.fields(path)["title"] == "Ainda aberto"
    seen = await page.send(path, {**seen.fields(path), "f.steps.0.day": "1", "rows": "add:f.steps"})
    sent = {**seen.fields(path), "f.steps.1.day": "2", "rows": "up:f.steps.1"}
    seen = await page.send(path, sent)
    assert [seen.fields(path)[f"f.steps.{n}.day"] for n in (0, 1)] == ["2", "1"]
    seen = await page.send(path, {**seen.fields(path), "rows": "remove:f.steps.0"})
    assert seen.fields(path)["f.steps.0.day"] == "1"
    assert "f.steps.1.day" not in seen.fields(path)
    assert (await stored(cms, "ana", made["id"]))["title"]["raw"] == "Dor de cabeça"


def test_a_button_for_rows_that_are_not_there_does_nothing() -> None:
    values: dict[str, Any] = {"parts": [{"acf_fc_layout": "quote", "rows": [{"a": "1"}]}], "x": "y"}
    for asked in ("up:f.parts.7", "remove:f.x.0", "add:f.x.y", "down:f.none.0", "nonsense"):
        assert not change_rows(values, asked)
    assert change_rows(values, "add:f.parts:quote")
    assert change_rows(values, "add:f.parts.0.rows")
    assert values["parts"] == [
        {"acf_fc_layout": "quote", "rows": [{"a": "1"}, {}]},
        {"acf_fc_layout": "quote"},
    ]
