"""Filters of what lies inside of rows, and of values that plugins keep."""

from typing import Any

from tests.fields.test_filtering import POSTS, keep, titles
from tests.support.clinic import Clinic

AMOUNT = {"key": "field_amount", "name": "amount", "label": "Amount", "type": "number",
          "filterable": 1}  # fmt: skip
UNIT = {"key": "field_unit", "name": "unit", "label": "Unit", "type": "text", "filterable": 1,
        "searchable": 1}  # fmt: skip
HIDDEN = {"key": "field_hidden", "name": "hidden", "label": "Hidden", "type": "text"}
ROWS: dict[str, Any] = {
    "key": "group_rows",
    "title": "Rows",
    "show_in_rest": 1,
    "location": [[{"param": "post_type", "operator": "==", "value": "post"}]],
    "fields": [
        {"key": "field_doses", "name": "doses", "label": "Doses", "type": "repeater",
         "sub_fields": [AMOUNT, UNIT, HIDDEN]},
        {"key": "field_parts", "name": "parts", "label": "Parts", "type": "flexible_content",
         "layouts": [{"key": "layout_a", "name": "dose", "label": "Dose", "sub_fields": [
             {**UNIT, "key": "field_unit_a"}]}]},
        {"key": "field_box", "name": "box", "label": "Box", "type": "group", "read_capability":
         "list_users", "sub_fields": [{**UNIT, "key": "field_unit_b"}]},
    ],
}  # fmt: skip
VALUES: dict[str, dict[str, Any]] = {
    "a": {"doses": [{"amount": 5, "unit": "mg"}, {"amount": 50, "unit": "mg"}]},
    "b": {"doses": [{"amount": 20, "unit": "ml", "hidden": "x"}, {"amount": 1, "unit": "mg"}]},
    "c": {"parts": [{"acf_fc_layout": "dose", "unit": "drops"}], "box": {"unit": "secretly"}},
}


async def test_rows_are_filtered_and_sorted_by_what_is_in_them(cms: Clinic) -> None:
    await keep(cms, ROWS)
    writer = await cms.person("chefe", roles=("administrator",))
    ana = await cms.person("ana", roles=("editor",))
    for day, (title, acf) in enumerate(VALUES.items(), start=1):
        date = f"2026-01-0{day}T08:00:00"
        await cms.draft(writer, title=title, acf=acf, status="publish", date=date)
    for query, found in [
        ("fields[doses.unit]=mg", "ba"),
        ("fields[doses.unit]=ml", "b"),
        ("fields[doses.amount][min]=1", "ba"),
        ("fields[doses.amount][min]=30", "a"),
        ("fields[doses.unit][]=mg&fields[doses.unit][]=ml", "ba"),
        ("fields[doses.unit][exists]=false", "c"),
        ("fields[parts.unit]=drops", "c"),
        # Each post once, by its first row.
        ("orderby=field.doses.amount", "ba"),
        ("search=drops", "c"),
        ("search=secretly", ""),
    ]:
        assert titles(await cms.http.get(f"{POSTS}?{query}")) == found, query
        assert titles(await ana.get(f"{POSTS}?{query}")) == found, query
    for query in ("fields[doses.hidden]=x", "fields[doses]=x", "fields[box.unit]=secretly"):
        assert (await cms.http.get(f"{POSTS}?{query}")).status_code == 400, query


async def test_a_value_of_a_plugin_is_filtered_under_the_name_of_its_field(cms: Clinic) -> None:
    ana = await cms.person("ana", roles=("administrator",))
    made = await cms.draft(ana, "medical-articles", evidence_level="II")
    async with cms.as_system() as work:
        rows = await work.all(
            "select post_id, field, text_value, shelf from cms.field_index "
            "where field = 'evidence_level'"
        )
    live, working = sorted(tuple(row) for row in rows)
    assert live == (made["id"], "evidence_level", "II", "medical_article:closed")
    assert working == (made["id"], "evidence_level", "II", "medical_article:working")
