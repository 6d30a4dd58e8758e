"""Fields that their definitions mark: `filterable`, `searchable`. Both are ours, not ACF's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cms.fields.defining import as_flag
from cms.fields.field import Definition, Field, Group
from cms.fields.type import Catalogue, FieldType

FILTERABLE, SEARCHABLE = "filterable", "searchable"

SENSITIVE = "sensitive"
"""Values of such groups are kept encrypted, and so in no index."""


@dataclass(frozen=True)
class Marked:
    """What a site has marked, by the key of the top-level field: the paths that lists filter by,
    and the fields whose words are found. Sensitive and secret values are never among them."""

    filterable: Mapping[str, frozenset[str]] = field(default_factory=dict)
    searchable: Mapping[str, Field] = field(default_factory=dict)
    sourced: tuple[Field, ...] = ()
    """Those of both whose values plugins keep in parts of their own."""


def marked(groups: tuple[Group, ...], types: Catalogue) -> Marked:
    """The marks of all groups of a site."""
    filterable: dict[str, frozenset[str]] = {}
    searchable: dict[str, Field] = {}
    sourced: list[Field] = []
    for group in groups:
        for one in group.fields if group.compliance_level != SENSITIVE else ():
            paths = frozenset(
                path
                for path, inner in paths_of(one)
                if is_marked(inner, FILTERABLE) and is_comparable(types[inner.type])
            )
            if paths:
                filterable[one.key] = paths
            # Words are found by everybody who reads the post.
            if is_open(group) and any(is_marked(inner, SEARCHABLE) for _, inner in paths_of(one)):
                searchable[one.key] = one
            if one.source is not None and (one.key in filterable or one.key in searchable):
                sourced.append(one)
    return Marked(filterable, searchable, tuple(sourced))


def paths_of(one: Field, above: str = "") -> Iterator[tuple[str, Field]]:
    """The field and every one inside it, with dotted paths such as `doses.unit`."""
    path = f"{above}{one.name}"
    yield path, one
    for inner in (*one.sub_fields, *(sub for row in one.layouts for sub in row.sub_fields)):
        yield from paths_of(inner, f"{path}.")


def is_marked(one: Field, mark: str) -> bool:
    """Whether the field's definition says so."""
    return as_flag(one.definition.get(mark, False))


def is_comparable(kind: FieldType) -> bool:
    """Whether filters can compare values of the type, and may."""
    return bool(kind.compared_as) and not kind.is_secret


def is_open(group: Group) -> bool:
    """Whether everybody who reads a post reads the fields of this group, unless one says more."""
    return group.is_shown_in_rest and group.compliance_level == "basic" and not asks_reader(group)


def asks_reader(group: Group) -> bool:
    """Whether the location of the group asks who is looking."""
    return any(rule.param.startswith("current_user") for rules in group.location for rule in rules)


def words_of(one: Field, value: Any, types: Catalogue, *, is_wanted: bool = False) -> Iterator[str]:
    """The words of a stored value, as far as it or what is inside it is marked. A field that asks
    for a capability has none: whoever searches would read it word by word."""
    is_wanted = is_wanted or is_marked(one, SEARCHABLE)
    if one.definition.get("read_capability") or value is None:
        return
    if not one.sub_fields and not one.layouts:
        if is_wanted and not types[one.type].is_secret:
            yield from types[one.type].words(one, value, types)
        return
    for row in value if isinstance(value, list) else [value]:
        for inner in _members(one, row):
            yield from words_of(inner, row.get(inner.name), types, is_wanted=is_wanted)


def _members(one: Field, row: Mapping[str, Any]) -> tuple[Field, ...]:
    found = [layout.sub_fields for layout in one.layouts if layout.name == row["acf_fc_layout"]]
    return found[0] if found else one.sub_fields


def have_changed(before: Definition, after: Definition) -> bool:
    """Whether the marks of a group come to something else than before; of its JSON only those keys
    need be given that differ."""
    old, new = (list(_marks(one.get("fields"))) for one in (before, after))
    if old != new:
        return True
    is_known = "fields" in after or "fields" in before
    return (not is_known or bool(new)) and any(
        before.get(name) != after.get(name) for name in _DECIDING
    )


_DECIDING = ("active", "compliance_level", "show_in_rest", "location")


def _marks(fields: Any, above: str = "") -> Iterator[tuple[Any, ...]]:
    for one in fields if isinstance(fields, list) else ():
        if not isinstance(one, Mapping):
            continue
        path = f"{above}{one.get('name', '')}"
        marks = [as_flag(one.get(mark, False)) for mark in (FILTERABLE, SEARCHABLE)]
        if any(marks):
            yield path, one.get("key"), one.get("type"), *marks, one.get("read_capability")
        layouts = one.get("layouts") or []
        rows = list(layouts.values()) if isinstance(layouts, Mapping) else layouts
        for inner in (one, *(row for row in rows if isinstance(row, Mapping))):
            yield from _marks(inner.get("sub_fields"), f"{path}.")
