"""Icons: one of WordPress's set, an image of the library, or an image at an address."""

import re
from collections.abc import Iterator
from typing import Any

from cms.fields.field import Field
from cms.fields.type import Reference, Setting, Showing, Taking, Types
from cms.fields.types.plain import ANY, Plain, text_of
from cms.fields.types.texts import absolute
from cms.markup.addresses import may_load

DASHICONS, LIBRARY, ADDRESS = "dashicons", "media_library", "url"
_KINDS = (DASHICONS, LIBRARY, ADDRESS)
_DASHICON = re.compile(r"dashicons-[a-z0-9]+(?:-[a-z0-9]+){0,8}")


class IconPicker(Plain):
    """An icon, as `{type, value}`."""

    name, label, control = "icon_picker", "Icon Picker", "icon"
    category = "advanced"
    nothing = None
    settings = (
        Setting("default_value", {"type": ANY["type"]}, "Default value"),
        Setting("tabs", {"type": "array", "default": list(_KINDS)}, "Tabs"),
        Setting(
            "return_format",
            {"type": "string", "enum": ["string", "array"], "default": "string"},
            "Return value",
        ),
    )

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> Any:
        if not isinstance(value, dict):
            taking.faults.add(path, "type", "must be an object with type and value", value)
            return None
        kind, given = value.get("type"), value.get("value")
        if not kind and not given:
            return None
        if kind not in _kinds(field):
            message = f"must be one of {', '.join(_kinds(field))}"
            taking.faults.add(f"{path}.type", "enum", message, kind)
            return None
        taken = self._taken(str(kind), given, taking, f"{path}.value")
        return {"type": kind, "value": taken} if taken is not None else None

    def _taken(self, kind: str, given: Any, taking: Taking, path: str) -> str | int | None:
        if kind == LIBRARY:
            number = int(given) if isinstance(given, str) and given.isdecimal() else given
            if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**53:
                return number
            taking.faults.add(path, "type", "must be the number of an attachment", given)
            return None
        text = text_of("" if given is None else given, taking, path)
        return None if text is None else self._checked(kind, text, taking, path)

    def _checked(self, kind: str, text: str, taking: Taking, path: str) -> str | None:
        if kind == DASHICONS:
            if _DASHICON.fullmatch(text):
                return text
            taking.faults.add(path, "pattern", "must look like dashicons-heart", text)
            return None
        address = absolute(text)
        if address is None or not may_load(address):
            message = "must be an address such as https://clinica.example/icon.svg"
            taking.faults.add(path, "url", message, text)
            return None
        return address

    def references(self, field: Field, value: Any, types: Types) -> Iterator[Reference]:
        if value["type"] == LIBRARY:
            yield Reference("post", value["value"])

    def standard_of(self, field: Field, value: Any, showing: Showing) -> Any:
        return value if field.setting("return_format") == "array" else str(value["value"])

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {
            "type": ["object", "null"],
            "required": field.is_required,
            "properties": {
                "type": {
                    "description": "The type of icon to save.",
                    "type": ["string"],
                    "required": True,
                    "enum": list(_kinds(field)),
                },
                "value": {
                    "description": "The value of icon to save.",
                    "type": ["string", "integer"],
                    "required": True,
                },
            },
        }

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {
            "type": ["object", "null"],
            "properties": {
                "type": {"type": "string", "enum": list(_kinds(field))},
                "value": {"type": ["string", "integer"]},
            },
            "required": ["type", "value"],
            "additionalProperties": False,
        }

    def form(self, field: Field) -> dict[str, Any]:
        return {"tabs": list(_kinds(field))}


def _kinds(field: Field) -> tuple[str, ...]:
    tabs = field.setting("tabs") or _KINDS
    return tuple(kind for kind in _KINDS if kind in tabs) or _KINDS


TYPES = (IconPicker(),)
