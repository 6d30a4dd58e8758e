"""Laws of all types: what is kept, how it is shown, and what is refused."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cms.fields.field import Field
from cms.fields.type import FieldType
from tests.support.field_types import INVALID, TYPES, VALID, field, shown, take

OWN = sorted(VALID)
"""The types whose values stand by themselves."""

each_type = pytest.mark.parametrize("kind", OWN)


def drawn(data: st.DataObject, table: dict[str, Any], kind: str) -> tuple[Field, Any]:
    """A field of the type and a value, from the table."""
    settings, values = data.draw(st.sampled_from(table[kind]))
    return field(kind, **settings), data.draw(values)


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value is described by a schema; WordPress's own words are read as it means them."""
    return bool(Draft202012Validator(in_new_words(schema)).is_valid(value))


def in_new_words(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema of draft 4 with `required` at the property, as one of today."""
    told = {name: one for name, one in schema.items() if name != "required"}
    if isinstance(schema.get("required"), list):
        told["required"] = schema["required"]
    properties = schema.get("properties", {})
    if properties:
        told["properties"] = {name: in_new_words(one) for name, one in properties.items()}
        needed = [name for name, one in properties.items() if one.get("required") is True]
        told["required"] = [*told.get("required", ()), *needed]
    return told


@each_type
@settings(max_examples=30)
@given(data=st.data())
def test_a_kept_value_is_kept_as_it_is_and_survives_json(kind: str, data: st.DataObject) -> None:
    one, value = drawn(data, VALID, kind)
    kept, faults = take(one, value)
    assert faults == []
    if kept is not None:
        assert take(one, kept) == (kept, [])
        assert json.loads(json.dumps(kept)) == kept
        assert take(one, json.loads(json.dumps(kept))) == (kept, [])


@each_type
@settings(max_examples=30)
@given(data=st.data())
def test_every_form_is_what_its_schema_says(kind: str, data: st.DataObject) -> None:
    one, value = drawn(data, VALID, kind)
    kept, _ = take(one, value)
    light, standard, typed = shown(one, kept)
    assert fits(typed, TYPES[kind].typed_schema(one, TYPES)), typed
    json.dumps(standard)
    if kept not in (None, []):
        assert fits(light, TYPES[kind].schema(one, TYPES)), light


@each_type
@settings(max_examples=30)
@given(data=st.data())
def test_what_the_light_form_shows_can_be_sent_back(kind: str, data: st.DataObject) -> None:
    one, value = drawn(data, VALID, kind)
    kept, _ = take(one, value)
    light = shown(one, kept)[0]
    if light not in (None, ""):
        assert take(one, light) == (kept, [])


@each_type
@settings(max_examples=30)
@given(data=st.data())
def test_what_does_not_fit_is_refused(kind: str, data: st.DataObject) -> None:
    _, faults = take(*drawn(data, INVALID, kind))
    assert faults
    assert all(path.startswith("one") for path, _ in faults)


@each_type
@settings(max_examples=30)
@given(data=st.data())
def test_words_and_sorted_values_are_of_their_kinds(kind: str, data: st.DataObject) -> None:
    one, value = drawn(data, VALID, kind)
    kept, _ = take(one, value)
    if kept is None:
        return
    assert all(isinstance(word, str) for word in TYPES[kind].words(one, kept, TYPES))
    kinds = {type(found).__name__ for found in TYPES[kind].sort_values(one, kept)}
    expected = {"text": {"str"}, "number": {"float"}, "moment": {"datetime"}, "": set()}
    assert kinds <= expected[TYPES[kind].compared_as]


@each_type
def test_every_type_is_tried_with_values_that_fit_and_that_do_not(kind: str) -> None:
    assert kind in INVALID


def test_no_type_with_a_value_of_its_own_is_left_out() -> None:
    assert {one.name for one in TYPES if one.has_value and not refers(one)} == set(OWN)


def refers(kind: FieldType) -> bool:
    """Whether its values name other things, or hold other values: those have tests of their own."""
    return (kind.category == "relational" and kind.name != "link") or kind.name in {
        "image", "file", "gallery", "group", "repeater", "flexible_content", "clone",
    }  # fmt: skip
