"""Clones: of fields and of groups, in a line with the others or as a group, and in circles."""

import pytest

from cms.content.faults import Faults
from cms.fields import cloning
from cms.fields.field import Field, Group
from tests.fields.building import (
    faults,
    field,
    fields_of,
    group,
    layout,
    light,
    names,
    read,
    rule,
    take,
)

SOURCE = group(
    field("text", "is_on", "field_on"),
    field("text", "unit", "field_unit", conditional_logic=rule("field_on", "==", "1")),
    field(
        "repeater",
        "rows",
        "field_rows",
        sub_fields=[field("text", "cell", "field_cell")],
    ),
    key="group_source",
)


def clone(name: str = "copy", key: str = "field_copy", **settings: object) -> dict[str, object]:
    return field("clone", name, key, clone=["group_source"], **settings)


def resolved(*definitions: dict[str, object]) -> tuple[list[Group], list[tuple[str, str]]]:
    said: list[tuple[str, str]] = []
    groups = [read(one) for one in definitions]
    return cloning.resolve(groups, lambda *told: said.append(told)), said


def test_a_seamless_clone_is_its_fields_with_keys_of_their_own() -> None:
    groups, said = resolved(group(clone()), SOURCE)
    assert said == []
    first, second, third = groups[0].fields
    assert names(groups[0].fields) == ["is_on", "unit", "rows"]
    assert second.key == "field_copy_field_unit"
    assert second.conditions[0][0].field == first.key
    assert third.sub_fields[0].key == "field_copy_field_cell"
    assert groups[1].fields == read(SOURCE).fields


def test_prefixes_of_names_and_labels() -> None:
    fields = fields_of(group(clone(prefix_name=1, prefix_label=1)), SOURCE)
    assert list(fields) == ["copy_is_on", "copy_unit", "copy_rows"]
    assert fields["copy_unit"][0].label == "Copy Unit"


def test_a_clone_can_stand_as_a_group() -> None:
    fields = fields_of(group(clone(display="group", prefix_name=1)), SOURCE)
    stored = take(fields, {"copy": {"is_on": "1", "unit": "mg", "rows": [{"cell": "a"}]}})
    assert stored == {"copy": {"is_on": "1", "unit": "mg", "rows": [{"cell": "a"}]}}
    assert light(fields, {}) == {"copy": {"is_on": "", "unit": "", "rows": False}}
    assert faults(fields, {"copy": {"rows": [{"cell": 3}, 3]}}) == [("copy.rows[1]", "type")]


def test_single_fields_also_inner_ones_can_be_cloned_and_clones_of_clones() -> None:
    single = field("clone", "one", "field_single", clone=["field_cell", "field_unit"])
    outer = field("clone", "two", "field_outer", clone=["group_middle"])
    fields = fields_of(group(outer), group(single, key="group_middle"), SOURCE)
    assert list(fields) == ["cell", "unit"]
    assert fields["cell"][0].key == "field_outer_field_single_field_cell"
    assert cloning.origins(fields["cell"][0].key) == ["field_single", "field_cell"]


def test_a_clone_inside_rows_and_layouts() -> None:
    body = field("flexible_content", "body", layouts=[layout("part", clone())])
    rows = field("repeater", "lines", sub_fields=[clone(key="field_other")])
    fields = fields_of(group(body, rows), SOURCE)
    assert names(fields["body"][0].layouts[0].sub_fields) == ["is_on", "unit", "rows"]
    assert names(fields["lines"][0].sub_fields) == ["is_on", "unit", "rows"]


def test_what_holds_for_a_clone_holds_for_its_fields() -> None:
    on = field("text", "switch", "field_switch")
    told = clone(required=1, conditional_logic=rule("field_switch", "==", "yes"))
    fields = fields_of(group(on, told), SOURCE)
    unit: Field = fields["unit"][0]
    assert unit.is_required
    assert [one.field for one in unit.conditions[0]] == ["field_switch", "field_copy_field_on"]


def test_what_a_clone_names_may_come_later() -> None:
    groups, said = resolved(group(clone(), field("text", "own")))
    assert names(groups[0].fields) == ["own"]
    assert said == []


def find(definition: dict[str, object], *others: dict[str, object]) -> Faults:
    found = Faults()
    cloning.find_faults(read(definition), [read(one) for one in others], found)
    return found


def test_a_circle_is_told_when_the_group_is_saved_and_cut_when_it_is_served() -> None:
    one = group(field("clone", "b", "field_b", clone=["group_two"]), key="group_one")
    two = group(
        field("text", "own"),
        field("repeater", "r", sub_fields=[field("clone", "a", "field_a", clone=["group_one"])]),
        key="group_two",
    )
    assert find(one, two).messages == {
        "fields[0].clone": "contains itself (field_b > field_a > field_b); "
        "clone single fields instead"
    }
    assert set(find(two, one).messages) == {"fields[1].sub_fields[0].clone"}
    groups, said = resolved(one, two)
    assert names(groups[0].fields) == ["own", "r"]
    assert {key for key, _ in said} == {"field_a", "field_b"}


def test_a_group_that_clones_itself_is_refused() -> None:
    me = group(field("clone", "me", "field_me", clone=["group_one"]), field("text", "own"))
    assert set(find(me).messages) == {"fields[0].clone"}
    assert names(resolved(me)[0][0].fields) == ["own"]


def test_two_fields_of_a_name_are_told() -> None:
    told = find(group(field("text", "unit"), clone()), SOURCE)
    assert "use prefix_name" in told.messages["fields[1].clone"]
    fields = fields_of(group(field("text", "unit", "field_mine"), clone()), SOURCE)
    assert fields["unit"][0].key == "field_mine"


@pytest.mark.parametrize("display", ["seamless", "group"])
def test_clones_that_double_at_each_step_end_soon(display: str) -> None:
    """Three to the power of thirty fields: whoever made them all would never end."""
    definitions = [
        group(
            *(
                field(
                    "clone",
                    f"c{side}",
                    f"field_{i}_{side}",
                    clone=[f"group_g{i + 1}"],
                    display=display,
                    prefix_name=1,
                )
                for side in range(3)
            ),
            key=f"group_g{i}",
        )
        for i in range(30)
    ]
    groups, said = resolved(*definitions)
    assert said
    assert len(groups) == 30
    assert all(len(list(one.every_field())) <= cloning.MOST_RESOLVED for one in groups)
