"""Reading the JSON of a group: every fault is named with its place, nothing unknown is lost."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cms.content.faults import Faults
from cms.fields.field import Condition, Definition, Field, Group, Layout
from cms.fields.group_settings import GROUP_SETTINGS, Notices, in_language, unknown_hidden
from cms.fields.locations import read_location
from cms.fields.type import Catalogue, Setting

DEEPEST = 20
MOST_FIELDS = 1_000
LONGEST_TITLE = 255

_GROUP_KEY = re.compile(r"group_[A-Za-z0-9_-]{1,60}")
_FIELD_KEY = re.compile(r"field_[A-Za-z0-9_-]{1,180}")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SOURCE = re.compile(r"([a-z][a-z0-9_]{0,62})\.([a-z][a-z0-9_]{0,62})")
_NAMED = ("key", "title")
_FALSE = {"", "0", "false", "no"}


def read_group(
    definition: Definition,
    types: Catalogue,
    faults: Faults,
    *,
    version: int = 1,
    language: str = "",
    declared_by: str = "",
    notices: Notices | None = None,
) -> Group:
    """A group from its JSON, in the words of a language where it has them. Clones are resolved
    later, when all groups of the site are known. `notices` gets what is accepted and odd."""
    said = in_language(definition, language) if language else definition
    reader = _Reader(types, faults)
    noted = notices if notices is not None else Notices()
    key, title = (one if isinstance(one := said.get(part), str) else "" for part in _NAMED)
    if not _GROUP_KEY.fullmatch(key):
        faults.add("key", "must look like group_6b011eafb5d4f")
    if not title.strip() or len(title) > LONGEST_TITLE:
        faults.add("title", f"must say what the group is called, in {LONGEST_TITLE} characters")
    settings = {one.name: _setting(one, said, one.name, faults) for one in GROUP_SETTINGS}
    for name in unknown_hidden(settings["hide_on_screen"]):
        noted.add("hide_on_screen", "unknown_element", f"{name!r} is nothing that editors have")
    fields = reader.fields(said.get("fields", []), "fields", depth=1)
    return Group(
        key=key,
        title=title,
        fields=fields,
        location=read_location(said.get("location", []), faults, noted),
        version=version,
        order=settings["menu_order"] or 0,
        is_active=settings["active"],
        is_shown_in_rest=settings["show_in_rest"],
        medical_context=settings["medical_context"],
        compliance_level=settings["compliance_level"],
        audits_changes=settings["audit_changes"],
        declared_by=declared_by,
        settings=settings,
        definition=definition,
    )


class _Reader:
    """Reads fields and counts them; keys are unique in the whole group."""

    def __init__(self, types: Catalogue, faults: Faults) -> None:
        self._types, self._faults = types, faults
        self._keys: set[str] = set()

    def fields(self, found: Any, place: str, depth: int) -> tuple[Field, ...]:
        if not isinstance(found, Sequence) or isinstance(found, str):
            self._faults.add(place, "must be a list of fields")
            return ()
        if found and depth > DEEPEST:
            self._faults.add(place, f"is nested deeper than {DEEPEST}; take a level away")
            return ()
        read = [self._field(one, f"{place}[{i}]", depth) for i, one in enumerate(found)]
        fields = tuple(one for one in read if one is not None)
        named = [one.name for one in fields if one.name]
        for name in sorted({name for name in named if named.count(name) > 1}):
            self._faults.add(place, f"has two fields of the name {name!r}; rename one")
        return fields

    def _field(self, found: Any, place: str, depth: int) -> Field | None:
        if not isinstance(found, Mapping):
            self._faults.add(place, "must be an object with key, name, label and type")
            return None
        key, name, kind = (str(found.get(part) or "") for part in ("key", "name", "type"))
        self._find_faults(place, key, name, kind)
        if kind not in self._types or len(self._keys) > MOST_FIELDS:
            return None
        field_type = self._types[kind]
        settings = {
            one.name: _setting(one, found, f"{place}.{one.name}", self._faults)
            for one in field_type.settings
        }
        field = Field(
            key=key,
            name=name if field_type.has_value else "",
            label=str(found.get("label") or ""),
            type=kind,
            is_required=as_flag(found.get("required", False)),
            is_secret=field_type.is_secret,
            conditions=_conditions(found.get("conditional_logic"), place, self._faults),
            settings=settings,
            source=self._source(found, place, depth),
            definition=found,
        )
        inner = self.fields(found.get("sub_fields") or [], f"{place}.sub_fields", depth + 1)
        layouts = self._layouts(found.get("layouts") or [], f"{place}.layouts", depth + 1)
        return replace(field, sub_fields=inner, layouts=layouts)

    def _find_faults(self, place: str, key: str, name: str, kind: str) -> None:
        if not _FIELD_KEY.fullmatch(key):
            self._faults.add(f"{place}.key", "must look like field_6b011eafb5d4f")
        elif key in self._keys:
            self._faults.add(f"{place}.key", f"{key!r} is the key of another field of the group")
        self._keys.add(key)
        if len(self._keys) > MOST_FIELDS:
            self._faults.add("fields", f"a group has at most {MOST_FIELDS} fields; split it")
        if kind not in self._types:
            listed = ", ".join(sorted(one.name for one in self._types))
            self._faults.add(f"{place}.type", f"there is no type {kind!r:.60}; there are: {listed}")
        elif self._types[kind].has_value and not _NAME.fullmatch(name):
            self._faults.add(f"{place}.name", "must be letters, digits, _ and -, at most 64")

    def _layouts(self, found: Any, place: str, depth: int) -> tuple[Layout, ...]:
        # Old exports have an object by key, newer ones a list.
        rows = list(found.values()) if isinstance(found, Mapping) else found
        if not isinstance(rows, Sequence) or isinstance(rows, str):
            self._faults.add(place, "must be a list of layouts")
            return ()
        return tuple(
            self._layout(row, f"{place}[{i}]", depth)
            for i, row in enumerate(rows)
            if self._is_object(row, f"{place}[{i}]")
        )

    def _layout(self, row: Mapping[str, Any], place: str, depth: int) -> Layout:
        name = str(row.get("name") or "")
        if not _NAME.fullmatch(name):
            self._faults.add(f"{place}.name", "must be letters, digits, _ and -, at most 64")
        return Layout(
            key=str(row.get("key") or ""),
            name=name,
            label=str(row.get("label") or ""),
            sub_fields=self.fields(row.get("sub_fields") or [], f"{place}.sub_fields", depth),
            min=as_integer(row.get("min")) or 0,
            max=as_integer(row.get("max")) or 0,
            definition=row,
        )

    def _is_object(self, row: Any, place: str) -> bool:
        if not isinstance(row, Mapping):
            self._faults.add(place, "must be an object")
        return isinstance(row, Mapping)

    def _source(self, found: Mapping[str, Any], place: str, depth: int) -> tuple[str, str] | None:
        if not found.get("source"):
            return None
        written = _SOURCE.fullmatch(str(found["source"]))
        if written is None or depth > 1:
            message = "must be part.name of a plugin's value, and only at the top of a group"
            self._faults.add(f"{place}.source", message)
            return None
        return written[1], written[2]


def _setting(setting: Setting, found: Mapping[str, Any], place: str, faults: Faults) -> Any:
    """The typed value: ACF writes switches as 0 and 1 and absent numbers as empty texts."""
    if setting.name not in found:
        return setting.default
    given = found[setting.name]
    try:
        return typed_setting(setting.read(given) if setting.read else given, setting.schema)
    except ValueError as wrong:
        faults.add(place, str(wrong))
        return setting.default


def typed_setting(value: Any, schema: Mapping[str, Any]) -> Any:
    """The value of a setting in the type of its schema; ValueError says what was expected."""
    kinds = schema.get("type", "string")
    kind = kinds if isinstance(kinds, str) else None
    if kind == "boolean":
        return as_flag(value)
    if kind in {"integer", "number"}:
        if value in ("", None, False):
            return schema.get("default")
        number = as_number(value)
        if number is None or (kind == "integer" and not float(number).is_integer()):
            raise ValueError(f"must be {'a whole number' if kind == 'integer' else 'a number'}")
        return int(number) if kind == "integer" else number
    if kind == "array":
        return _list_setting(value)
    if kind == "object":
        return _object_setting(value)
    if kind == "string" and not isinstance(value, str):
        value = "" if value in (None, False) else str(value)
    choices = schema.get("enum")
    if choices and value not in choices:
        raise ValueError(f"must be one of {', '.join(repr(one) for one in choices)}")
    return value


def _list_setting(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    if isinstance(value, list):
        return value
    # PHP writes no choice as an empty text, and a single one without its list.
    return [] if value in ("", None, False, 0) else [value]


def _object_setting(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return {str(key): one for key, one in value.items()}
    if isinstance(value, list):
        # An array of PHP whose keys count from 0.
        return {str(i): one for i, one in enumerate(value)}
    if value in ("", None, False):
        return {}
    raise ValueError("must be an object")


def _conditions(found: Any, place: str, faults: Faults) -> tuple[tuple[Condition, ...], ...]:
    if not isinstance(found, list):
        return ()
    groups = []
    for rules in found:
        read = []
        for rule in rules if isinstance(rules, list) else []:
            if not isinstance(rule, Mapping) or not rule.get("field"):
                where = f"{place}.conditional_logic"
                faults.add(where, "each rule must be an object with field, operator and value")
                continue
            operator = str(rule.get("operator", "=="))
            read.append(Condition(str(rule["field"]), operator, rule.get("value")))
        groups.append(tuple(read))
    return tuple(groups)


def as_flag(value: Any) -> bool:
    """PHP's truth, as exports write it: 0, "0", "" and false are no."""
    if isinstance(value, str):
        return value.strip().lower() not in _FALSE
    return bool(value)


def as_number(value: Any) -> int | float | None:
    """A finite number, also one written as a text; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            value = float(value) if any(mark in value for mark in ".eE") else int(value)
        except ValueError:
            return None
    if not isinstance(value, int | float) or not abs(value) < 1e300:
        return None
    return value


def as_integer(value: Any) -> int | None:
    """A whole number, also one written as a text; None for anything else."""
    number = as_number(value)
    return int(number) if number is not None and float(number).is_integer() else None
