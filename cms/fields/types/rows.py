"""Repeater and flexible content: rows of fields. Rows that are sent replace all there were."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from cms.fields.field import Field, Layout
from cms.fields.type import FieldType, Known, Reference, Setting, Showing, Taking, Types
from cms.fields.types import members as inside
from cms.fields.types.members import Members, Shown
from cms.fields.types.plain import frame

LAYOUT = "acf_fc_layout"
"""The key of a row of flexible content that names its layout."""

_TABLE = {"type": "string", "enum": ["table", "block", "row"], "default": "table"}
_COUNT = {"type": "integer", "default": 0, "minimum": 0}
_LIST: dict[str, Any] = {"type": "array", "default": []}


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
            yield from inside.references(members, row, types)

    def check(self, field: Field, value: Any, known: Known, taking: Taking, path: str) -> None:
        for i, members, row in self._rows(field, value):
            inside.check(members, row, known, taking, f"{path}[{i}]")

    def shown_row(
        self, members: Members, row: Mapping[str, Any], showing: Showing, form: Shown
    ) -> dict[str, Any]:
        return inside.shown(members, row, showing, form)

    def _all_shown(self, field: Field, value: Any, showing: Showing, form: Shown) -> list[Any]:
        return [
            self.shown_row(members, row, showing, form)
            for _, members, row in self._rows(field, value)
        ]

    def light(self, field: Field, value: Any, showing: Showing) -> Any:
        return self._all_shown(field, value, showing, inside.light(showing)) or False

    def standard(self, field: Field, value: Any, showing: Showing) -> Any:
        return self._all_shown(field, value, showing, inside.standard(showing)) or False

    def typed(self, field: Field, value: Any, showing: Showing) -> Any:
        return self._all_shown(field, value, showing, inside.typed(showing))

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
            yield from inside.words(members, row, types)

    def indexed(
        self, field: Field, value: Any, types: Types
    ) -> Iterator[tuple[str, str | float | datetime]]:
        for _, members, row in self._rows(field, value):
            yield from inside.indexed(field.name, members, row, types)


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
        return inside.take_members(field.sub_fields, row, taking, path)

    def row_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {"type": "object", "properties": inside.schemas(field.sub_fields, types)}

    def typed_row_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return inside.object_schema(field.sub_fields, types)

    def widget(self, field: Field) -> dict[str, Any]:
        told = ("layout", "min", "max", "button_label", "collapsed", "pagination", "rows_per_page")
        members = [one.key for one in field.sub_fields]
        shown = {one: field.setting(one) for one in told}
        return {**frame(field, "rows"), "fields": members, **shown}


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
        taken = inside.take_members(layout.sub_fields, row, taking, path)
        return {LAYOUT: layout.name, **taken}

    def shown_row(
        self, members: Members, row: Mapping[str, Any], showing: Showing, form: Shown
    ) -> dict[str, Any]:
        return {LAYOUT: row[LAYOUT], **inside.shown(members, row, showing, form)}

    def row_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {
            "type": "object",
            "oneOf": [
                {
                    "type": "object",
                    "properties": {
                        LAYOUT: {"type": "string", "required": True, "enum": [one.name]},
                        **inside.schemas(one.sub_fields, types),
                    },
                }
                for one in field.layouts
            ],
        }

    def typed_row_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {
            "oneOf": [
                inside.object_schema(one.sub_fields, types, **{LAYOUT: {"const": one.name}})
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
        return {**frame(field, "layouts"), "layouts": layouts, **told}


def layout_of(field: Field, row: Mapping[str, Any]) -> Layout | None:
    """The layout that a row of the field names."""
    named = row.get(LAYOUT)
    return field.layout_by_name.get(named) if isinstance(named, str) else None


TYPES = (Repeater(), FlexibleContent())
