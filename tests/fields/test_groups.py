"""Field groups over HTTP: kept verbatim with every version, every fault of a definition named."""

from typing import Any

import psycopg
import pytest

from cms.fields.soundness import DEEPEST_JSON, LARGEST
from tests.support.clinic import Clinic, Person

GROUPS = "/api/v1/field-groups"
DOSES: dict[str, Any] = {
    "key": "group_doses",
    "title": "Doses",
    "fields": [
        {"key": "field_unit", "name": "unit", "label": "Unit", "type": "text", "maxlength": "4"},
        {"key": "field_dose", "name": "dose", "label": "Dose", "type": "number", "min": 1},
    ],
    "location": [[{"param": "post_type", "operator": "==", "value": "post"}]],
    "show_in_rest": 1,
    "hide_on_screen": "",
    "modified": 1700000000,
    "x_of_a_later_version": {"b": [1, "2"], "a": None},
}


async def admin_of(cms: Clinic) -> Person:
    return await cms.person("dona.marina", ("administrator",))


async def test_a_group_is_kept_to_the_letter_and_shown_with_defaults_if_asked(cms: Clinic) -> None:
    admin = await admin_of(cms)
    made = await admin.post(GROUPS, DOSES)
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == '"1"'
    assert "resolved" not in made.json()
    one = (await admin.get(f"{GROUPS}/group_doses?resolved=true")).json()
    assert list(one["definition"].items()) == list(DOSES.items())
    resolved = one["resolved"]
    assert (resolved["style"], resolved["active"], resolved["hide_on_screen"]) == (
        "default", True, [],
    )  # fmt: skip
    assert (resolved["compliance_level"], resolved["audit_changes"]) == ("basic", True)
    assert resolved["x_of_a_later_version"] == DOSES["x_of_a_later_version"]
    unit = resolved["fields"][0]
    assert (unit["maxlength"], unit["required"], unit["wrapper"]["width"]) == (4, False, "")
    listed = (await admin.get(GROUPS)).json()["field_groups"]
    assert "group_doses" in [group["key"] for group in listed]


async def test_what_says_the_same_makes_no_version_and_another_order_of_keys_does(
    cms: Clinic,
) -> None:
    admin = await admin_of(cms)
    await admin.post(GROUPS, DOSES)
    address = f"{GROUPS}/group_doses"
    same = await cms.http.put(address, json=DOSES, headers=admin.bearer)
    assert (same.status_code, same.json()["version"]) == (200, 1)
    turned = dict(reversed(DOSES.items()))
    other = await cms.http.put(address, json=turned, headers=admin.bearer)
    assert other.json()["version"] == 2
    flag = {**turned, "show_in_rest": True}
    assert (await cms.http.put(address, json=flag, headers=admin.bearer)).json()["version"] == 3
    versions = (await admin.get(f"{address}/versions")).json()["versions"]
    assert [one["version"] for one in versions] == [3, 2, 1]
    assert versions[2]["definition"] == DOSES
    first = (await admin.get(f"{address}/versions/1")).json()
    assert (first["definition"]["title"], first["editor_id"]) == ("Doses", admin.id)
    assert (await admin.get(f"{address}/versions/9")).status_code == 404


async def test_two_who_change_the_same_version_do_not_overwrite_each_other(cms: Clinic) -> None:
    admin = await admin_of(cms)
    seen = (await admin.post(GROUPS, DOSES)).headers["etag"]
    address = f"{GROUPS}/group_doses"
    mine = {**DOSES, "title": "Mine"}
    holding = {**admin.bearer, "If-Match": seen}
    first = await cms.http.put(address, json=mine, headers=holding)
    assert first.headers["etag"] == '"2"'
    late = await cms.http.put(address, json={**DOSES, "title": "Late"}, headers=holding)
    assert (late.status_code, late.json()["type"]) == (412, "urn:cms:problem:changed")
    assert (await cms.http.delete(address, headers=holding)).status_code == 412
    assert (await admin.get(address)).json()["title"] == "Mine"


async def test_every_fault_is_named_with_its_place(cms: Clinic) -> None:
    admin = await admin_of(cms)
    await admin.post(GROUPS, DOSES)
    wrong = {
        "key": "doses",
        "title": " ",
        "style": "fancy",
        "menu_order": "first",
        "compliance_level": "secret",
        "location": [[{"param": "post_type", "operator": "like", "value": "x"}], "post"],
        "fields": [
            {"key": "field_unit", "name": "unit", "label": "Taken key", "type": "text"},
            {"key": "x", "name": "a b", "label": "", "type": "text", "maxlength": "many"},
            {"key": "field_z", "name": "z", "label": "", "type": "telepathy"},
            "none",
        ],
    }
    refused = await admin.post(GROUPS, wrong)
    assert refused.status_code == 400
    assert set(refused.json()["faults"]) == {
        "key", "title", "style", "menu_order", "compliance_level", "location[0][0].operator",
        "location[1]", "fields[0].key", "fields[1].key", "fields[1].name", "fields[1].maxlength",
        "fields[2].type", "fields[3]",
    }  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"description": "NUL \x00"},
        {"menu_order": 2**60},
        {"description": "x" * (LARGEST + 1)},
        {"deep": None},
    ],
)
async def test_what_could_not_be_given_back_is_refused(cms: Clinic, more: dict[str, Any]) -> None:
    if "deep" in more:
        nested: Any = 1
        for _ in range(DEEPEST_JSON + 1):
            nested = [nested]
        more = {"deep": nested}
    admin = await admin_of(cms)
    assert (await admin.post(GROUPS, {**DOSES, **more})).status_code == 400


async def test_a_key_is_made_once_and_an_absent_group_is_not_replaced(cms: Clinic) -> None:
    admin = await admin_of(cms)
    absent = await cms.http.put(f"{GROUPS}/group_doses", json=DOSES, headers=admin.bearer)
    assert absent.status_code == 404
    assert (await admin.post(GROUPS, DOSES)).status_code == 201
    assert (await admin.post(GROUPS, DOSES)).status_code == 409
    moved = {**DOSES, "key": "group_other"}
    other = await cms.http.put(f"{GROUPS}/group_doses", json=moved, headers=admin.bearer)
    assert (other.status_code, list(other.json()["faults"])) == (400, ["key"])


async def test_a_removed_group_keeps_versions_and_values(cms: Clinic) -> None:
    admin = await admin_of(cms)
    await admin.post(GROUPS, DOSES)
    post = await cms.draft(admin, acf={"unit": "mg", "dose": 2})
    assert (await admin.delete(f"{GROUPS}/group_doses")).status_code == 204
    assert (await admin.get(f"{GROUPS}/group_doses")).status_code == 404
    assert (await admin.get(f"{GROUPS}/group_doses/versions")).status_code == 200
    address = f"/wp-json/wp/v2/posts/{post['id']}?context=edit"
    assert "acf" not in (await admin.get(address)).json()
    again = await admin.post(GROUPS, DOSES)
    assert again.json()["version"] == 2
    assert (await admin.get(address)).json()["acf"] == {"unit": "mg", "dose": 2}


async def test_an_inactive_group_has_no_fields_anywhere(cms: Clinic) -> None:
    admin = await admin_of(cms)
    await admin.post(GROUPS, {**DOSES, "active": 0})
    assert "acf" not in await cms.draft(admin, acf={"unit": "mg"})
    assert (await admin.get(f"{GROUPS}/group_doses")).json()["is_active"] is False
    assert (await admin.get(f"{GROUPS}/group_doses/form")).status_code == 404


async def test_whoever_changes_fields_that_have_values_is_told(cms: Clinic) -> None:
    admin = await admin_of(cms)
    await admin.post(GROUPS, DOSES)
    address = f"{GROUPS}/group_doses"
    unit, dose = DOSES["fields"]
    new = {**DOSES, "fields": [{**unit, "type": "number"}, {**dose, "name": "amount"}]}
    assert "notices" not in (await cms.http.put(address, json=new, headers=admin.bearer)).json()
    await cms.http.put(address, json=DOSES, headers=admin.bearer)
    await cms.draft(admin, acf={"unit": "mg", "dose": 2})
    told = (await cms.http.put(address, json=new, headers=admin.bearer)).json()["notices"]
    assert [(one["place"], one["code"]) for one in told] == [
        ("fields[0].type", "type_changed"),
        ("fields[1].name", "name_changed"),
    ]
    lost = {**DOSES, "fields": [dose]}
    await cms.http.put(address, json=DOSES, headers=admin.bearer)
    told = (await cms.http.put(address, json=lost, headers=admin.bearer)).json()["notices"]
    assert [one["code"] for one in told] == ["field_lost"]


async def test_a_rule_that_nobody_here_knows_is_kept_and_told(cms: Clinic) -> None:
    admin = await admin_of(cms)
    odd = [[{"param": "moon", "operator": "==", "value": "full"}]]
    made = await admin.post(GROUPS, {**DOSES, "location": odd, "hide_on_screen": ["roof"]})
    assert [one["code"] for one in made.json()["notices"]] == [
        "unknown_element",
        "unknown_parameter",
    ]
    assert "acf" not in await cms.draft(admin)


async def test_only_who_manages_the_site_keeps_groups(cms: Clinic) -> None:
    admin, ana = await admin_of(cms), await cms.person("ana", roles=("editor",))
    await admin.post(GROUPS, DOSES)
    address = f"{GROUPS}/group_doses"
    assert (await cms.http.get(GROUPS)).status_code == 401
    for answer in (
        await ana.get(GROUPS),
        await ana.get(address),
        await ana.post(GROUPS, DOSES),
        await cms.http.put(address, json=DOSES, headers=ana.bearer),
        await ana.delete(address),
        await ana.get(f"{address}/versions"),
    ):
        assert answer.status_code == 403
    assert (await ana.get(f"{address}/form")).status_code == 200
    assert (await cms.http.get(f"{address}/form")).status_code == 401
    async with cms.other() as other:
        stranger = await other.person("bia", ("administrator",))
        assert (await stranger.get(address)).status_code == 404


async def test_the_trail_tells_of_every_change(cms: Clinic) -> None:
    admin = await admin_of(cms)
    await admin.post(GROUPS, DOSES)
    address = f"{GROUPS}/group_doses"
    await cms.http.put(address, json={**DOSES, "title": "Other"}, headers=admin.bearer)
    await admin.delete(address)
    with psycopg.connect(cms.host.addresses.owner) as connection:
        told = connection.execute(
            "select action, before_state, after_state from audit.events "
            "where resource_type = 'field_group' order by occurred_at"
        ).fetchall()
    assert [row[0] for row in told] == ["fields:group:save"] * 2 + ["fields:group:remove"]
    assert told[1][1] == {"title": "Doses"}
    assert told[1][2]["title"] == "Other"
    assert told[2][1] == {"key": "group_doses", "title": "Other"}


async def test_a_form_is_drawn_from_its_description_alone(cms: Clinic) -> None:
    admin = await admin_of(cms)
    words = {"pt-BR": {"label": "Unidade", "instructions": "Uma só."}, "en": {"label": "Unit!"}}
    shown = [[{"field": "field_dose", "operator": ">", "value": "1"}]]
    unit = {
        **DOSES["fields"][0],
        "required": 1,
        "conditional_logic": shown,
        "wrapper": {"width": "50", "class": "", "id": ""},
        "translations": words,
    }
    titled = {"translations": {"pt": {"title": "Doses!"}}}
    await admin.post(GROUPS, {**DOSES, **titled, "fields": [unit, DOSES["fields"][1]]})
    form = (await admin.get(f"{GROUPS}/group_doses/form")).json()
    assert (form["title"], form["version"], form["position"]) == ("Doses!", 1, "normal")
    drawn = form["fields"][0]
    assert (drawn["label"], drawn["instructions"], drawn["required"]) == (
        "Unidade", "Uma só.", True,
    )  # fmt: skip
    assert drawn["conditional_logic"] == shown
    assert drawn["wrapper"]["width"] == "50"
    assert drawn["widget"]["control"]
    assert drawn["settings"]["maxlength"] == 4
    assert drawn["schema"]["type"]


async def test_a_form_has_what_its_reader_may_see_and_change(cms: Clinic) -> None:
    admin, ana = await admin_of(cms), await cms.person("ana", roles=("author",))
    unit, dose = DOSES["fields"]
    locked = {
        **DOSES,
        "fields": [
            {**unit, "write_capability": "manage_options"},
            {**dose, "read_capability": "manage_options"},
        ],
    }
    await admin.post(GROUPS, locked)
    address = f"{GROUPS}/group_doses/form"

    async def drawn(person: Person) -> list[tuple[str, bool]]:
        fields = (await person.get(address)).json()["fields"]
        return [(one["name"], one["read_only"]) for one in fields]

    assert await drawn(admin) == [("unit", False), ("dose", False)]
    assert await drawn(ana) == [("unit", True)]


async def test_every_type_has_a_contract(cms: Clinic) -> None:
    ana = await cms.person("ana", roles=("author",))
    told = (await ana.get("/api/v1/field-types")).json()
    by_name = {one["name"]: one for one in told["types"]}
    assert set(by_name) == set(cms.host.registry.field_types)
    assert all(one["widget"]["control"] for one in told["types"])
    text = {one["name"]: one["schema"] for one in by_name["text"]["settings"]}
    assert text["maxlength"]["type"] == "integer"
    assert {"position", "compliance_level"} <= {one["name"] for one in told["group_settings"]}
    assert {"post_type", "options_page"} <= {one["param"] for one in told["location"]}
    assert (await cms.http.get("/api/v1/field-types")).status_code == 401
