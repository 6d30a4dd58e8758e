"""A definition as a tree whose branches are lists of fields: looked through, and changed at one
place so that all the rest stays as it came."""

import copy
import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cms.errors import InvalidInput, NotFound
from cms.fields.defining import as_flag
from cms.fields.field import Definition
from cms.fields.type import Catalogue, FieldType

UP, DOWN, REMOVE = "up", "down", "remove"
_NO_LETTER = re.compile(r"[^a-z0-9]+")


@dataclass
class Layout:
    """A kind of row of flexible content; `index` is its place among its siblings."""

    said: dict[str, Any]
    index: int
    count: int
    fields: "Holder"

    @property
    def steps(self) -> tuple[str, ...]:
        """What its buttons do: up and down where it can go, and away."""
        return _steps(self.index, self.count)


@dataclass
class Node:
    """A field with what stands inside it."""

    said: dict[str, Any]
    index: int
    count: int
    inside: "Holder | None" = None
    layouts: list[Layout] | None = None

    @property
    def key(self) -> str:
        return str(self.said.get("key", ""))

    @property
    def title(self) -> str:
        return str(self.said.get("label") or self.said.get("name") or self.key)

    @property
    def steps(self) -> tuple[str, ...]:
        """What its buttons do: up and down where it can go, and away."""
        return _steps(self.index, self.count)

    @property
    def is_required(self) -> bool:
        return as_flag(self.said.get("required", False))

    def branches(self) -> Iterator["Holder"]:
        """The lists of fields right inside it."""
        yield from (self.inside,) if self.inside else ()
        yield from (one.fields for one in self.layouts or ())


@dataclass
class Holder:
    """A list of fields. `name` is empty for the group's own, else the key of the field that holds
    it, or that key with the place of the layout, `field_5f/2`; `place` is how faults name it."""

    name: str
    label: str
    place: str
    rows: list[dict[str, Any]]
    around: "Holder | None" = None
    nodes: list[Node] = field(default_factory=list)

    def every(self) -> Iterator["Holder"]:
        """This list, and every one below it."""
        yield self
        for node in self.nodes:
            for branch in node.branches():
                yield from branch.every()


class Tree:
    """A copy of a definition, to change. It must be one that can be read (`read_group`)."""

    def __init__(self, definition: Definition, types: Catalogue) -> None:
        self.definition: dict[str, Any] = copy.deepcopy(dict(definition))
        self._types = types
        self._grow()

    def _grow(self) -> None:
        rows = self.definition.setdefault("fields", [])
        title = str(self.definition.get("title", ""))
        self.top = self._holder(Holder("", title, "fields", rows))

    def _holder(self, holder: Holder) -> Holder:
        count = len(holder.rows)
        holder.nodes = [self._node(row, at, count, holder) for at, row in enumerate(holder.rows)]
        return holder

    def _node(self, row: dict[str, Any], at: int, count: int, around: Holder) -> Node:
        node, place = Node(row, at, count), f"{around.place}[{at}]"
        kind = self._types[str(row["type"])]
        if holds(kind, "sub_fields"):
            rows = _list_of(row, "sub_fields")
            inside = Holder(node.key, node.title, f"{place}.sub_fields", rows, around)
            node.inside = self._holder(inside)
        if holds(kind, "layouts"):
            listed = _list_of(row, "layouts")
            node.layouts = [
                self._layout(node, one, number, len(listed), place, around)
                for number, one in enumerate(listed)
            ]
        return node

    def _layout(  # noqa: PLR0917 - where it stands, and in what
        self, of: Node, said: dict[str, Any], at: int, count: int, place: str, around: Holder
    ) -> Layout:
        label = f"{of.title}: {said.get('label') or said.get('name')}"
        rows = _list_of(said, "sub_fields")
        inside = Holder(f"{of.key}/{at}", label, f"{place}.layouts[{at}].sub_fields", rows, around)
        return Layout(said, at, count, self._holder(inside))

    # -- looking

    def holder(self, name: str) -> Holder:
        """The list of this name; NotFound where there is none."""
        for one in self.top.every():
            if one.name == name:
                return one
        raise NotFound("place for fields", name)

    def find(self, key: str) -> tuple[Holder, Node]:
        """The field of this key and the list that it stands in; NotFound where there is none."""
        for holder in self.top.every():
            for node in holder.nodes:
                if node.key == key:
                    return holder, node
        raise NotFound("field", key)

    def place(self, key: str) -> str:
        """How faults name the field."""
        holder, node = self.find(key)
        return f"{holder.place}[{node.index}]"

    def asked_by(self, key: str) -> list[Node]:
        """What conditions of a field may ask: what has a value beside it and around it."""
        holder: Holder | None = self.find(key)[0]
        found: list[Node] = []
        while holder is not None:
            found += [one for one in holder.nodes if one.key != key and self._has_value(one)]
            holder = holder.around
        return found

    def _has_value(self, node: Node) -> bool:
        return self._types[str(node.said["type"])].has_value

    def homes(self, key: str) -> list[Holder]:
        """The lists that a field can stand in: all but those inside of itself."""
        own = {name.name for branch in self.find(key)[1].branches() for name in branch.every()}
        return [one for one in self.top.every() if one.name not in own]

    # -- changing

    def add(self, holder: str, said: Mapping[str, Any]) -> None:
        """A field at the end of a list."""
        self.holder(holder).rows.append(dict(said))
        self._grow()

    def step(self, key: str, step: str) -> None:
        """One place up or down, or away."""
        holder, node = self.find(key)
        _step(holder.rows, node.index, step)
        self._grow()

    def put(self, key: str, holder: str, before: str = "") -> None:
        """Into a list, before a field of it or at its end; InvalidInput for one inside itself."""
        if holder not in {one.name for one in self.homes(key)}:
            message = "is no place that this field can stand in; choose another"
            raise InvalidInput({"holder": message})
        came, node = self.find(key)
        target = self.holder(holder)
        if before == key:
            return
        row = came.rows.pop(node.index)
        at = next((i for i, one in enumerate(target.rows) if one.get("key") == before), None)
        target.rows.insert(len(target.rows) if at is None else at, row)
        self._grow()

    def replace(self, key: str, said: Mapping[str, Any]) -> None:
        """Another field at the place of this one."""
        holder, node = self.find(key)
        holder.rows[node.index] = dict(said)
        self._grow()

    def add_layout(self, key: str, said: Mapping[str, Any]) -> None:
        """Another kind of row for flexible content."""
        self._layouts(key).append(dict(said))
        self._grow()

    def change_layout(self, key: str, index: int, said: Mapping[str, Any]) -> None:
        """Other words and limits for a layout."""
        self._layouts(key, index)[index].update(said)
        self._grow()

    def step_layout(self, key: str, index: int, step: str) -> None:
        """A layout one place up or down, or away with its fields."""
        _step(self._layouts(key, index), index, step)
        self._grow()

    def _layouts(self, key: str, index: int = 0) -> list[dict[str, Any]]:
        node = self.find(key)[1]
        if node.layouts is None or (index and not 0 <= index < len(node.layouts)):
            raise NotFound("layout", f"{key}/{index}")
        rows: list[dict[str, Any]] = node.said["layouts"]
        return rows


def holds(kind: FieldType, what: str) -> bool:
    """Whether fields of this type have `sub_fields`, or `layouts`."""
    return any(one.name == what for one in kind.settings)


def new_key(kind: str) -> str:
    """A key that no other thing has, such as field_6b011eafb5d4f."""
    return f"{kind}_{secrets.token_hex(7)[:13]}"


def name_of(label: str) -> str:
    """A name made of a label: small letters, digits and underscores, at most 64."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return _NO_LETTER.sub("_", plain).strip("_")[:64]


def _list_of(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = said.get(name)
    # Old exports have an object by key, newer ones a list; PHP writes an empty one as a text.
    rows = list(found.values()) if isinstance(found, Mapping) else found or []
    said[name] = rows
    return rows


def _steps(index: int, count: int) -> tuple[str, ...]:
    return (*((UP,) if index else ()), *((DOWN,) if index + 1 < count else ()), REMOVE)


def _step(rows: list[dict[str, Any]], at: int, step: str) -> None:
    row = rows.pop(at)
    if step == UP:
        rows.insert(max(at - 1, 0), row)
    elif step == DOWN:
        rows.insert(at + 1, row)
    elif step != REMOVE:
        raise InvalidInput({"step": f"must be {UP}, {DOWN} or {REMOVE}"})
