"""The page about types of fields, from the types themselves."""

import inspect
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cms.fields.field import Field
from cms.fields.type import Catalogue, FieldType, Setting

ABOUT = (
    "What a field of a group can be. Names, settings and defaults are those of Advanced Custom "
    "Fields: 32 types were measured on its free version 6.8.1. The four others, of ACF Pro, are "
    "known from published schemas only; they are marked *Pro*. `separator` and `output` stand in "
    "old groups: they are read and kept, and no longer offered."
)
COMMON = """Every field has `key` (`field_…`, unique in its group), `name`, `label`, `type`,
`instructions`, `required`, `conditional_logic` and `wrapper`, and beside them what is ours:

- `filterable`: lists of posts can be filtered and sorted by it. Types without a line
  *filters compare* cannot.
- `searchable`: its words are found by the search.

Each value has three forms: `acf_format=light` and `acf_format=standard` of `/wp-json`, as ACF gives
them, and the typed form of `/api/v1`, which is of one type whatever the settings say. A field that
was never filled shows its `default_value` in all of them.
"""
ORDER = ("basic", "content", "choice", "relational", "advanced", "layout", "internal")


def parts(types: Catalogue) -> Iterator[str]:
    """The sections of the page, by category and in the order of the catalogue."""
    yield COMMON
    categories = list(dict.fromkeys([*ORDER, *(one.category for one in types)]))
    for category in categories:
        found = [one for one in types if one.category == category]
        if found:
            yield f"## {category.capitalize()}\n"
            yield from (_type(one, types) for one in found)


def _type(one: FieldType, types: Catalogue) -> str:
    pro = " *(Pro)*" if one.is_pro else ""
    lines = [f"### `{one.name}`{pro}", "", f"{one.label}. {_first(one)}", ""]
    lines += [f"- {told}" for told in _facts(one, types)]
    if one.settings:
        lines += ["", "| setting | type | default | what it is |", "| --- | --- | --- | --- |"]
        lines += [_row(setting) for setting in one.settings]
    return "\n".join(lines) + "\n"


def _facts(one: FieldType, types: Catalogue) -> Iterator[str]:
    if not one.has_value:
        yield "has no value: it only shapes the form"
        return
    bare = Field(
        key="field_x",
        name="x",
        label="X",
        type=one.name,
        settings={setting.name: setting.default for setting in one.settings},
    )
    yield f"light: {_schema(one.schema(bare, types))}"
    yield f"typed: {_schema(one.typed_schema(bare, types))}"
    if one.compared_as:
        yield f"filters compare: {one.compared_as}"
    if one.is_secret:
        yield "secret: shown only to those who may edit what it belongs to"


def _row(setting: Setting) -> str:
    choices = setting.schema.get("enum")
    kind = _kind(setting.schema)
    if choices:
        kind = ", ".join(f"`{json.dumps(one)}`" for one in choices)
    default = "–" if setting.default is None else f"`{json.dumps(setting.default)}`"
    cells = (f"`{setting.name}`", kind, default, setting.label)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _schema(schema: Mapping[str, Any]) -> str:
    """A schema in a few words."""
    told = _kind(schema)
    if schema.get("format"):
        told += f" of format `{schema['format']}`"
    if schema.get("properties"):
        told += f" with {_listed(schema['properties'])}"
    if schema.get("items"):
        told += f" of {_kind(schema['items'])}"
    return told


def _kind(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return _or(_kind(one) for one in schema["anyOf"])
    kind = schema.get("type", "anything")
    return kind if isinstance(kind, str) else _or(kind)


def _or(kinds: Iterable[str]) -> str:
    return " or ".join(kinds)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _first(one: FieldType) -> str:
    return " ".join((inspect.getdoc(type(one)) or "").partition("\n\n")[0].split())
