"""Settings of fields as controls of a form: what is not changed on it stays to the letter."""

import json
from typing import Any

import pytest

from cms.admin.forms import Form
from cms.admin.screens.field_groups.fields import settings_of
from cms.admin.shaping.settings import Control, Kind, changed, control
from cms.fields.catalogue import HOST_TYPES
from cms.fields.type import Catalogue, Setting

TYPES = Catalogue({one.name: one for one in HOST_TYPES})
PAIRS = Setting("choices", {"type": "object", "default": {}})

# As exports of several ages write them: PHP's truths, absent numbers, single choices, arrays.
ODD: list[dict[str, Any]] = [
    {},
    {"required": 1, "allow_null": "0", "multiple": "1", "min": "", "max": "0.50", "rows": "3"},
    {"choices": ["a", "b"], "default_value": ["a", "b"], "post_type": "", "taxonomy": ""},
    {"choices": {"G": {"x": "X"}, "H": ["y"], "z:": "z:"}, "default_value": False},
    {"post_type": ["gone", "post"], "filters": ["taxonomy", "search"], "message": "a\r\nb\n"},
    {"translations": {"en": {"label": "Dose"}}, "min_size": "2MB", "maxlength": None},
]

# What the form of a field sends beside the settings of its type.
AROUND = {"_wpnonce", "drawn", "pressed", "seen", "type"}


def test_no_setting_is_called_like_something_else_in_its_form() -> None:
    for kind in TYPES:
        names = {one.name for one in settings_of(TYPES, kind.name)}
        assert not names & AROUND, kind.name


def sent(shown: list[Control]) -> Form:
    """What a browser sends of these controls as they stand."""
    pairs: list[tuple[str, Any]] = []
    for one in shown:
        if one.kind is Kind.TICK:
            pairs += [(one.name, "1")] if one.value else []
        elif one.kind is Kind.SEVERAL:
            ticked = [(one.name, key) for key, _ in one.choices if key in one.value]
            pairs += [(f"{one.name}.offered", "1"), *ticked]
        else:
            pairs.append((one.name, str(one.value).replace("\n", "\r\n")))
    return Form(pairs)


@pytest.mark.parametrize("kind", sorted(one.name for one in HOST_TYPES))
@pytest.mark.parametrize("odd", ODD)
def test_a_form_that_comes_back_as_it_was_changes_nothing(kind: str, odd: dict[str, Any]) -> None:
    definition = {"key": "field_a", "label": "A", "name": "a", "type": kind, "own": [1], **odd}
    offered = {"post_type": [("post", "Posts")], "filters": [("search", "S"), ("taxonomy", "T")]}
    settings = settings_of(TYPES, kind)
    shown = [control(one, definition, offered) for one in settings]
    faults: dict[str, str] = {}
    assert changed(settings, definition, sent(shown), faults) == definition
    assert faults == {}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mg : Miligramas\ng", {"mg": "Miligramas", "g": "g"}),
        (
            "Massa:\n  mg : Miligramas\n  g\nml",
            {"Massa": {"mg": "Miligramas", "g": "g"}, "ml": "ml"},
        ),
        ("\n  \n", {}),
        ("a:b : Dois: pontos", {"a:b": "Dois: pontos"}),
    ],
)
def test_choices_are_typed_one_on_each_line(typed: str, kept: dict[str, Any]) -> None:
    definition = {"choices": {"old": "Velho"}}
    said = changed([PAIRS], definition, Form([("choices", typed)]), {})
    assert said["choices"] == kept
    again = control(PAIRS, said, {}).value
    assert changed([PAIRS], {"choices": {}}, Form([("choices", again)]), {})["choices"] == kept


@pytest.mark.parametrize("wrong", ["[1]", "{", "1", "[" * 100_000])
def test_what_is_no_object_is_a_fault(wrong: str) -> None:
    setting, faults = Setting("translations", {"type": "object", "default": {}}), {}
    said = changed([setting], {}, Form([("translations", wrong)]), faults)
    assert faults == {"translations": "must be an object of JSON"}
    assert said == {}


def test_only_what_was_changed_is_written() -> None:
    settings = settings_of(TYPES, "number")
    definition = {"label": "A", "name": "a", "type": "number", "max": "5"}
    pairs = dict(sent([control(one, definition, {}) for one in settings]).pairs())
    said = changed(settings, definition, Form([*{**pairs, "min": "0.5"}.items()]), {})
    assert said == {**definition, "min": 0.5}
    assert json.dumps(said)
