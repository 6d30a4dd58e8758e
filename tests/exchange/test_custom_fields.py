"""Values of custom fields as Advanced Custom Fields leaves them in a WordPress file, and back."""

import io
from typing import Any

from cms.exchange.php import serialize
from cms.exchange.writing import Wanted, write
from cms.fields import groups
from tests.exchange.conftest import Bring, notes, read
from tests.exchange.files import author, export, item
from tests.support.clinic import Clinic


def field(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"key": f"field_{name}", "name": name, "label": name, "type": kind, **more}


GROUP = {
    "key": "group_leaflet",
    "title": "Leaflet",
    "show_in_rest": 1,
    "location": [[{"param": "post_type", "operator": "==", "value": "post"}]],
    "fields": [
        field("unit", "text", maxlength=40),
        field("dose", "number"),
        field("is_new", "true_false"),
        field("since", "date_picker"),
        field("ways", "checkbox", choices={"oral": "Oral", "iv": "IV"}),
        field("maker", "group", sub_fields=[field("city", "text")]),
        field("doses", "repeater", sub_fields=[field("age", "number"), field("note", "text")]),
        field(
            "parts",
            "flexible_content",
            layouts=[
                {"key": "layout_a", "name": "a", "label": "A", "sub_fields": [field("t", "text")]},
                {"key": "layout_b", "name": "b", "label": "B", "sub_fields": [field("u", "text")]},
            ],
        ),
    ],
}
META = {
    "unit": "mg",
    "dose": "2.5",
    "is_new": "0",
    "since": "20240229",
    "ways": serialize(["oral", "iv"]),
    "maker": "",
    "maker_city": "Recife",
    "doses": "2",
    "doses_0_age": "7",
    "doses_0_note": serialize("a:0:{}"),
    "doses_1_age": "9",
    "parts": serialize(["b", "a"]),
    "parts_0_u": "U",
    "parts_1_t": "T",
}
KEYS = {
    f"_{name}": f"field_{name.rpartition('_')[2] if name != 'is_new' else name}" for name in META
}
LIGHT = {
    "unit": "mg",
    "dose": 2.5,
    "is_new": False,
    "since": "20240229",
    "ways": ["oral", "iv"],
    "maker": {"city": "Recife"},
}


async def keep(clinic: Clinic) -> None:
    async with clinic.as_system() as work:
        await groups.save(work, GROUP)
        work.afterwards(clinic.host.tenants.forget)
    clinic.tenant = await clinic.host.tenants.by_slug(clinic.tenant.slug)


async def test_values_come_in_and_go_out_as_acf_keeps_them(cms: Clinic, bring: Bring) -> None:
    await keep(cms)
    raw = export(author("ana", 7), item(1, title="Dor", meta={**META, **KEYS, "other": "x"}))
    report = await bring(raw)
    fields = (await read(cms, "posts", 1))["acf"]
    assert {name: fields[name] for name in LIGHT} == LIGHT
    assert [row["age"] for row in fields["doses"]] == [7, 9]
    assert fields["doses"][0]["note"] == "a:0:{}"
    assert [row["acf_fc_layout"] for row in fields["parts"]] == ["b", "a"]
    told = await notes(cms, report, "1")
    assert "meta without a place here, put away: other" in told
    file = io.BytesIO()
    async with cms.as_system() as work:
        await write(work, file, Wanted((), (), None, None), "https://clinica.example", "")
    written = file.getvalue().decode()
    for name, value in {**META, **KEYS}.items():
        if value:
            assert f"<wp:meta_key><![CDATA[{name}]]></wp:meta_key>" in written, name
            assert f"<wp:meta_value><![CDATA[{value}]]></wp:meta_value>" in written, name
    async with cms.other() as other:
        await keep(other)
        await bring(file.getvalue(), other)
        assert (await read(other, "posts", 1))["acf"] == fields


async def test_a_value_that_does_not_fit_is_left_out_and_told(cms: Clinic, bring: Bring) -> None:
    await keep(cms)
    wrong = {"unit": "mg", "dose": "much", "doses": "99999", "parts": "a:1:{O:1}"}
    keys = {f"_{name}": f"field_{name}" for name in wrong}
    report = await bring(export(author("ana", 7), item(1, meta={**wrong, **keys})))
    fields = (await read(cms, "posts", 1))["acf"]
    assert fields["unit"] == "mg"
    assert fields["dose"] in (None, "")
    told = "\n".join(await notes(cms, report, "1"))
    assert "left out, because they do not stand here: dose" in told
    assert "field 'doses' has more than 10000 rows" in told
    assert "field 'parts'" in told
