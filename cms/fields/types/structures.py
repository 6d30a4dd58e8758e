"""Fields under one name: group, and clone where it is shown as a group. What is sent merges into
what is stored."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from cms.fields.field import Field
from cms.fields.type import FieldType, Known, Reference, Setting, Showing, Taking, Types
from cms.fields.types import members as inside
from cms.fields.types.plain import frame

_BLOCK = {"type": "string", "enum": ["block", "table", "row"], "default": "block"}
_LIST: dict[str, Any] = {"type": "array", "default": []}


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
        return inside.references(field.sub_fields, value, types)

    def check(self, field: Field, value: Any, known: Known, taking: Taking, path: str) -> None:
        inside.check(field.sub_fields, value, known, taking, path)

    def light(self, field: Field, value: Any, showing: Showing) -> Any:
        return inside.shown(field.sub_fields, value or {}, showing, inside.light(showing))

    def standard(self, field: Field, value: Any, showing: Showing) -> Any:
        return inside.shown(field.sub_fields, value or {}, showing, inside.standard(showing))

    def typed(self, field: Field, value: Any, showing: Showing) -> Any:
        return inside.shown(field.sub_fields, value or {}, showing, inside.typed(showing))

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {
            "type": ["object", "null"],
            "properties": inside.schemas(field.sub_fields, types),
            "required": field.is_required,
        }

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return inside.object_schema(field.sub_fields, types)

    def words(self, field: Field, value: Any, types: Types) -> Iterator[str]:
        return inside.words(field.sub_fields, value, types)

    def indexed(
        self, field: Field, value: Any, types: Types
    ) -> Iterator[tuple[str, str | float | datetime]]:
        return inside.indexed(field.name, field.sub_fields, value, types)

    def widget(self, field: Field) -> dict[str, Any]:
        members = [one.key for one in field.sub_fields]
        shown = {"layout": field.setting("layout"), "fields": members}
        return {**frame(field, "group"), **shown}


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


TYPES = (GroupField(), CloneField())
