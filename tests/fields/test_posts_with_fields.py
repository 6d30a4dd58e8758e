"""Values of custom fields on posts, through REST."""

from typing import Any

from cms.fields import groups
from tests.support.clinic import Clinic

DOSES = {
    "key": "group_doses",
    "title": "Doses",
    "show_in_rest": 1,
    "location": [[{"param": "post_type", "operator": "==", "value": "post"}]],
    "fields": [
        {"key": "field_unit", "name": "unit", "label": "Unit", "type": "text", "maxlength": 4},
        {"key": "field_dose", "name": "dose", "label": "Dose", "type": "number", "min": 1},
    ],
}


async def keep(cms: Clinic, *definitions: dict[str, Any]) -> None:
    async with cms.as_system() as work:
        for definition in definitions:
            await groups.save(work, definition)
        work.afterwards(cms.host.tenants.forget)


async def test_values_are_written_and_read_as_acf_gives_them(cms: Clinic) -> None:
    await keep(cms, DOSES)
    ana = await cms.person("ana", roles=("editor",))
    post = await cms.draft(ana, acf={"unit": "mg", "dose": "2.5", "unknown": 1})
    assert post["acf"] == {"unit": "mg", "dose": 2.5}
    address = f"/wp-json/wp/v2/posts/{post['id']}"
    standard = (await ana.get(f"{address}?acf_format=standard")).json()
    assert standard["acf"] == {"unit": "mg", "dose": "2.5"}
    after = (await ana.post(address, {"acf": {"unit": None}})).json()
    assert after["acf"] == {"unit": "", "dose": 2.5}


async def test_every_refused_value_is_named_and_nothing_is_saved(cms: Clinic) -> None:
    await keep(cms, DOSES)
    ana = await cms.person("ana", roles=("editor",))
    body = {"title": "Dose", "acf": {"unit": "grams", "dose": 0}}
    refused = await ana.post("/wp-json/wp/v2/posts", body)
    assert refused.status_code == 400
    assert set(refused.json()["data"]["details"]["acf"]["data"]) == {"unit", "dose"}


async def test_kinds_of_faults_are_told_together(cms: Clinic) -> None:
    rows = {
        "key": "group_rows",
        "title": "Rows",
        "show_in_rest": 1,
        "location": DOSES["location"],
        "fields": [
            {
                "key": "field_rows", "name": "rows", "label": "Rows", "type": "repeater",
                "sub_fields": [
                    {"key": "field_u", "name": "u", "label": "U", "type": "text", "required": 1},
                    {"key": "field_q", "name": "q", "label": "Q", "type": "number"},
                    {
                        "key": "field_c", "name": "c", "label": "C", "type": "text", "required": 1,
                        "conditional_logic": [
                            [{"field": "field_q", "operator": "==empty", "value": ""}]
                        ],
                    },
                ],
            },
            {"key": "field_rel", "name": "rel", "label": "R", "type": "relationship"},
        ],
    }  # fmt: skip
    await keep(cms, rows)
    ana = await cms.person("ana", roles=("editor",))
    wrong = {"rows": [{"u": "mg", "q": 1}, {"q": "x"}], "rel": [999_999]}
    refused = await ana.post("/wp-json/wp/v2/posts", {"title": "Dose", "acf": wrong})
    assert refused.status_code == 400
    told = refused.json()["data"]["details"]["acf"]["data"]
    # Whether `c` must be there depends on what `q` should have been.
    assert {path: one["rule"] for path, one in told.items()} == {
        "rows[1].q": "type", "rows[1].u": "required", "rel[0]": "not_found",
    }  # fmt: skip
