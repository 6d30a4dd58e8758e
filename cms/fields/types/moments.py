"""Dates and times. They are kept as ISO texts of the wall clock, without a zone."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, ClassVar

from cms.fields.field import Field
from cms.fields.php_dates import written
from cms.fields.type import Setting, Showing, Taking, Types
from cms.fields.types.plain import NO, Plain

_DATE = r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})"
_TIME = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?"
# Which day a time without one is written with; nobody sees it unless a format asks for a day.
_SOME_DAY = date(1970, 1, 1)


def _format(name: str, default: str, label: str) -> Setting:
    return Setting(name, {"type": "string", "default": default}, label)


class Moment(Plain):
    """A date, a time, or both: what its accepted texts look like, and how ACF writes it."""

    category = "advanced"
    nothing = None
    compared_as = "moment"
    accepted: ClassVar[re.Pattern[str]]
    example: ClassVar[str] = ""
    stored_as: ClassVar[str] = ""
    in_acf: ClassVar[Mapping[int, str]] = {}
    """What ACF has in place of which sign of ours, in its stored and its light form."""
    described: ClassVar[str] = ""
    json_format: ClassVar[str | None] = None

    def moment(self, text: str) -> datetime | None:
        """The moment that a text names, or None."""
        found = self.accepted.fullmatch(text.strip())
        try:
            return self._of_parts([int(part or 0) for part in found.groups()]) if found else None
        except ValueError:
            return None

    def _of_parts(self, parts: list[int]) -> datetime:
        return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> str | None:
        if isinstance(value, str) and not value.strip():
            return None
        # ACF's own form of a date is eight digits, which some clients send as a number.
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        moment = self.moment(text) if isinstance(text, str) else None
        if moment is None:
            rule = "format" if isinstance(value, str | int) else "type"
            message = f"must be a {self.label.lower().removesuffix(' picker')} such as "
            taking.faults.add(path, rule, f"{message}{self.example}", value)
            return None
        return moment.strftime(self.stored_as).rjust(len(self.example), "0")

    def light_of(self, field: Field, value: Any) -> Any:
        # The same digits with other signs between them.
        return value.translate(self.in_acf)

    def standard_of(self, field: Field, value: Any, showing: Showing) -> Any:
        moment = self.moment(value)
        how = field.setting("return_format")
        return written(moment, how, showing.language) if moment is not None else ""

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        schema = {"type": ["string", "null"], "description": self.described}
        return {**schema, "required": field.is_required}

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": ["string", "null"]}
        return {**schema, "format": self.json_format} if self.json_format else schema

    def sort_values(self, field: Field, value: Any) -> tuple[str | datetime, ...]:
        moment = self.moment(value)
        return (moment.replace(tzinfo=UTC),) if moment is not None else ()

    def form(self, field: Field) -> dict[str, Any]:
        names = ("display_format", "first_day")
        known = {name: field.setting(name) for name in names if name in field.settings}
        today = {"starts_now": True} if field.setting("default_to_current_date") else {}
        return {**known, **today, "example": self.example}


_FIRST_DAY = Setting("first_day", {"type": "integer", "default": 1, "minimum": 0}, "Week begins on")
_TODAY = Setting("default_to_current_date", NO, "Start with the current date")


class DatePicker(Moment):
    """A day."""

    name, label, control = "date_picker", "Date Picker", "date"
    accepted = re.compile(_DATE)
    example, stored_as = "2026-11-21", "%Y-%m-%d"
    in_acf = str.maketrans({"-": ""})
    described, json_format = "A `Ymd` formatted date string.", "date"
    settings = (
        _format("display_format", "d/m/Y", "Display format"),
        _format("return_format", "d/m/Y", "Return format"),
        _FIRST_DAY,
        _TODAY,
    )


class DateTimePicker(Moment):
    """A day and the time of it."""

    name, label, control = "date_time_picker", "Date Time Picker", "date_time"
    accepted = re.compile(f"{_DATE}[T ]{_TIME}")
    example, stored_as = "2026-11-21T08:00:00", "%Y-%m-%dT%H:%M:%S"
    in_acf = str.maketrans({"T": " "})
    described = "A `Y-m-d H:i:s` formatted date string."
    settings = (
        _format("display_format", "d/m/Y g:i a", "Display format"),
        _format("return_format", "d/m/Y g:i a", "Return format"),
        _FIRST_DAY,
        _TODAY,
    )


class TimePicker(Moment):
    """A time of any day."""

    name, label, control = "time_picker", "Time Picker", "time"
    compared_as = "text"
    accepted = re.compile(_TIME)
    example, stored_as = "08:00:00", "%H:%M:%S"
    described = "A `H:i:s` formatted time string."
    settings = (
        _format("display_format", "g:i a", "Display format"),
        _format("return_format", "g:i a", "Return format"),
    )

    def _of_parts(self, parts: list[int]) -> datetime:
        return datetime.combine(_SOME_DAY, time(*parts))  # type: ignore[arg-type]

    def sort_values(self, field: Field, value: Any) -> tuple[str, ...]:
        return (value,)


TYPES = (DatePicker(), DateTimePicker(), TimePicker())
