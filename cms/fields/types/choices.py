"""Select, checkbox, radio button, button group, true/false."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from cms.fields.field import Field
from cms.fields.type import Setting, Showing, Taking, Types
from cms.fields.types.plain import (
    DEFAULT,
    NO,
    PLACEHOLDER,
    TEXT,
    Plain,
    text_of,
)

CHOICES = Setting("choices", {"type": "object", "default": {}}, "Choices")
ALLOW_NULL = Setting("allow_null", NO, "Allow null")
DEFAULT_CHOICE = Setting("default_value", {**DEFAULT.schema, "default": ""}, "Default value")
FORMAT = Setting(
    "return_format",
    {"type": "string", "enum": ["value", "label", "array"], "default": "value"},
    "Return value",
)
# Messages name choices up to here; whoever wrote a longer list knows it.
_MOST_NAMED = 20


def _layout(default: str) -> Setting:
    other = {"vertical": "horizontal", "horizontal": "vertical"}[default]
    schema = {"type": "string", "enum": [default, other], "default": default}
    return Setting("layout", schema, "Layout")


class Choice(Plain):
    """One of the choices, or several. `own` is the setting that lets people add what is no choice;
    the group itself is changed only by those who keep it."""

    category = "choice"
    compared_as = "text"
    own: ClassVar[str] = ""

    def is_list(self, field: Field) -> bool:
        """Whether a value is a list of choices."""
        return False

    def is_open(self, field: Field) -> bool:
        """Whether a value may be none of the choices."""
        return bool(self.own and field.setting(self.own))

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> Any:
        if self.is_list(field):
            return self._several(field, value, taking, path)
        if isinstance(value, list):
            if len(value) > 1:
                taking.faults.add(path, "maxItems", "must be one choice, not several", value)
                return None
            value = value[0] if value else ""
        return self._one(field, value, taking, path)

    def _several(self, field: Field, value: Any, taking: Taking, path: str) -> list[str] | None:
        given = value if isinstance(value, list) else [value]
        taken = [
            self._one(field, one, taking, f"{path}[{place}]" if given is value else path)
            for place, one in enumerate(given)
        ]
        chosen = list(dict.fromkeys(one for one in taken if one))
        # None chosen is a value of its own where a default would stand otherwise.
        return chosen or ([] if field.settings.get("default_value") else None)

    def _one(self, field: Field, value: Any, taking: Taking, path: str) -> str | None:
        text = text_of(value, taking, path)
        if not text:
            return None
        choices = labels(field)
        if text not in choices and not self.is_open(field):
            taking.faults.add(path, "enum", _wanted(choices), value)
            return None
        return text

    def initial(self, field: Field) -> Any:
        found = super().initial(field)
        if isinstance(found, str) or not self.is_list(field):
            return found
        # The form for groups keeps one default on each line.
        given = field.settings.get("default_value")
        if found is None and isinstance(given, str):
            chosen = [one.strip() for one in given.splitlines()]
            return [one for one in chosen if one in labels(field)] or None
        return found

    def standard_of(self, field: Field, value: Any, showing: Showing) -> Any:
        how = field.setting("return_format")
        if how == "value":
            return value
        known = labels(field)
        if isinstance(value, list):
            return [_formatted(one, known, how) for one in value]
        return _formatted(value, known, how)

    def typed(self, field: Field, value: Any, showing: Showing) -> Any:
        found = self.initial(field) if value is None else value
        return [] if found is None and self.is_list(field) else found

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        schema = {"type": ["string", "null"], "required": field.is_required}
        return schema if self.is_open(field) else {**schema, "enum": [*labels(field)]}

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        items = {"type": "string"}
        if not self.is_open(field):
            items = {**items, "enum": [*labels(field)]}  # type: ignore[dict-item]
        if self.is_list(field):
            return {"type": "array", "items": items}
        return {"anyOf": [items, {"type": "null"}]}

    def words(self, field: Field, value: Any, types: Types) -> Iterator[str]:
        known = labels(field)
        for one in _each(value):
            yield known.get(one, one)

    def sort_values(self, field: Field, value: Any) -> tuple[str, ...]:
        return tuple(_each(value))

    def form(self, field: Field) -> dict[str, Any]:
        return {
            "choices": [
                {"value": value, "label": label, "group": group}
                for value, label, group in _listed(field.setting("choices") or {})
            ],
            "multiple": self.is_list(field),
            "allow_null": bool(field.setting("allow_null")),
            "allow_other": self.is_open(field),
            "layout": field.setting("layout") or "vertical",
        }


class Select(Choice):
    """A list to choose from, one or several."""

    name, label = "select", "Select"
    own = "create_options"
    settings = (
        CHOICES,
        DEFAULT_CHOICE,
        ALLOW_NULL,
        Setting("multiple", NO, "Select multiple values"),
        Setting("ui", NO, "Stylised form"),
        Setting("ajax", NO, "Load choices when they are looked for"),
        PLACEHOLDER,
        FORMAT,
        Setting("create_options", NO, "Let people add options"),
        Setting("save_options", NO, "Keep added options as choices"),
    )

    def is_list(self, field: Field) -> bool:
        return bool(field.setting("multiple"))

    def light(self, field: Field, value: Any, showing: Showing) -> Any:
        return super().light(field, value, showing) or ([] if self.is_list(field) else "")

    def standard(self, field: Field, value: Any, showing: Showing) -> Any:
        return super().standard(field, value, showing) or ([] if self.is_list(field) else "")

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        items: dict[str, Any] = {"type": ["string", "integer"]}
        if not self.is_open(field):
            items["enum"] = [*labels(field)]
        schema = {
            "type": ["string", "array", "integer", "null"],
            "required": field.is_required,
            "items": items,
        }
        least = {} if field.setting("allow_null") else {"minItems": 1}
        return {**schema, **least, **({} if self.is_list(field) else {"maxItems": 1})}

    def form(self, field: Field) -> dict[str, Any]:
        return {
            **super().form(field),
            "placeholder": field.setting("placeholder") or "",
            "searchable": bool(field.setting("ui")),
        }


class Checkbox(Choice):
    """Boxes to tick, any number of them."""

    name, label, control = "checkbox", "Checkbox", "checkboxes"
    own = "allow_custom"
    settings = (
        CHOICES,
        DEFAULT_CHOICE,
        Setting("allow_custom", NO, "Let people add choices"),
        Setting("save_custom", NO, "Keep added choices"),
        _layout("vertical"),
        Setting("toggle", NO, "A box that ticks all"),
        FORMAT,
        Setting(
            "custom_choice_button_text",
            {"type": "string", "default": "Add new choice"},
            "Text of the button for a new choice",
        ),
    )

    def is_list(self, field: Field) -> bool:
        return True

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        items: dict[str, Any] = {"type": ["string", "integer"]}
        if not self.is_open(field):
            items["enum"] = [*labels(field)]
        kinds = ["integer", "string", "array", "null"]
        return {"type": kinds, "required": field.is_required, "items": items}

    def form(self, field: Field) -> dict[str, Any]:
        return {
            **super().form(field),
            "toggle_all": bool(field.setting("toggle")),
            "add_label": field.setting("custom_choice_button_text") or "",
        }


class Radio(Choice):
    """One of several choices that are all seen."""

    name, label, control = "radio", "Radio Button", "radios"
    own = "other_choice"
    settings = (
        CHOICES,
        DEFAULT_CHOICE,
        Setting("other_choice", NO, "Let people write another choice"),
        Setting("save_other_choice", NO, "Keep other choices"),
        ALLOW_NULL,
        _layout("vertical"),
        FORMAT,
    )


class ButtonGroup(Choice):
    """One of several choices, drawn as a row of buttons."""

    name, label, control = "button_group", "Button Group", "buttons"
    settings = (CHOICES, DEFAULT_CHOICE, ALLOW_NULL, _layout("horizontal"), FORMAT)

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        schema = super().schema(field, types)
        return {**schema, "enum": [*schema["enum"], None]}


class TrueFalse(Plain):
    """Yes or no."""

    name, label, control = "true_false", "True / False", "switch"
    category = "choice"
    compared_as = "number"
    settings = (
        Setting(
            "default_value", {"type": ["boolean", "integer"], "default": False}, "Default value"
        ),
        Setting("message", TEXT, "Message"),
        Setting("ui", NO, "Stylised switch"),
        Setting("ui_on_text", TEXT, "Text when on"),
        Setting("ui_off_text", TEXT, "Text when off"),
    )

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> bool | None:
        found = truth_of(value)
        if found is None:
            taking.faults.add(path, "type", "must be true or false", value)
        elif field.is_required and not found:
            taking.faults.add(path, "required", "must be true", value)
        return found

    def initial(self, field: Field) -> bool:
        return truth_of(field.setting("default_value")) or False

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        kinds = ["boolean", "null"]
        return {"type": kinds, "required": field.is_required, "default": self.initial(field)}

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {"type": "boolean"}

    def sort_values(self, field: Field, value: Any) -> tuple[float, ...]:
        return (float(value),)

    def form(self, field: Field) -> dict[str, Any]:
        texts = {name: field.setting(name) or "" for name in ("message", "ui_on_text")}
        drawn = {"stylised": bool(field.setting("ui"))}
        return {**texts, "ui_off_text": field.setting("ui_off_text") or "", **drawn}


def labels(field: Field) -> dict[str, str]:
    """The choices of a field by value, those of all its groups."""
    return {value: label for value, label, _ in _listed(field.setting("choices") or {})}


def _listed(choices: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Value, label and group of each choice; a group holds choices in place of a label."""
    for value, label in choices.items():
        if isinstance(label, Mapping):
            yield from ((str(one), str(name), str(value)) for one, name in label.items())
        elif isinstance(label, list):
            yield from ((str(one), str(name), str(value)) for one, name in enumerate(label))
        else:
            yield str(value), str(label), ""


def _each(value: Any) -> Iterable[str]:
    return value if isinstance(value, list) else [value]


def _formatted(value: str, known: Mapping[str, str], how: str) -> Any:
    """A choice by `return_format`; what is none is its own label."""
    label = known.get(value, value)
    return label if how == "label" else {"value": value, "label": label}


def _wanted(choices: Mapping[str, str]) -> str:
    if not choices:
        return "cannot be chosen: the field has no choices; add some to its group"
    named = ", ".join(repr(one) for one in list(choices)[:_MOST_NAMED])
    return f"must be one of {named}{', …' if len(choices) > _MOST_NAMED else ''}"


def truth_of(value: Any) -> bool | None:
    """Yes or no, as JSON, a form or PHP writes them; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"1": True, "true": True, "0": False, "false": False, "": False}.get(value.lower())
    return bool(value) if isinstance(value, int | float) and value in (0, 1) else None


TYPES = (Select(), Checkbox(), Radio(), ButtonGroup(), TrueFalse())
