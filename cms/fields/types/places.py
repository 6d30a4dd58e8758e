"""Places on a map."""

import json
from collections.abc import Iterator
from typing import Any

from cms.fields.field import Field
from cms.fields.type import Setting, Taking, Types
from cms.fields.types.numbers import number_of
from cms.fields.types.plain import Plain, text_of

_TEXTS = (
    "address", "place_id", "name", "street_number", "street_name", "street_name_short", "city",
    "state", "state_short", "post_code", "country", "country_short",
)  # fmt: skip
_NUMBERS = {"lat": (-90, 90), "lng": (-180, 180), "zoom": (0, 24)}
_MAY_BE_NUMBERS = {"street_number", "post_code"}


class GoogleMap(Plain):
    """A place with its address and its point on the map. No map is asked: what the editor's browser
    found is kept."""

    name, label, control = "google_map", "Google Map", "map"
    category = "advanced"
    nothing = None
    settings = (
        Setting("center_lat", {"type": "number", "default": -37.81411}, "Latitude of the centre"),
        Setting("center_lng", {"type": "number", "default": 144.96328}, "Longitude of the centre"),
        Setting("zoom", {"type": "integer", "default": 14, "minimum": 0}, "Zoom"),
        Setting("height", {"type": "integer", "default": 400, "minimum": 1}, "Height"),
    )

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> dict[str, Any] | None:
        given = _decoded(value)
        if not isinstance(given, dict):
            taking.faults.add(path, "type", "must be an object with address, lat and lng", value)
            return None
        sent = {key: one for key, one in given.items() if one is not None and one != ""}
        known = {key: sent[key] for key in ("address", *_NUMBERS, *_TEXTS[1:]) if key in sent}
        if not known:
            return None
        taken = {
            key: _number(one, taking, f"{path}.{key}", *_NUMBERS[key])
            if key in _NUMBERS
            else text_of(one, taking, f"{path}.{key}")
            for key, one in known.items()
        }
        for key in ("lat", "lng"):
            if key not in known:
                taking.faults.add(f"{path}.{key}", "required", "must say where the place is")
        return taken

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        order = ("address", "lat", "lng", "zoom", *_TEXTS[1:])
        return {
            "type": ["object", "null"],
            "required": field.is_required,
            "properties": {name: _described(name) for name in order},
        }

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        bounds = {
            name: {"type": "number", "minimum": low, "maximum": high}
            for name, (low, high) in _NUMBERS.items()
        }
        texts = {name: {"type": "string"} for name in _TEXTS}
        return {
            "type": ["object", "null"],
            "properties": {**bounds, **texts},
            "required": ["lat", "lng"],
            "additionalProperties": False,
        }

    def words(self, field: Field, value: Any, types: Types) -> Iterator[str]:
        yield from (value[name] for name in ("address", "name", "city") if name in value)

    def form(self, field: Field) -> dict[str, Any]:
        return {
            name: field.setting(name) for name in ("center_lat", "center_lng", "zoom", "height")
        }


def _decoded(value: Any) -> Any:
    """ACF's own form sends the place as a JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _number(value: Any, taking: Taking, path: str, low: int, high: int) -> int | float | None:
    number = number_of(value)
    if number is None or not low <= number <= high:
        rule = "type" if number is None else "range"
        taking.faults.add(path, rule, f"must be a number from {low} to {high}", value)
        return None
    return number


def _described(name: str) -> dict[str, Any]:
    if name in _NUMBERS:
        return {"type": ["string", "integer" if name == "zoom" else "number"]}
    return {"type": ["string", "integer"] if name in _MAY_BE_NUMBERS else "string"}


TYPES = (GoogleMap(),)
