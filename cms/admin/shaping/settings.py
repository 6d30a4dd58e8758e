"""Settings of fields and groups as controls of a form, and what the form says of them.

Only what was changed on the form is written: a definition that came from elsewhere keeps the words
that it came with, also where this version would write them otherwise.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cms.admin.forms import Form
from cms.admin.shaping.words import VALUES
from cms.fields.defining import as_flag, as_number, typed_setting
from cms.fields.type import Setting

Choices = Sequence[tuple[str, str]]


class Kind(StrEnum):
    """How a setting is typed. LINES is a list, one a line; PAIRS are choices, `value : label`."""

    TICK = "tick"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    TEXT = "text"
    AREA = "area"
    LINES = "lines"
    PAIRS = "pairs"
    JSON = "json"


# What may be longer than a line.
_LONG = frozenset({"message", "default_value", "instructions", "description", "ai_description"})


@dataclass(frozen=True)
class Control:
    """A setting with what its control holds: a truth, the chosen ones, or a text."""

    name: str
    label: str
    kind: Kind
    value: Any
    choices: Choices = ()


def control(
    setting: Setting, definition: Mapping[str, Any], offered: Mapping[str, Choices]
) -> Control:
    """The setting as the definition has it. `offered` are choices by the name of the setting."""
    kind = _kind(setting, offered)
    value = _shown(kind, setting, definition.get(setting.name, setting.default))
    listed = setting.schema.get("enum", ())
    choices = offered.get(setting.name) or [(one, VALUES.get(one, one)) for one in listed]
    known = {one for one, _ in choices}
    # What was chosen elsewhere and is not offered here stays.
    kept = [(one, one) for one in _chosen(kind, value) if one not in known]
    label = setting.label or setting.name.replace("_", " ").capitalize()
    return Control(setting.name, label, kind, value, [*choices, *kept])


def _kind(setting: Setting, offered: Mapping[str, Choices]) -> Kind:  # noqa: PLR0911
    kinds = setting.schema.get("type", "string")
    listed = [kinds] if isinstance(kinds, str) else list(kinds)
    if "boolean" in listed and "string" not in listed:
        return Kind.TICK
    if setting.schema.get("enum") or (setting.name in offered and "array" not in listed):
        return Kind.CHOICE
    if "array" in listed:
        return Kind.SEVERAL if setting.name in offered else Kind.LINES
    if setting.name == "choices":
        return Kind.PAIRS
    if "object" in listed:
        return Kind.JSON
    if setting.read is None and listed in (["integer"], ["number"]):
        return Kind.NUMBER
    is_long = setting.name in _LONG and not {"number"} & set(listed[:1])
    return Kind.AREA if is_long else Kind.TEXT


def _chosen(kind: Kind, value: Any) -> list[str]:
    if kind is Kind.SEVERAL:
        return list(value)
    return [value] if kind is Kind.CHOICE and value else []


def _shown(kind: Kind, setting: Setting, raw: Any) -> Any:
    if kind is Kind.TICK:
        return as_flag(raw)
    if kind in {Kind.SEVERAL, Kind.LINES, Kind.PAIRS, Kind.JSON}:
        raw = _typed(setting, raw)
    if kind is Kind.SEVERAL:
        return [str(one) for one in raw]
    if kind is Kind.PAIRS:
        return _pairs_shown(raw)
    if kind is Kind.JSON:
        return json.dumps(raw, ensure_ascii=False, indent=2) if raw else ""
    if isinstance(raw, list):
        return "\n".join(str(one) for one in raw)
    # As forms hold line ends, see Form.
    return "" if raw in (None, False) else str(raw).replace("\r\n", "\n")


def _typed(setting: Setting, raw: Any) -> Any:
    try:
        return typed_setting(raw, setting.schema)
    except ValueError:
        return setting.default


def changed(
    settings: Sequence[Setting], definition: Mapping[str, Any], form: Form, faults: dict[str, str]
) -> dict[str, Any]:
    """The definition with what the form says otherwise. Texts that cannot be read are faults of
    their settings; whether values fit is for the use case to say."""
    said = dict(definition)
    for setting in settings:
        before = control(setting, definition, _as_sent(setting, form))
        if _is_unchanged(before, form):
            continue
        try:
            said[setting.name] = _sent(before, form)
        except ValueError as wrong:
            faults[setting.name] = str(wrong)
    return said


def _is_unchanged(before: Control, form: Form) -> bool:
    if before.kind is Kind.TICK:
        return form.has(before.name) == bool(before.value)
    if before.kind is Kind.SEVERAL:
        # Ticks come in the order of the form, whatever the order in which they were kept.
        return sorted(form.all(before.name)) == sorted(before.value)
    return form.raw(before.name) == str(before.value)


def _as_sent(setting: Setting, form: Form) -> Mapping[str, Choices]:
    """The form knows what was offered: a list of ticks sends a mark of its own."""
    return {setting.name: ()} if form.has(f"{setting.name}.offered") else {}


def _sent(before: Control, form: Form) -> Any:
    name, kind = before.name, before.kind
    if kind is Kind.TICK:
        return form.has(name)
    if kind is Kind.SEVERAL:
        return form.all(name)
    text = form.raw(name)
    if kind is Kind.LINES:
        return [line.strip() for line in text.splitlines() if line.strip()]
    if kind is Kind.PAIRS:
        return _pairs(text)
    if kind is Kind.JSON:
        return _json(text)
    number = as_number(text.strip()) if kind is Kind.NUMBER else None
    return text if number is None else number


def _json(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as wrong:
        raise ValueError("must be an object of JSON") from wrong
    if not isinstance(read, dict):
        raise ValueError("must be an object of JSON")
    return read


def _pairs_shown(choices: Mapping[str, Any]) -> str:
    """A line for each choice; those of a group stand below its name, moved in."""
    lines = []
    for value, said in choices.items():
        # An array of PHP whose keys count from 0.
        label = dict(enumerate(said)) if isinstance(said, list) else said
        if isinstance(label, Mapping):
            lines += [f"{value}:", *(f"  {one} : {name}" for one, name in label.items())]
        else:
            lines.append(value if value == label else f"{value} : {label}")
    return "\n".join(lines)


def _pairs(text: str) -> dict[str, Any]:
    """Choices as they were typed; a label that is not said is the value itself."""
    found: dict[str, Any] = {}
    group: dict[str, Any] | None = None
    for line in filter(str.strip, text.splitlines()):
        if line.rstrip().endswith(":") and not line[0].isspace():
            group = found.setdefault(line.strip().removesuffix(":").strip(), {})
            continue
        value, _, label = (part.strip() for part in line.partition(" : "))
        if not line[0].isspace():
            group = None
        target = found if group is None else group
        target[value] = label or value
    return found
