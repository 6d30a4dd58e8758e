"""Number and range. ACF stores texts; here a number is a number everywhere but in `standard`."""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar

from cms.fields.field import Field
from cms.fields.type import Setting, Showing, Taking, Types
from cms.fields.types.plain import APPEND, PLACEHOLDER, PREPEND, Plain, around

# What JavaScript, JCS (RFC 8785) and the database all keep exactly.
LARGEST = 2**53 - 1

_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
)


class Number(Plain):
    """A number, whole or not."""

    name, label = "number", "Number"
    nothing = None
    compared_as = "number"
    settings: ClassVar[Sequence[Setting]] = (
        Setting("default_value", {"type": ["number", "string", "null"], "default": ""}, "Default"),
        PLACEHOLDER,
        PREPEND,
        APPEND,
        Setting("min", {"type": "number"}, "Minimum value"),
        Setting("max", {"type": "number"}, "Maximum value"),
        Setting("step", {"type": "number"}, "Step size"),
    )

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> int | float | None:
        if isinstance(value, str) and not value.strip():
            return None
        number = number_of(value)
        if number is None:
            taking.faults.add(path, "type", "must be a number", value)
            return None
        fault = self._fault(field, number)
        if fault is not None:
            taking.faults.add(path, *fault, value)
            return None
        return number

    def _fault(self, field: Field, number: int | float) -> tuple[str, str] | None:
        low, high, step = (field.setting(name) for name in ("min", "max", "step"))
        if low is not None and number < low:
            return "min", f"must be at least {written(low)}"
        if high is not None and number > high:
            return "max", f"must be at most {written(high)}"
        if step and step > 0 and not _is_step(number, step, low or 0):
            return "step", f"must go up from {written(low or 0)} in steps of {written(step)}"
        return None

    def standard(self, field: Field, value: Any, showing: Showing) -> Any:
        filled = self.initial(field) if value is None else value
        return "" if filled is None else written(filled)

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        bounds = {"minimum": field.setting("min"), "maximum": field.setting("max")}
        known = {name: bound for name, bound in bounds.items() if bound is not None}
        return {"type": ["number", "null"], "required": field.is_required, **known}

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        schema = self.schema(field, types)
        return {name: one for name, one in schema.items() if name != "required"}

    def sort_values(self, field: Field, value: Any) -> tuple[float, ...]:
        return (float(value),)

    def form(self, field: Field) -> dict[str, Any]:
        return {**around(field), **{name: field.setting(name) for name in ("min", "max", "step")}}


class Range(Number):
    """A number between two bounds, chosen by a slider."""

    name, label = "range", "Range"
    settings = (
        Setting("default_value", {"type": "number"}, "Default value"),
        PREPEND,
        APPEND,
        Setting("min", {"type": "number", "default": 0}, "Minimum value"),
        Setting("max", {"type": "number", "default": 100}, "Maximum value"),
        Setting("step", {"type": "number", "default": 1, "minimum": 0}, "Step size"),
    )


def number_of(value: Any) -> int | float | None:
    """A number that is kept exactly, also one written as a text; a whole one is an integer. None
    for anything else."""
    if isinstance(value, str):
        value = value.strip()
        if not _NUMBER.fullmatch(value):
            return None
        value = float(value) if any(mark in value for mark in ".eE") else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not abs(value) <= LARGEST:
        return None
    return int(value) if value == int(value) else value


def written(number: int | float) -> str:
    """The digits of a number, without an exponent."""
    return str(number) if isinstance(number, int) else format(Decimal(repr(number)), "f")


def _is_step(number: int | float, step: int | float, start: int | float) -> bool:
    """Whether `start` and some steps make the number; decimal, so that 0.3 is three times 0.1."""
    given, size, begin = (Fraction(repr(one)) for one in (number, step, start))
    return (given - begin) % size == 0


TYPES = (Number(), Range())
