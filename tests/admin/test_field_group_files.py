"""Field groups from files and of plugins."""

import json
from typing import Any

from tests.admin.conftest import Visiting
from tests.support.clinic import Clinic
from tests.support.visiting import Seen, Visitor

HOME = "/admin/fields"
GROUP: dict[str, Any] = {
    "key": "group_5f0000000000a",
    "title": "Exame",
    "fields": [
        {
            "key": "field_5f0000000000a",
            "label": "Valor",
            "name": "valor",
            "aria-label": "",
            "type": "number",
            "required": 0,
            "conditional_logic": 0,
            "wrapper": {"width": "50", "class": "", "id": ""},
            "min": "",
            "from_elsewhere": {"kept": [1, "2"]},
        },
        {
            "key": "field_5f0000000000b",
            "label": "Linhas",
            "name": "linhas",
            "type": "repeater",
            "sub_fields": [],
        },
    ],
    "location": [[{"param": "post_type", "operator": "==", "value": "post"}]],
    "active": True,
    "unknown_of_group": "stays",
}


async def brought(admin: Visitor, content: Any) -> Seen:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    files = {"file": ("acf-export.json", data, "application/json")}
    return await admin.send(f"{HOME}/import", files=files)


async def test_a_file_is_brought_in_and_given_back_to_the_letter(visitor: Visiting) -> None:
    admin = await visitor("adm", ["administrator"])
    seen = await brought(admin, [GROUP])
    assert "Exame" in seen.words
    assert "new" in seen.words
    out = await admin.get(f"{HOME}/export?key={GROUP['key']}")
    assert json.loads(out.response.text) == [GROUP]
    assert "attachment" in out.response.headers["content-disposition"]
    assert "same" in (await brought(admin, [GROUP])).words


async def test_saving_a_field_leaves_all_that_was_not_changed(visitor: Visiting) -> None:
    admin = await visitor("adm", ["administrator"])
    await brought(admin, GROUP)
    page = f"{HOME}/{GROUP['key']}/fields/field_5f0000000000a"
    form = (await admin.get(page)).fields(page)
    assert (await admin.send(page, {**form, "label": "Resultado"})).status == 303
    out = (await admin.get(f"{HOME}/export?key={GROUP['key']}")).response.json()[0]
    wanted = {**GROUP, "fields": [{**GROUP["fields"][0], "label": "Resultado"}, GROUP["fields"][1]]}
    assert out == wanted


async def test_a_file_that_holds_no_group_is_refused_at_its_field(visitor: Visiting) -> None:
    admin = await visitor("adm", ["administrator"])
    for content in (b"\xff\xfe", b"no json", [{"key": "x"}], [GROUP, GROUP]):
        seen = await brought(admin, content)
        assert seen.status == 422
        assert seen.tree.css_first("#file-fault") is not None
    assert (await admin.send(f"{HOME}/import")).status == 422
    faulty = await brought(admin, {**GROUP, "fields": "none"})
    assert "refused" in faulty.words


async def test_a_group_of_a_plugin_is_only_looked_at(visitor: Visiting, cms: Clinic) -> None:
    admin = await visitor("adm", ["administrator"])
    person = await cms.person("adm")
    listed = (await person.get("/api/v1/field-groups")).json()["field_groups"]
    key = next(one["key"] for one in listed if one["source"] != "site")
    seen = await admin.get(f"{HOME}/{key}")
    assert "only the plugin's code changes it" in seen.words
    assert seen.tree.css("main form") == []
    assert (await admin.get(f"{HOME}/{key}/preview")).status == 200
    assert (await admin.get(f"{HOME}/{key}/settings")).status == 409
    step = {"seen": "0", "label": "Mais", "type": "text", "holder": ""}
    assert (await admin.send(f"{HOME}/{key}/fields", step)).status == 409
