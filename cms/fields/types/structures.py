"""Fields made of fields: group, repeater, flexible content, and clone where it is shown as a group.

Their values hold those of the fields inside by name. A group that is sent merges into the stored
one; rows that are sent replace all rows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from cms.fields.field import Field, Layout
from cms.fields.type import FieldType, Known, Reference, Setting, Showing, Taking, Types

LAYOUT = "acf_fc_layout"
"""The key of a row of flexible content that names its layout."""

_BLOCK = {"type": "string", "enum": ["block", "table", "row"], "default": "block"}
_TABLE = {"type": "string", "enum": ["table", "block", "row"], "default": "table"}
_COUNT = {"type": "integer", "default": 0, "minimum": 0}
_LIST: dict[str, Any] = {"type": "array", "default": []}

Members = Sequence[Field]
Shown = Callable[[FieldType, Field, Any], Any]
"""One of the three forms of a value."""


def _take_members(
    members: Members, given: Mapping[str, Any], taking: Taking, path: str
) -> dict[str, Any]:
    """The values that a new row has; names that no field has are ignored, as in ACF."""
    taken: dict[str, Any] = {}
    for one in members:
        if one.name and one.name in given:
            value = taking.take(one, given[one.name], f"{path}.{one.name}")
            if value is not None:
                taken[one.name] = value
    return taken


def _references(members: Members, values: Mapping[str, Any], types: Types) -> Iterator[Reference]:
    for one in members:
        if one.name in values:
            yield from types[one.type].references(one, values[one.name], types)


def _check(
    members: Members, values: Mapping[str, Any], known: Known, taking: Taking, path: str
) -> None:
    for one in members:
        if one.name in values:
            kind = taking.types[one.type]
            kind.check(one, values[one.name], known, taking, f"{path}.{one.name}")


def _words(members: Members, values: Mapping[str, Any], types: Types) -> Iterator[str]:
    for one in members:
        if one.name in values:
            yield from types[one.type].words(one, values[one.name], types)


def _indexed(
    above: str, members: Members, values: Mapping[str, Any], types: Types
) -> Iterator[tuple[str, str | float | datetime]]:
    for one in members:
        if one.name in values:
            for path, value in types[one.type].indexed(one, values[one.name], types):
                yield f"{above}.{path}", value


def _shown(
    members: Members, values: Mapping[str, Any], showing: Showing, form: Shown
) -> dict[str, Any]:
    """Every field by name, also those without a value."""
    return {
        one.name: form(showing.types[one.type], one, values.get(one.name))
        for one in members
        if one.name
    }


def _light(showing: Showing) -> Shown:
    return lambda kind, one, value: kind.light(one, value, showing)


def _standard(showing: Showing) -> Shown:
    return lambda kind, one, value: kind.standard(one, value, showing)


def _typed(showing: Showing) -> Shown:
    return lambda kind, one, value: kind.typed(one, value, showing)


def _schemas(members: Members, types: Types) -> dict[str, Any]:
    return {one.name: types[one.type].schema(one, types) for one in members if one.name}


def _object_schema(members: Members, types: Types, **more: Any) -> dict[str, Any]:
    """Of the typed form, where every name is always there."""
    of_names = {one.name: types[one.type].typed_schema(one, types) for one in members if one.name}
    properties = {**more, **of_names}
    return {"type": "object", "properties": properties, "required": list(properties)}


class GroupField(FieldType):
    """Fields under one name."""

    name, label, category = "group", "Group", "layout"
    settings: ClassVar[Sequence[Setting]] = (
        Setting("sub_fields", _LIST, "Sub fields"),
        Setting("layout", _BLOCK, "Layout"),
    )

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> Any:
        stored = taking.stored if isinstance(taking.stored, Mapping) else {}
        if value == []:
            # An array of PHP without keys.
            value = {}
        if not isinstance(value, Mapping):
            taking.faults.add(path, "type", "must be an object of its sub fields by name", value)
            return None
        taken = dict(stored)
        for one in field.sub_fields:
            if not one.name or one.name not in value:
                continue
            place = f"{path}.{one.name}"
            inner = taking.take(one, value[one.name], place, stored.get(one.name))
            if inner is None:
                taken.pop(one.name, None)
            else:
                taken[one.name] = inner
        return taken or None

    def references(self, field: Field, value: Any, types: Types) -> Iterator[Reference]:
        return _references(field.sub_fields, value, types)

    def check(self, field: Field, value: Any, known: Known, taking: Taking, path: str) -> None:
        _check(field.sub_fields, value, known, taking, path)

    def light(self, field: Field, value: Any, showing: Showing) -> Any:
        return _shown(field.sub_fields, value or {}, showing, _light(showing))

    def standard(self, field: Field, value: Any, showing: Showing) -> Any:
        return _shown(field.sub_fields, value or {}, showing, _standard(showing))

    def typed(self, field: Field, value: Any, showing: Showing) -> Any:
        return _shown(field.sub_fields, value or {}, showing, _typed(showing))

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {
            "type": ["object", "null"],
            "properties": _schemas(field.sub_fields, types),
            "required": field.is_required,
        }

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return _object_schema(field.sub_fields, types)

    def words(self, field: Field, value: Any, types: Types) -> Iterator[str]:
        return _words(field.sub_fields, value, types)

    def indexed(
        self, field: Field, value: Any, types: Types
    ) -> Iterator[tuple[str, str | float | datetime]]:
        return _indexed(field.name, field.sub_fields, value, types)

    def widget(self, field: Field) -> dict[str, Any]:
        members = [one.key for one in field.sub_fields]
        return {"control": "group", "layout": field.setting("layout"), "fields": members}


class CloneField(GroupField):
    """Fields of other groups. A seamless one is no field itself: its fields stand in its place
    (`cms.fields.cloning`); one that is shown as a group holds them as a group does."""

    name, label = "clone", "Clone"
    is_pro = True
    settings = (
        Setting("clone", _LIST, "Fields"),
        Setting(
            "display",
            {"type": "string", "enum": ["seamless", "group"], "default": "seamless"},
            "Display",
        ),
        Setting("layout", _BLOCK, "Layout"),
        Setting("prefix_label", {"type": "boolean", "default": False}, "Prefix field labels"),
        Setting("prefix_name", {"type": "boolean", "default": False}, "Prefix field names"),
    )


class Rows(FieldType):
    """What repeater and flexible content have in common: a list of rows of fields."""

    category = "layout"
    is_pro = True

    def members(self, field: Field, row: Mapping[str, Any]) -> Members | None:
        """The fields of this row; None for one that the field does not have any more."""
        raise NotImplementedError

    def take_row(self, field: Field, row: Any, taking: Taking, path: str) -> dict[str, Any] | None:
        """One row as it is kept, or None for one that is refused."""
        raise NotImplementedError

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> Any:
        if value is False or value == []:
            # ACF's REST gives false for no rows, and must get it back.
            return None
        if not isinstance(value, list):
            taking.faults.add(path, "type", "must be a list of rows", value)
            return None
        if not self._counts_fit(field, value, taking, path):
            return None
        rows = [self.take_row(field, row, taking, f"{path}[{i}]") for i, row in enumerate(value)]
        return [row for row in rows if row is not None] or None

    def _counts_fit(self, field: Field, rows: list[Any], taking: Taking, path: str) -> bool:
        """Only then are the rows themselves looked at: too many cost nothing."""
        low, high = field.setting("min") or 0, field.setting("max") or 0
        if high and len(rows) > high:
            message = f"has {len(rows)} rows; at most {high} are accepted"
            taking.faults.add(path, "max", message, rows)
            return False
        if len(rows) < low:
            message = f"has {len(rows)} rows; at least {low} are needed"
            taking.faults.add(path, "min", message, rows)
        return taking.has_room(len(rows), path)

    def _rows(self, field: Field, value: Any) -> Iterator[tuple[int, Members, Mapping[str, Any]]]:
        for i, row in enumerate(value or ()):
            members = self.members(field, row)
            if members is not None:
                yield i, members, row

    def references(self, field: Field, value: Any, types: Types) -> Iterator[Reference]:
        for _, members, row in self._rows(field, value):
            yield from _references(members, row, types)

    def check(self, field: Field, value: Any, known: Known, taking: Taking, path: str) -> None:
        for i, members, row in self._rows(field, value):
            _check(members, row, known, taking, f"{path}[{i}]")

    def shown_row(
        self, members: Members, row: Mapping[str, Any], showing: Showing, form: Shown
    ) -> dict[str, Any]:
        return _shown(members, row, showing, form)

    def _all_shown(self, field: Field, value: Any, showing: Showing, form: Shown) -> list[Any]:
        return [
            self.shown_row(members, row, showing, form)
            for _, members, row in self._rows(field, value)
        ]

    def light(self, field: Field, value: Any, showing: Showing) -> Any:
        return self._all_shown(field, value, showing, _light(showing)) or False

    def standard(self, field: Field, value: Any, showing: Showing) -> Any:
        return self._all_shown(field, value, showing, _standard(showing)) or False

    def typed(self, field: Field, value: Any, showing: Showing) -> Any:
        return self._all_shown(field, value, showing, _typed(showing))

    def row_schema(self, field: Field, types: Types) -> dict[str, Any]:
        raise NotImplementedError

    def typed_row_schema(self, field: Field, types: Types) -> dict[str, Any]:
        raise NotImplementedError

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        low, high = field.setting("min"), field.setting("max")
        return {
            "type": ["array", "boolean", "null"],
            "items": self.row_schema(field, types),
            "required": field.is_required,
            **({"minItems": low} if low else {}),
            **({"maxItems": high} if high else {}),
        }

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {"type": "array", "items": self.typed_row_schema(field, types)}

    def words(self, field: Field, value: Any, types: Types) -> Iterator[str]:
        for _, members, row in self._rows(field, value):
            yield from _words(members, row, types)

    def indexed(
        self, field: Field, value: Any, types: Types
    ) -> Iterator[tuple[str, str | float | datetime]]:
        for _, members, row in self._rows(field, value):
            yield from _indexed(field.name, members, row, types)


class Repeater(Rows):
    """Rows of the same fields."""

    name, label = "repeater", "Repeater"
    settings = (
        Setting("sub_fields", _LIST, "Sub fields"),
        Setting("layout", _TABLE, "Layout"),
        Setting("pagination", {"type": "boolean", "default": False}, "Pagination"),
        Setting("rows_per_page", {"type": "integer", "default": 20, "minimum": 1}, "Rows per page"),
        Setting("min", _COUNT, "Minimum rows"),
        Setting("max", _COUNT, "Maximum rows"),
        Setting("collapsed", {"type": "string", "default": ""}, "Collapsed"),
        Setting("button_label", {"type": "string", "default": "Add Row"}, "Button label"),
    )

    def members(self, field: Field, row: Mapping[str, Any]) -> Members | None:
        return field.sub_fields

    def take_row(self, field: Field, row: Any, taking: Taking, path: str) -> dict[str, Any] | None:
        if row == []:
            row = {}
        if not isinstance(row, Mapping):
            taking.faults.add(path, "type", "must be an object of its sub fields by name", row)
            return None
        return _take_members(field.sub_fields, row, taking, path)

    def row_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {"type": "object", "properties": _schemas(field.sub_fields, types)}

    def typed_row_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return _object_schema(field.sub_fields, types)

    def widget(self, field: Field) -> dict[str, Any]:
        told = ("layout", "min", "max", "button_label", "collapsed", "pagination", "rows_per_page")
        members = [one.key for one in field.sub_fields]
        return {"control": "rows", "fields": members, **{one: field.setting(one) for one in told}}


class FlexibleContent(Rows):
    """Rows of different layouts; each row names its own."""

    name, label = "flexible_content", "Flexible Content"
    settings = (
        Setting("layouts", _LIST, "Layouts"),
        Setting("min", _COUNT, "Minimum layouts"),
        Setting("max", _COUNT, "Maximum layouts"),
        Setting("button_label", {"type": "string", "default": "Add Row"}, "Button label"),
    )

    def members(self, field: Field, row: Mapping[str, Any]) -> Members | None:
        layout = layout_of(field, row)
        return layout.sub_fields if layout is not None else None

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> Any:
        rows = super().take(field, value, taking, path)
        counts = dict.fromkeys((one.name for one in field.layouts), 0)
        for row in rows or ():
            counts[row[LAYOUT]] += 1
        for one in field.layouts:
            count = counts[one.name]
            if one.max and count > one.max:
                message = f"has {count} rows of the layout {one.name}; at most {one.max}"
                taking.faults.add(path, "max", f"{message} are accepted", value)
            # As in ACF's editor, no row at all is no value, whatever its layouts ask for.
            if rows and count < one.min:
                message = f"has {count} rows of the layout {one.name}; at least {one.min}"
                taking.faults.add(path, "min", f"{message} are needed", value)
        return rows

    def take_row(self, field: Field, row: Any, taking: Taking, path: str) -> dict[str, Any] | None:
        if not isinstance(row, Mapping):
            message = f"must be an object of its fields by name, with {LAYOUT}"
            taking.faults.add(path, "type", message, row)
            return None
        layout = layout_of(field, row)
        if layout is None:
            names = ", ".join(one.name for one in field.layouts)
            message = f"must name a layout: one of {names}"
            taking.faults.add(f"{path}.{LAYOUT}", "enum", message, row.get(LAYOUT))
            return None
        taken = _take_members(layout.sub_fields, row, taking, path)
        return {LAYOUT: layout.name, **taken}

    def shown_row(
        self, members: Members, row: Mapping[str, Any], showing: Showing, form: Shown
    ) -> dict[str, Any]:
        return {LAYOUT: row[LAYOUT], **_shown(members, row, showing, form)}

    def row_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {
            "type": "object",
            "oneOf": [
                {
                    "type": "object",
                    "properties": {
                        LAYOUT: {"type": "string", "required": True, "enum": [one.name]},
                        **_schemas(one.sub_fields, types),
                    },
                }
                for one in field.layouts
            ],
        }

    def typed_row_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {
            "oneOf": [
                _object_schema(one.sub_fields, types, **{LAYOUT: {"const": one.name}})
                for one in field.layouts
            ]
        }

    def widget(self, field: Field) -> dict[str, Any]:
        layouts = [
            {
                "name": one.name,
                "label": one.label,
                "min": one.min,
                "max": one.max,
                "display": one.definition.get("display", "block"),
                "fields": [inner.key for inner in one.sub_fields],
            }
            for one in field.layouts
        ]
        told = {one: field.setting(one) for one in ("min", "max", "button_label")}
        return {"control": "layouts", "layouts": layouts, **told}


def layout_of(field: Field, row: Mapping[str, Any]) -> Layout | None:
    """The layout that a row of the field names."""
    named = row.get(LAYOUT)
    return field.layout_by_name.get(named) if isinstance(named, str) else None


TYPES = (GroupField(), CloneField(), Repeater(), FlexibleContent())
