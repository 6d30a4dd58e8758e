"""What types have in common whose values stand by themselves and refer to nothing."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from cms.fields.faults import FieldFaults
from cms.fields.field import Field
from cms.fields.type import FieldType, Setting, Showing, Taking, Types

ANY = {"type": ["string", "number", "boolean", "null"], "default": ""}
TEXT = {"type": "string", "default": ""}
NO = {"type": "boolean", "default": False}
YES = {"type": "boolean", "default": True}

DEFAULT = Setting("default_value", ANY, "Default value")
PLACEHOLDER = Setting("placeholder", TEXT, "Placeholder")
PREPEND = Setting("prepend", TEXT, "Prepend")
APPEND = Setting("append", TEXT, "Append")

# What PostgreSQL's jsonb, or UTF-8, cannot carry.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class _Alone:
    """Types for a value that needs no other type."""

    def __getitem__(self, name: str) -> FieldType:
        raise KeyError(name)


class Plain(FieldType):
    """A type that shows a field never filled by its `default_value`, as ACF does; without one as
    `nothing`. A subclass says how a value looks in each form by `light_of` and its neighbours."""

    control: ClassVar[str] = ""
    nothing: ClassVar[Any] = ""
    """What ACF gives where there is no value: an empty text, or null for a type without default."""

    def initial(self, field: Field) -> Any:
        """The stored form of the default value, or None where there is none that is valid."""
        given = field.settings.get("default_value")
        if given is None or given in ("", []):
            return None
        taking = Taking(_Alone(), FieldFaults())
        taken = self.take(field, given, taking, "default_value")
        return None if taking.faults else taken

    def light(self, field: Field, value: Any, showing: Showing) -> Any:
        filled = self.initial(field) if value is None else value
        return self.nothing if filled is None else self.light_of(field, filled)

    def standard(self, field: Field, value: Any, showing: Showing) -> Any:
        filled = self.initial(field) if value is None else value
        return self.nothing if filled is None else self.standard_of(field, filled, showing)

    def typed(self, field: Field, value: Any, showing: Showing) -> Any:
        return self.initial(field) if value is None else value

    @property
    def is_light_as_stored(self) -> bool:
        own = type(self)
        return own.light is Plain.light and own.light_of is Plain.light_of

    def light_of(self, field: Field, value: Any) -> Any:
        """The light form of a value that is there."""
        return value

    def standard_of(self, field: Field, value: Any, showing: Showing) -> Any:
        """The standard form of a value that is there."""
        return self.light_of(field, value)

    def widget(self, field: Field) -> dict[str, Any]:
        return {**frame(field, self.control or self.name, self.initial(field)), **self.form(field)}

    def form(self, field: Field) -> dict[str, Any]:
        """What the control of this type needs beside the common frame."""
        return {}


class PlainText(Plain):
    """A value that is a text, searched and sorted by its words."""

    compared_as = "text"

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> Any:
        text = text_of(value, taking, path)
        return self.checked(field, text, taking, path) if text else None

    def checked(self, field: Field, text: str, taking: Taking, path: str) -> str | None:
        """The text as it is kept; what is wrong goes to `taking.faults`."""
        return text

    def words(self, field: Field, value: Any, types: Types) -> Iterator[str]:
        yield value

    def sort_values(self, field: Field, value: Any) -> tuple[str, ...]:
        return (value,)


def frame(field: Field, control: str, value: Any = None) -> dict[str, Any]:
    """What every control needs: its label and help, whether it must be filled, when it shows, its
    place in the form, and the value that it starts with."""
    wrapper = field.definition.get("wrapper")
    return {
        "control": control,
        "key": field.key,
        "name": field.name,
        "label": field.label,
        "help": str(field.definition.get("instructions") or ""),
        "required": field.is_required,
        "conditions": [
            [{"field": one.field, "operator": one.operator, "value": one.value} for one in rules]
            for rules in field.conditions
        ],
        "wrapper": dict(wrapper) if isinstance(wrapper, dict) else {},
        "value": value,
    }


def text_of(value: Any, taking: Taking, path: str) -> str | None:
    """The text that was sent; a number is taken for its digits, as PHP does. None with a fault for
    anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        taking.faults.add(path, "type", "must be a text", value)
        return None
    text = str(value)
    if _UNSTORABLE.search(text):
        taking.faults.add(path, "pattern", "must not hold a NUL or half a character", value)
        return None
    return text


def around(field: Field) -> dict[str, Any]:
    """What stands in and beside an input."""
    return {name: field.setting(name) or "" for name in ("placeholder", "prepend", "append")}
