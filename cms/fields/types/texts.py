"""Text, text area, e-mail, address, password."""

from collections.abc import Iterator
from typing import Any

from cms.fields.field import Field
from cms.fields.type import FieldType, Setting, Showing, Taking, Types

_ANY = {"type": ["string", "number", "boolean", "null"], "default": ""}
_TEXT = {"type": "string", "default": ""}


class Text(FieldType):
    """One line of text."""

    name, label = "text", "Text"
    settings = (
        Setting("default_value", _ANY, "Default value"),
        Setting("maxlength", {"type": "integer", "minimum": 1}, "Character limit"),
        Setting("placeholder", _TEXT, "Placeholder"),
        Setting("prepend", _TEXT, "Prepend"),
        Setting("append", _TEXT, "Append"),
    )

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> str | None:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            taking.faults.add(path, "type", "must be a text", value)
            return None
        text = str(value)
        if "\x00" in text:
            taking.faults.add(path, "pattern", "must not hold a NUL character", value)
            return None
        longest = field.setting("maxlength")
        if longest and len(text) > longest:
            message = f"has {len(text)} characters; at most {longest} are accepted"
            taking.faults.add(path, "maxlength", message, value)
            return None
        return text or None

    def words(self, field: Field, value: Any, types: Types) -> Iterator[str]:
        yield value

    def sort_values(self, field: Field, value: Any) -> tuple[str, ...]:
        return (value,)


class Number(FieldType):
    """A number. ACF stores a text; here a number is a number everywhere but in `standard`."""

    name, label = "number", "Number"
    settings = (
        Setting("default_value", {"type": ["number", "string", "null"], "default": ""}),
        Setting("placeholder", _TEXT, "Placeholder"),
        Setting("prepend", _TEXT, "Prepend"),
        Setting("append", _TEXT, "Append"),
        Setting("min", {"type": "number"}, "Minimum value"),
        Setting("max", {"type": "number"}, "Maximum value"),
        Setting("step", {"type": "number"}, "Step size"),
    )

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> Any:
        from_text = value
        if isinstance(value, str):
            try:
                from_text = float(value) if "." in value else int(value)
            except ValueError:
                from_text = None
        if isinstance(from_text, bool) or not isinstance(from_text, int | float):
            taking.faults.add(path, "type", "must be a number", value)
            return None
        low, high = field.setting("min"), field.setting("max")
        if low is not None and from_text < low:
            taking.faults.add(path, "min", f"must be at least {low}", value)
        if high is not None and from_text > high:
            taking.faults.add(path, "max", f"must be at most {high}", value)
        return from_text

    def light(self, field: Field, value: Any, showing: Showing) -> Any:
        return value

    def standard(self, field: Field, value: Any, showing: Showing) -> Any:
        return "" if value is None else str(value)

    def sort_values(self, field: Field, value: Any) -> tuple[float, ...]:
        return (float(value),)


TYPES = (Text(), Number())
