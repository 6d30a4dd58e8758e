"""Names, settings and REST schemas of all types, compared with those measured on ACF.

What differs on purpose stands here with its reason. The lists are exact: an entry that is no longer
true fails, as does a difference that has none."""

import json
from pathlib import Path
from typing import Any

from cms.fields.catalogue import HOST_TYPES
from cms.fields.type import FieldType
from tests.support.field_types import TYPES, field

FACTS = json.loads((Path(__file__).parent / "data" / "acf.json").read_text())
THEIRS: dict[str, Any] = FACTS["field_types"]
OURS = {one.name: one for one in HOST_TYPES}

# Types that the facts do not know.
INTERNAL = {"separator", "output"}

_INT = "`int` and `float` are no types of JSON schema"
_SENT = "the tabs that the type offers, of which ACF registers two"

# Settings that differ: (type, setting, aspect) -> why.
ON_PURPOSE: dict[tuple[str, str, str], str] = {
    ("repeater", "pagination", "added"): "the published schema leaves it out beside rows_per_page",
}

# Places in REST schemas that differ: (type, place) -> why.
SCHEMAS_ON_PURPOSE: dict[tuple[str, str], str] = {
    ("google_map", "properties.lat.type"): _INT,
    ("google_map", "properties.lng.type"): _INT,
    ("google_map", "properties.zoom.type"): _INT,
    ("google_map", "properties.street_number.type"): _INT,
    ("google_map", "properties.post_code.type"): _INT,
    ("select", "type"): _INT,
    ("select", "items.type"): _INT,
    ("icon_picker", "properties.value.type"): _INT,
    ("icon_picker", "properties.type.enum"): _SENT,
}


def types() -> list[tuple[FieldType, dict[str, Any]]]:
    return [(one, THEIRS[name]) for name, one in OURS.items() if name in THEIRS]


def default_of(theirs: dict[str, Any], name: str) -> Any:
    """The default in the schema of a setting, or else the registered one, where that says
    anything: PHP registers an empty text for a number that is not set, and a list for an object."""
    schema = theirs["schema_settings"][name]
    if "default" in schema:
        return schema["default"]
    registered = (theirs["registered_defaults"] or {}).get(name)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if kinds == ["object"]:
        return {}
    fits = isinstance(registered, str) and "string" in kinds
    # A published schema alone says nothing of a text that was not set.
    return registered if fits else ("" if kinds == ["string"] else None)


def setting_differences() -> set[tuple[str, str, str]]:
    found = set()
    for one, theirs in types():
        mine = {setting.name: setting for setting in one.settings}
        wanted = theirs["schema_settings"]
        found |= {(one.name, name, "missing") for name in set(wanted) - set(mine)}
        found |= {(one.name, name, "added") for name in set(mine) - set(wanted)}
        for name in set(wanted) & set(mine):
            for aspect in ("type", "enum", "minimum"):
                if mine[name].schema.get(aspect) != wanted[name].get(aspect):
                    found.add((one.name, name, aspect))
            if mine[name].default != default_of(theirs, name):
                found.add((one.name, name, "default"))
    return found


def schema_differences() -> set[tuple[str, str]]:
    return {
        (one.name, place)
        for one, theirs in types()
        if theirs["rest_schema"] is not None
        for place in places(one.schema(field(one.name), TYPES), theirs["rest_schema"])
    }


def places(mine: Any, theirs: Any, at: str = "") -> list[str]:
    """Where two schemas differ."""
    # PHP writes an empty object as an empty list.
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return [
            place
            for name in {*mine, *theirs}
            for place in places(mine.get(name), theirs.get(name), f"{at}.{name}" if at else name)
        ]
    return [] if mine == theirs or (mine == {} and theirs == []) else [at]


def test_every_type_is_there() -> None:
    assert set(OURS) ^ set(THEIRS) == INTERNAL


def test_types_are_sorted_and_marked_as_in_acf() -> None:
    for one, theirs in types():
        assert one.is_pro is theirs["pro"], one.name
        assert theirs["category"] in {one.category, None}, one.name
        assert one.has_value is (theirs["show_in_rest"] is not False), one.name


def test_settings_are_those_of_acf() -> None:
    assert setting_differences() == set(ON_PURPOSE)


def test_rest_schemas_are_those_of_acf() -> None:
    assert schema_differences() == set(SCHEMAS_ON_PURPOSE)


def test_every_setting_asks_a_question() -> None:
    for one in HOST_TYPES:
        assert one.label, one.name
        assert [setting.name for setting in one.settings if not setting.label] == [], one.name
