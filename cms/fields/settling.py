"""What holds between values: fields that hide others, and values that must be there.

A field that its conditions hide stays as it was, whatever is sent for it: ACF's editor does not
send hidden fields. In a row, which is sent as a whole, that is the value which the row of the same
place had, if the same is sent again; any other is dropped.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cms.fields.conditions import Scope, is_empty
from cms.fields.faults import FieldFaults
from cms.fields.field import Field
from cms.fields.types.rows import LAYOUT

Values = Mapping[str, Any]


def settle(
    fields: Sequence[Field], before: Values, after: Values, given: Values, faults: FieldFaults
) -> dict[str, Any]:
    """The values that are kept of `after`; only what is in `given` can differ from `before`. Taking
    the value of a required field away, and a new row without one, are faults."""
    level = _Level(fields)
    place = _Place(level, Scope(level.by_key, after), "", faults)
    return _settled(place, before, after, given)


def conditional_names(fields: Sequence[Field]) -> Iterator[str]:
    """The names of fields that others may hide, however deep."""
    return (one.name for top in fields for one in (top, *top.below()) if one.conditions)


@dataclass
class _Level:
    """Fields that stand side by side."""

    fields: Sequence[Field]

    @cached_property
    def by_key(self) -> dict[str, Field]:
        return {one.key: one for one in self.fields}

    @cached_property
    def named(self) -> list[Field]:
        return [one for one in self.fields if one.name]

    @cached_property
    def below(self) -> dict[str, "_Below"]:
        """What is inside of the fields that hold others, by their names."""
        return {one.name: _Below(one) for one in self.named if one.sub_fields or one.layouts}

    @cached_property
    def is_plain(self) -> bool:
        """Whether nothing is asked of its values together, however deep."""
        return not any(
            one.is_required or one.conditions for top in self.fields for one in (top, *top.below())
        )


class _Below:
    """The levels inside one field: one, or one for each layout."""

    def __init__(self, one: Field) -> None:
        self.own = _Level(one.sub_fields)
        self.is_single = bool(one.sub_fields) and one.type != "repeater"
        self.layouts = {row.name: _Level(row.sub_fields) for row in one.layouts}

    @cached_property
    def is_plain(self) -> bool:
        return all(level.is_plain for level in (self.own, *self.layouts.values()))

    def of(self, row: Values) -> _Level:
        return self.layouts.get(row.get(LAYOUT, ""), self.own)


@dataclass(frozen=True)
class _Place:
    """A level with its values, and where it stands; `above` ends with a dot inside of others."""

    level: _Level
    scope: Scope
    above: str
    faults: FieldFaults

    def inside(self, level: _Level, values: Values, path: str) -> "_Place":
        return _Place(level, self.scope.within(level.by_key, values), f"{path}.", self.faults)

    def miss(self, path: str, value: Any) -> None:
        self.faults.add(path, "required", "must have a value", value)


def _settled(place: _Place, before: Values, after: Values, given: Values) -> dict[str, Any]:
    """Of a level that merges: the top, and groups in it."""
    kept = dict(after)
    for one in place.level.named:
        name, path = one.name, f"{place.above}{one.name}"
        if name not in given:
            continue
        value, old = after.get(name), before.get(name)
        if not place.scope.shows(one):
            _put(kept, name, old)
            continue
        if is_empty(value) and one.is_required and not is_empty(old):
            place.miss(path, value)
        below = place.level.below.get(name)
        if below is None or below.is_plain:
            continue
        if isinstance(value, list):
            kept[name] = _settled_rows(place, below, old, value, path)
        elif below.is_single:
            held, sent = value or {}, given[name]
            is_cleared = not isinstance(sent, Mapping)
            names = dict.fromkeys(old or {}) if is_cleared else sent
            found = _settled(place.inside(below.own, held, path), old or {}, held, names)
            _put(kept, name, None if is_cleared else found or None)
    return kept


def _settled_rows(
    place: _Place, below: _Below, before: Any, rows: list[Any], path: str
) -> list[Any]:
    old_rows = before if isinstance(before, list) else []
    kept = []
    for i, row in enumerate(rows):
        old = old_rows[i] if i < len(old_rows) else None
        if row == old:
            kept.append(row)
            continue
        same = old if old and old.get(LAYOUT) == row.get(LAYOUT) else {}
        kept.append(_settled_row(place.inside(below.of(row), row, f"{path}[{i}]"), same, row))
    return kept


def _settled_row(place: _Place, before: Values, row: Values) -> dict[str, Any]:
    """Of a level that is replaced: a row, and groups in it."""
    kept = dict(row)
    for one in place.level.named:
        name, path = one.name, f"{place.above}{one.name}"
        value, old = row.get(name), before.get(name)
        if not place.scope.shows(one):
            _put(kept, name, value if value == old else None)
            continue
        if is_empty(value) and one.is_required:
            place.miss(path, value)
        below = place.level.below.get(name)
        if below is None or below.is_plain or (value == old and name in row):
            continue
        if isinstance(value, list):
            kept[name] = _settled_rows(place, below, old, value, path)
        elif below.is_single:
            held, inner = value or {}, old if isinstance(old, Mapping) else {}
            found = _settled_row(place.inside(below.own, held, path), inner, held)
            _put(kept, name, found or None)
    return kept


def _put(values: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        values.pop(name, None)
    else:
        values[name] = value


@dataclass(frozen=True)
class Missing:
    """A value that must be there before readers see the text; `needed` rows, or one value."""

    path: str
    field: Field
    needed: int = 0


def missing(fields: Sequence[Field], values: Values) -> Iterator[Missing]:
    """Every required value that is not there, and rows that are too few, as far as they show."""
    level = _Level(fields)
    yield from _missing(level, values, Scope(level.by_key, values), "")


def _missing(level: _Level, values: Values, scope: Scope, above: str) -> Iterator[Missing]:
    for one in level.named:
        if not scope.shows(one):
            continue
        value, path = values.get(one.name), f"{above}{one.name}"
        needed = needed_rows(one)
        if needed and len(value or ()) < needed:
            yield Missing(path, one, needed)
        elif is_empty(value) and one.is_required:
            yield Missing(path, one)
        below = level.below.get(one.name)
        if below is None or (below.is_plain and not _has_counts(one)):
            continue
        if isinstance(value, list):
            for i, row in enumerate(value):
                inner = below.of(row)
                yield from _missing(inner, row, scope.within(inner.by_key, row), f"{path}[{i}].")
        elif below.is_single:
            held = value or {}
            yield from _missing(below.own, held, scope.within(below.own.by_key, held), f"{path}.")


_COUNTED = frozenset({"repeater", "flexible_content", "gallery", "relationship"})


def needed_rows(one: Field) -> int:
    """How many rows, pictures or posts a field must have when readers come."""
    return int(one.setting("min") or 0) if one.type in _COUNTED else 0


def _has_counts(one: Field) -> bool:
    return any(needed_rows(inner) for inner in one.below())
