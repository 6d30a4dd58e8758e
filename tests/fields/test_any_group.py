"""Laws of any group with any values: what is kept comes back as it is, and what is wrong is named
by its own path."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cms.fields.field import Field, Group
from tests.fields.building import (
    TYPES,
    faults,
    field,
    fields_of,
    group,
    layout,
    light,
    take,
    typed,
)
from tests.support.field_types import INVALID, VALID

Fields = dict[str, tuple[Field, Group]]
Draw = Callable[[Any], Any]
Made = tuple[dict[str, Any], Callable[[Draw], Any]]
"""The JSON of a field, and what draws a value for it."""

LEAVES = [(kind, *one) for kind, listed in VALID.items() for one in listed]
WRONG = [(kind, *one) for kind, listed in INVALID.items() for one in listed]


@st.composite
def leaves(draw: Draw, name: str) -> Made:
    kind, told, values = draw(st.sampled_from(LEAVES))
    return field(kind, name, **told), lambda draw: draw(values)


def _members(draw: Draw, depth: int) -> list[Made]:
    count = draw(st.integers(1, 3))
    return [_any_field(draw, f"f{i}", depth) for i in range(count)]


def _any_field(draw: Draw, name: str, depth: int) -> Made:
    kind = draw(st.sampled_from(["leaf", "group", "repeater", "flexible_content"]))
    if kind == "leaf" or depth == 0:
        made: Made = draw(leaves(name))
        return made
    if kind == "flexible_content":
        layouts = [(f"l{i}", _members(draw, depth - 1)) for i in range(draw(st.integers(1, 2)))]
        told = [layout(each, *(one for one, _ in inner)) for each, inner in layouts]
        return field(kind, name, layouts=told), lambda draw: [
            {"acf_fc_layout": each, **_some(draw, inner)}
            for each, inner in draw(st.lists(st.sampled_from(layouts), max_size=3))
        ]
    inner = _members(draw, depth - 1)
    definition = field(kind, name, sub_fields=[one for one, _ in inner])
    if kind == "group":
        return definition, lambda draw: _some(draw, inner)
    return definition, lambda draw: [_some(draw, inner) for _ in range(draw(st.integers(0, 3)))]


def _some(draw: Draw, members: list[Made]) -> dict[str, Any]:
    """Values of some of the fields; of the others none, or null."""
    found = {}
    for one, value in members:
        match draw(st.sampled_from(["value", "value", "null", "nothing"])):
            case "value":
                found[one["name"]] = value(draw)
            case "null":
                found[one["name"]] = None
    return found


@st.composite
def sound(draw: Draw) -> tuple[Fields, dict[str, Any]]:
    members = _members(draw, 3)
    return fields_of(group(*(one for one, _ in members))), _some(draw, members)


@st.composite
def unsound(draw: Draw) -> tuple[Fields, dict[str, Any], str]:
    """A group with one wrong value somewhere in it, and the path of that one."""
    kind, told, values = draw(st.sampled_from(WRONG))
    one, value, path = field(kind, "wrong", **told), draw(values), ".wrong"
    for depth in range(draw(st.integers(0, 4))):
        around, name = _members(draw, 0), f"level{depth}"
        beside = [definition for definition, _ in around]
        inside = {**_some(draw, around), one["name"]: value}
        match draw(st.sampled_from(["group", "repeater", "flexible_content"])):
            case "group":
                one, value = field("group", name, sub_fields=[*beside, one]), inside
                path = f".{name}{path}"
            case "repeater":
                rows = [_some(draw, around) for _ in range(draw(st.integers(0, 2)))]
                one = field("repeater", name, sub_fields=[*beside, one])
                value, path = [*rows, inside], f".{name}[{len(rows)}]{path}"
            case _:
                other, mine = layout("other", *beside), layout("mine", *beside, one)
                rows = [{"acf_fc_layout": "other", **_some(draw, around)}]
                # Keys are unique in a group.
                other = layout("other", *({**each, "key": f"{each['key']}_o"} for each in beside))
                one = field("flexible_content", name, layouts=[other, mine])
                value = [*rows, {"acf_fc_layout": "mine", **inside}]
                path = f".{name}[1]{path}"
    others = _members(draw, 1)
    fields = fields_of(group(*(each for each, _ in others), one))
    return fields, {**_some(draw, others), one["name"]: value}, path.removeprefix(".")


def _has_default(one: Field) -> bool:
    return any(each.setting("default_value") is not None for each in (one, *one.below()))


@settings(max_examples=250)
@given(sound())
def test_what_is_kept_comes_back_as_it_is(made: tuple[Fields, dict[str, Any]]) -> None:
    fields, values = made
    stored = take(fields, values)
    assert take(fields, stored, stored) == stored
    shown = light(fields, stored)
    # Where a default was shown, it is a value from now on, as in ACF; nobody sees a difference.
    back = take(fields, shown, stored)
    assert {name: back[name] for name in back if not _has_default(fields[name][0])} == {
        name: stored[name] for name in stored if not _has_default(fields[name][0])
    }
    assert light(fields, back) == shown
    assert typed(fields, back) == typed(fields, stored)
    assert take(fields, light(fields, back), back) == back


@settings(max_examples=150)
@given(sound())
def test_each_form_is_as_its_schema_says(made: tuple[Fields, dict[str, Any]]) -> None:
    fields, values = made
    stored = take(fields, values)
    shown, ours = light(fields, stored), typed(fields, stored)
    for name, (one, _) in fields.items():
        kind = TYPES[one.type]
        of_light = Draft202012Validator(_plain(kind.schema(one, TYPES)))
        assert [error.message for error in of_light.iter_errors(shown[name])] == []
        of_typed = Draft202012Validator(kind.typed_schema(one, TYPES))
        assert [error.message for error in of_typed.iter_errors(ours[name])] == []


_NAMES = {"int": "integer", "float": "number"}


def _plain(schema: Any) -> Any:
    """WordPress's kind of schema as everybody else writes it: `required` beside each property is
    about what is sent, some names of types are PHP's, and ACF lists the choices of a field without
    the empty text that it gives for none of them."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    is_layout = schema.get("required") is True and "enum" in schema
    left_out = {"required"} if is_layout else {"required", "enum", "minItems"}
    kept = {key: _plain(one) for key, one in schema.items() if key not in left_out}
    if isinstance(kept.get("type"), list):
        kept["type"] = list(dict.fromkeys(_NAMES.get(one, one) for one in kept["type"]))
    return kept


@settings(max_examples=250)
@given(unsound())
def test_what_is_wrong_is_named_by_its_own_path(made: tuple[Fields, dict[str, Any], str]) -> None:
    fields, values, path = made
    found = faults(fields, values)
    assert found
    assert {one for one, _ in found if not one.startswith(path)} == set()
