"""What the form of fields sent, as values that the types take in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cms.admin.fields.drawing import PREFIX
from cms.admin.forms import Form
from cms.fields.field import Field, Group
from cms.fields.rights import may_write
from cms.fields.type import Catalogue
from cms.fields.types.naming import Naming
from cms.fields.types.rows import LAYOUT
from cms.kernel.actors import Actor

# Controls whose value is an object, with the names of its members.
_OBJECTS: Mapping[str, Sequence[str]] = {
    "link": ("url", "title", "target"),
    "map": ("address", "lat", "lng"),
    "icon": ("type", "value"),
    "icon_picker": ("type", "value"),
}
_SEVERAL = frozenset({"checkboxes"})


class Sent:
    """Reads a form by the fields that it was drawn from: what stands in it of fields that there
    are not, or that this person may not change, is not looked at."""

    def __init__(self, form: Form, types: Catalogue, actor: Actor) -> None:
        self._form, self._types, self._actor = form, types, actor
        self._names = list(dict.fromkeys(name for name, _ in form.pairs()))

    def values(self, fields: Mapping[str, tuple[Field, Group]]) -> dict[str, Any]:
        """The values by name of those fields that the form held."""
        return {
            name: self._value(one, f"{PREFIX}{name}", group)
            for name, (one, group) in fields.items()
            if may_write(self._actor, one, group) and self._holds(f"{PREFIX}{name}")
        }

    def _holds(self, path: str) -> bool:
        return any(name == path or name.startswith(f"{path}.") for name in self._names)

    def _value(self, one: Field, path: str, group: Group) -> Any:
        if one.layouts:
            return list(self._layout_rows(one, path, group))
        if one.sub_fields:
            return self._inside(one, path, group)
        return self._leaf(one, path)

    def _inside(self, one: Field, path: str, group: Group) -> Any:
        if self._types[one.type].widget(one).get("control") == "rows":
            return [self._members(one.sub_fields, row, group) for row in self._row_paths(path)]
        return self._members(one.sub_fields, path, group)

    def _leaf(self, one: Field, path: str) -> Any:
        kind = self._types[one.type]
        if isinstance(kind, Naming):
            return self._named(kind, one, path)
        widget = kind.widget(one)
        if widget.get("control") in _OBJECTS:
            said = {name: self._form.text(f"{path}.{name}") for name in _OBJECTS[widget["control"]]}
            return said if any(said.values()) else ""
        if widget.get("control") in _SEVERAL or widget.get("multiple"):
            return self._form.all(path)
        return self._form.raw(path)

    def _named(self, kind: Naming, one: Field, path: str) -> Any:
        """Numbers of what was ticked and typed; a page link may be an address."""
        given = [part for text in self._form.all(path) for part in text.replace(",", " ").split()]
        listed = [int(part) if part.isascii() and part.isdigit() else part for part in given]
        if kind.is_list(one):
            return list(dict.fromkeys(listed))
        return listed[-1] if listed else ""

    def _members(self, members: Sequence[Field], path: str, group: Group) -> dict[str, Any]:
        return {
            one.name: self._value(one, f"{path}.{one.name}", group)
            for one in members
            if one.name and may_write(self._actor, one, group) and self._holds(f"{path}.{one.name}")
        }

    def _layout_rows(self, one: Field, path: str, group: Group) -> Iterator[dict[str, Any]]:
        for row in self._row_paths(path):
            name = self._form.text(f"{row}.{LAYOUT}")
            layout = one.layout_by_name.get(name)
            if layout is not None:
                yield {LAYOUT: name, **self._members(layout.sub_fields, row, group)}

    def _row_paths(self, path: str) -> list[str]:
        """The rows in the order in which they stand in the form, whatever their numbers."""
        below = (
            name.removeprefix(f"{path}.").partition(".")[0]
            for name in self._names
            if name.startswith(f"{path}.")
        )
        return [f"{path}.{at}" for at in dict.fromkeys(below) if at.isascii() and at.isdigit()]
