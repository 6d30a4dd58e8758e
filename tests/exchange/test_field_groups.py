"""Field groups that come with a WordPress file."""

import io
from typing import Any

from cms.exchange import field_groups
from cms.exchange.php import serialize
from cms.exchange.reading import WxrReader
from cms.exchange.wxr import Item
from cms.fields import groups
from tests.exchange.conftest import notes, told
from tests.exchange.files import author, export, item
from tests.exchange.test_custom_fields import stored
from tests.support.clinic import Clinic

LOCATION = [[{"param": "post_type", "operator": "==", "value": "post"}]]


def group_item(id: int, key: str, **more: Any) -> str:
    content = serialize({"location": LOCATION, "position": "normal", "show_in_rest": 1, **more})
    return item(id, type="acf-field-group", slug=key, title="Doses", content=content)


def field_item(id: int, parent: int, kind: str, name: str, order: int = 0, **more: Any) -> str:
    content = serialize({"type": kind, "required": 0, "conditional_logic": 0, **more})
    return item(
        id,
        type="acf-field",
        slug=f"field_{name}",
        title=name.title(),
        excerpt=name,
        parent=parent,
        menu_order=order,
        content=content,
    )


ITEMS = (
    group_item(5, "group_doses"),
    field_item(8, 5, "flexible_content", "body", 1, layouts={
        "layout_a": {"key": "layout_a", "name": "a", "label": "A", "display": "block"},
        "layout_b": {"key": "layout_b", "name": "b", "label": "B", "display": "block"},
    }),
    field_item(9, 8, "text", "words", parent_layout="layout_b"),
    field_item(6, 5, "repeater", "doses", 0, min=0),
    field_item(7, 6, "select", "unit", choices={1: "mg", 2: "ml"}),
    field_item(11, 77, "text", "lost"),
)  # fmt: skip
META = {
    "doses": "1", "_doses": "field_doses",
    "doses_0_unit": "2", "_doses_0_unit": "field_unit",
    "body": serialize(["b"]), "_body": "field_body",
    "body_0_words": "x", "_body_0_words": "field_words",
}  # fmt: skip
FILE = export(author("ana"), item(21, meta=META), *ITEMS)


def test_a_group_is_put_together_in_the_order_of_its_form() -> None:
    items = [one for one in WxrReader(io.BytesIO(FILE)) if isinstance(one, Item)]
    wanted = [one for one in items if one.type in field_groups.TYPES]
    (_, definition), (_, fault) = field_groups.definitions(wanted)
    assert isinstance(definition, dict)
    assert definition["key"] == "group_doses"
    assert definition["location"] == LOCATION
    doses, body = definition["fields"]
    assert [one["name"] for one in doses["sub_fields"]] == ["unit"]
    assert doses["sub_fields"][0]["choices"] == {"1": "mg", "2": "ml"}
    assert [[one["name"] for one in row["sub_fields"]] for row in body["layouts"]] == [
        [],
        ["words"],
    ]
    assert fault == "its field group is not in the file"


async def test_groups_come_before_the_values_that_need_them(cms: Clinic, bring: Any) -> None:
    report = await bring(FILE)
    lines = await told(cms, report)
    assert ("acf-field-group", "group_doses", "created") in lines
    assert ("acf-field", "11", "not imported") in lines
    assert (await stored(cms))[21] == {
        "doses": [{"unit": "2"}],
        "body": [{"acf_fc_layout": "b", "words": "x"}],
    }
    again = await told(cms, await bring(FILE))
    assert ("acf-field-group", "group_doses", "skipped") in again


async def test_a_group_that_cannot_be_kept_is_reported(cms: Clinic, bring: Any) -> None:
    broken = item(5, type="acf-field-group", slug="group_x", content='O:8:"stdClass":0:{}')
    strange = (group_item(6, "group_y"), field_item(7, 6, "hologram", "holo"))
    report = await bring(export(author("ana"), broken, *strange))
    lines = await told(cms, report)
    assert ("acf-field-group", "5", "not imported") in lines
    assert ("acf-field-group", "6", "refused") in lines
    assert "there is no type 'hologram'" in "\n".join(await notes(cms, report, "6"))
    async with cms.as_system() as work:
        assert [one.key for one in await groups.listed(work) if one.source == "site"] == []
