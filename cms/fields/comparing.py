"""What differs between two sets of values, value by value, by path and in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.fields.field import Field
from cms.fields.types.rows import LAYOUT

MOST = 500
"""Differences within one field; beyond them it is shown as a whole."""


@dataclass(frozen=True)
class Difference:
    """One value that differs: its path `doses[2].unit`, what people call it (`Doses › 3 › Unit`),
    and what it was and is; None is no value."""

    path: str
    label: str
    before: Any = None
    after: Any = None


def compare(
    old_fields: Sequence[Field],
    before: Mapping[str, Any],
    new_fields: Sequence[Field],
    after: Mapping[str, Any],
) -> list[Difference]:
    """The differences in the order of the fields. The labels are those of the newer form; what no
    form knows any more is called by its name."""
    fields = {one.name: one for one in (*old_fields, *new_fields) if one.name}
    found: list[Difference] = []
    for name in dict.fromkeys((*fields, *before, *after)):
        one = fields.get(name) or _nameless(name)
        old, new = before.get(name), after.get(name)
        inner: list[Difference] = []
        for difference in _field(one, old, new, name, _called(one)):
            inner.append(difference)
            if len(inner) > MOST:
                inner = [Difference(name, _called(one), old, new)]
                break
        found += inner
    return found


def _field(one: Field, old: Any, new: Any, path: str, label: str) -> Iterator[Difference]:
    if old == new:
        return
    kinds = (dict, type(None))
    if _has_rows(one) and isinstance(old or [], list) and isinstance(new or [], list):
        yield from _rows(one, old or [], new or [], path, label)
    elif one.sub_fields and isinstance(old, kinds) and isinstance(new, kinds):
        yield from _members(one.sub_fields, old or {}, new or {}, path, label)
    else:
        yield Difference(path, label, old, new)


def _has_rows(one: Field) -> bool:
    return one.type in {"repeater", "flexible_content"}


def _members(
    fields: Sequence[Field], old: Mapping[str, Any], new: Mapping[str, Any], path: str, label: str
) -> Iterator[Difference]:
    known = {one.name: one for one in fields if one.name}
    for name in dict.fromkeys((*known, *old, *new)):
        if name != LAYOUT:
            one = known.get(name) or _nameless(name)
            called = f"{label} › {_called(one)}"
            yield from _field(one, old.get(name), new.get(name), f"{path}.{name}", called)


def _nameless(name: str) -> Field:
    return Field(key="", name=name, label="", type="")


def _rows(
    one: Field, old: list[Any], new: list[Any], path: str, label: str
) -> Iterator[Difference]:
    """Rows are matched from both ends, so that one that comes or goes between others is one."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old_rows, new_rows = old[start : len(old) - end], new[start : len(new) - end]
    for i in range(max(len(old_rows), len(new_rows))):
        row = old_rows[i] if i < len(old_rows) else None
        other = new_rows[i] if i < len(new_rows) else None
        place, called = f"{path}[{start + i}]", f"{label} › {start + i + 1}"
        yield from _row(one, row, other, place, called)


def _row(one: Field, old: Any, new: Any, path: str, label: str) -> Iterator[Difference]:
    """A row that is new or gone is one difference, as is one of another layout."""
    if old is None or new is None or old.get(LAYOUT) != new.get(LAYOUT):
        yield Difference(path, label, old, new)
        return
    layout = one.layout_by_name.get(new.get(LAYOUT, ""))
    fields = layout.sub_fields if layout is not None else one.sub_fields
    yield from _members(fields, old, new, path, label)


def _called(one: Field) -> str:
    return one.label or one.name
