"""Types whose values name other things: settings and schemas as measured, what they take in."""

from typing import Any

import pytest

from cms.errors import InvalidInput
from cms.fields.faults import FieldFaults
from cms.fields.field import Field
from cms.fields.type import FieldType, Reference, Taking
from cms.fields.types import media, relations
from cms.fields.types.media import megabytes
from tests.fields.acf_table import MEASURED, TABLE, Types, field_of

HERE: tuple[FieldType, ...] = (*relations.TYPES, *media.TYPES)
BY_NAME = {one.name: one for one in HERE}


def taken(field: Field, value: Any) -> tuple[Any, list[tuple[str, str]]]:
    """What is kept, and the path and rule of each fault."""
    field_type = BY_NAME[field.type]
    taking = Taking(Types(field_type), FieldFaults())
    kept = field_type.take(field, value, taking, "a")
    return kept, [(one.path, one.rule) for one in taking.faults]


@pytest.mark.parametrize("field_type", HERE, ids=lambda one: one.name)
def test_settings_are_those_of_acf(field_type: FieldType) -> None:
    measured = MEASURED[field_type.name]
    wanted = measured["schema_settings"]
    assert {one.name for one in field_type.settings} == set(wanted)
    for one in field_type.settings:
        assert {key: one.schema.get(key) for key in wanted[one.name]} == wanted[one.name], one.name
        given = (measured["registered_defaults"] or {}).get(one.name)
        # A field that says what ACF registers has the settings of one that says nothing.
        if given is not None:
            field = field_of(field_type, **{one.name: given})
            assert field.setting(one.name) == field_of(field_type).setting(one.name), one.name


@pytest.mark.parametrize("field_type", HERE, ids=lambda one: one.name)
def test_the_rest_schema_is_that_of_acf(field_type: FieldType) -> None:
    measured = MEASURED[field_type.name]["rest_schema"]
    if measured is None:
        assert field_type.name in TABLE["pro_types"]
        return
    assert field_type.schema(field_of(field_type), Types(field_type)) == measured


def test_categories_and_pro_are_those_of_acf() -> None:
    for one in HERE:
        assert one.is_pro == MEASURED[one.name]["pro"]
        assert MEASURED[one.name]["category"] in {one.category, None}


@pytest.mark.parametrize("field_type", HERE, ids=lambda one: one.name)
def test_a_form_knows_what_a_picker_needs(field_type: FieldType) -> None:
    widget = field_type.widget(field_of(field_type))
    assert widget["control"] == field_type.name
    source = widget["source"]
    assert source["endpoint"].startswith("/wp-json/wp/v2/")
    assert {"arguments", "search", "id", "title"} <= set(source)


def test_a_picker_gets_the_limits_of_the_field() -> None:
    posts = field_of(
        BY_NAME["relationship"], post_type=["page", "post"], taxonomy=["category:dor"], max=3
    )
    widget = BY_NAME["relationship"].widget(posts)
    assert widget["source"]["arguments"] == {"type": "post", "subtype": ["page", "post"]}
    assert (widget["source"]["taxonomy"], widget["max"]) == (["category:dor"], 3)
    people = field_of(BY_NAME["user"], role=["editor"])
    assert BY_NAME["user"].widget(people)["source"]["arguments"] == {"roles": ["editor"]}
    picture = field_of(BY_NAME["image"], library="uploadedTo", min_width=300, max_size="300 KB")
    widget = BY_NAME["image"].widget(picture)
    assert (widget["source"]["subject"], widget["min_width"]) == ("parent", 300)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (7, 7),
        ("7", 7),
        ([7], 7),
        (["7"], 7),
        ({"id": 7, "title": "Dor"}, 7),
        ({"ID": 7, "post_title": "Dor"}, 7),
        ([], None),
    ],
)
@pytest.mark.parametrize("name", ["post_object", "page_link", "user", "image", "file"])
def test_one_is_kept_as_its_number(name: str, value: Any, kept: Any) -> None:
    field = field_of(BY_NAME[name])
    assert taken(field, value) == (kept, [])
    if kept is not None:
        assert taken(field, kept) == (kept, [])


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("post_object", {"multiple": 1}),
        ("page_link", {"multiple": 1}),
        ("user", {"multiple": 1}),
        ("relationship", {}),
        ("gallery", {}),
        ("taxonomy", {}),
        ("taxonomy", {"field_type": "multi_select"}),
    ],
)
def test_several_are_kept_in_their_order_each_once(name: str, settings: dict[str, Any]) -> None:
    field = field_of(BY_NAME[name], **settings)
    assert taken(field, ["7", 3, 7]) == ([7, 3], [])
    assert taken(field, [7, 3]) == ([7, 3], [])
    assert taken(field, 7) == ([7], [])


def test_a_single_term_is_kept_as_a_list_and_shown_as_a_number() -> None:
    one = BY_NAME["taxonomy"]
    field = field_of(one, field_type="radio")
    assert taken(field, 7) == ([7], [])
    assert one.light(field, [7], None) == 7  # type: ignore[arg-type]
    assert taken(field, [7, 8])[1] == [("a", "multiple")]


@pytest.mark.parametrize("wrong", [True, -1, 0, 1.5, "x", 2**63, {"name": "x"}, [[1]], "²"])
@pytest.mark.parametrize("one", HERE, ids=lambda one: one.name)
def test_what_is_no_number_of_anything_is_refused(one: FieldType, wrong: Any) -> None:
    kept, faults = taken(field_of(one), wrong)
    assert kept is None
    assert [rule for _, rule in faults] == ["type"]


def test_each_wrong_member_is_named_by_its_place() -> None:
    assert taken(field_of(BY_NAME["gallery"]), [1, "x", True])[1] == [
        ("a[1]", "type"),
        ("a[2]", "type"),
    ]


def test_counts_are_kept() -> None:
    field = field_of(BY_NAME["relationship"], min=2, max=3)
    assert taken(field, [1])[1] == [("a", "min")]
    assert taken(field, [1, 2])[1] == []
    assert taken(field, [1, 2, 3, 4])[1] == [("a", "max")]
    assert taken(field, list(range(1, 20_000)))[1] == [("a", "max")]


@pytest.mark.parametrize(
    "address", ["https://clinica.example/artigos/", "http://clinica.example", "/artigos/?page=2"]
)
def test_a_page_link_takes_the_address_of_an_archive(address: str) -> None:
    one = BY_NAME["page_link"]
    assert taken(field_of(one), address) == (address, [])
    assert taken(field_of(one, allow_archives=0), address)[1] == [("a", "type")]
    typed = one.typed(field_of(one), address, None)  # type: ignore[arg-type]
    assert taken(field_of(one), typed) == (address, [])


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "//evil.example", "/\\evil", "data:text/html,x", "/a b"]
)
def test_a_page_link_refuses_what_a_browser_would_run(address: str) -> None:
    assert taken(field_of(BY_NAME["page_link"]), address)[1] == [("a", "type")]


@pytest.mark.parametrize(
    ("said", "size"),
    [("", ""), (2, 2), ("2", 2), ("1.5", 1.5), ("512 KB", 0.5), ("1MB", 1), ("1 gb", 1024)],
)
def test_sizes_are_megabytes_or_say_their_unit(said: Any, size: Any) -> None:
    assert megabytes(said) == size


def test_a_size_of_no_unit_is_a_fault_of_the_group() -> None:
    with pytest.raises(InvalidInput) as refused:
        field_of(BY_NAME["image"], max_size="many")
    assert set(refused.value.faults) == {"fields[0].max_size"}


def test_what_is_named_is_told_for_all_at_once() -> None:
    gallery, posts = BY_NAME["gallery"], BY_NAME["page_link"]
    named = [*gallery.references(field_of(gallery), [3, 4], Types())]
    assert named == [Reference("post", 3, False), Reference("post", 4, False)]
    links = [*posts.references(field_of(posts, multiple=1), [3, "/artigos/"], Types())]
    assert links == [Reference("post", 3, True)]
    assert [*gallery.sort_values(field_of(gallery), [3, 4])] == [3.0, 4.0]
