"""The form of a thing's fields: what a template needs to draw each, with its value and its fault.

The name of an input is the path of its value with dots, a row by its number: `f.doses.0.unit`. A
new row is drawn once with a word in the place of its number, for the page's script to copy.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cms.fields.describing import wrapper
from cms.fields.field import Field, Group, Layout
from cms.fields.rights import may_write
from cms.fields.type import Catalogue, Showing
from cms.fields.types.naming import Naming, each
from cms.fields.types.rows import LAYOUT
from cms.kernel.actors import Actor

PREFIX = "f."


class Chosen(NamedTuple):
    """Something that a value names, and what it is called."""

    id: int
    label: str


@dataclass(frozen=True)
class Row:
    """One row of a repeater or of flexible content; `name` is that of its layout."""

    path: str
    members: Sequence["Drawn"]
    name: str = ""
    label: str = ""


@dataclass(frozen=True)
class Drawn:
    """One field. `widget` is what its type says; `value` the typed value, or what was sent."""

    path: str
    key: str
    label: str
    help: str
    control: str
    is_required: bool
    is_open: bool
    fault: str
    width: str
    widget: Mapping[str, Any]
    conditions: Sequence[Any]
    value: Any = None
    type: str = ""
    chosen: Sequence[Chosen] = ()
    members: Sequence["Drawn"] = ()
    rows: Sequence[Row] = ()
    blanks: Sequence[Row] = ()

    @property
    def id(self) -> str:
        """Of the input, for its label."""
        return self.path.replace(".", "-")

    @property
    def rules(self) -> list[list[list[Any]]]:
        """The conditions as the page's script reads them."""
        return [
            [[one.field, one.operator, one.value] for one in all_of] for all_of in self.conditions
        ]


@dataclass(frozen=True)
class Block:
    """A group with its fields."""

    key: str
    title: str
    fields: Sequence[Drawn]
    description: str = ""


@dataclass(frozen=True)
class Drawing:
    """What is the same for a whole form. `faults` are by path, without the prefix."""

    types: Catalogue
    actor: Actor
    showing: Showing
    faults: Mapping[str, str] = field(default_factory=dict)

    def blocks(
        self, fields: Mapping[str, tuple[Field, Group]], values: Mapping[str, Any]
    ) -> list[Block]:
        """The groups that these top-level fields belong to, in their order, with layout fields."""
        groups = list(dict.fromkeys(group for _, group in fields.values()))
        return [
            Block(
                group.key,
                group.title,
                [
                    self._drawn(shown, values.get(shown.name), f"{PREFIX}{shown.name}", group)
                    for shown in _of_group(group, fields)
                ],
                str(group.settings.get("description") or ""),
            )
            for group in groups
        ]

    def _drawn(self, one: Field, value: Any, path: str, group: Group) -> Drawn:
        kind = self.types[one.type]
        widget = kind.widget(one)
        return Drawn(
            path=path,
            key=one.key,
            label=one.label,
            help=str(one.definition.get("instructions") or ""),
            control=_control(kind, widget),
            is_required=one.is_required,
            is_open=may_write(self.actor, one, group),
            fault=self._fault(path),
            width=wrapper(one)["width"],
            widget=widget,
            conditions=one.conditions,
            value=widget.get("value") if value is None and kind.has_value else value,
            type=one.type,
            chosen=self._chosen(one, value) if isinstance(kind, Naming) else (),
            **self._inside(one, value, path, group),
        )

    def _fault(self, path: str) -> str:
        where = path.removeprefix(PREFIX)
        return next((said for at, said in self.faults.items() if _dotted(at) == where), "")

    def _inside(self, one: Field, value: Any, path: str, group: Group) -> dict[str, Any]:
        if one.layouts:
            return self._layouts(one, value, path, group)
        if not one.sub_fields:
            return {}
        if self.types[one.type].widget(one)["control"] == "rows":
            rows = [
                Row(f"{path}.{at}", self._members(one.sub_fields, row, f"{path}.{at}", group))
                for at, row in enumerate(_rows(value))
            ]
            blank = f"{path}.{_mark(one)}"
            return {
                "rows": rows,
                "blanks": [Row(blank, self._members(one.sub_fields, {}, blank, group))],
            }
        return {"members": self._members(one.sub_fields, value or {}, path, group)}

    def _layouts(self, one: Field, value: Any, path: str, group: Group) -> dict[str, Any]:
        def row(layout: Layout, values: Mapping[str, Any], where: str) -> Row:
            members = self._members(layout.sub_fields, values, where, group)
            return Row(where, members, layout.name, layout.label)

        known = one.layout_by_name
        return {
            "rows": [
                row(known[sent[LAYOUT]], sent, f"{path}.{at}")
                for at, sent in enumerate(_rows(value))
                if sent.get(LAYOUT) in known
            ],
            "blanks": [row(layout, {}, f"{path}.{_mark(one)}") for layout in one.layouts],
        }

    def _members(
        self, members: Sequence[Field], values: Mapping[str, Any], path: str, group: Group
    ) -> list[Drawn]:
        return [
            self._drawn(one, values.get(one.name), f"{path}.{one.name or one.key}", group)
            for one in members
        ]

    def _chosen(self, one: Field, value: Any) -> list[Chosen]:
        numbers = [number for number in each(value) if isinstance(number, int)]
        shown = self.types[one.type].typed(one, numbers or None, self.showing)
        listed = shown if isinstance(shown, list) else [shown] if shown else []
        known = {made["id"]: _called(made) for made in listed if "id" in made}
        return [Chosen(number, known.get(number, str(number))) for number in numbers]


def _called(made: Mapping[str, Any]) -> str:
    named = (made.get(name) for name in ("title", "name", "filename"))
    return next((str(one) for one in named if one), str(made["id"]))


def _control(kind: Any, widget: Mapping[str, Any]) -> str:
    return "picker" if isinstance(kind, Naming) else str(widget.get("control", "text"))


def _rows(value: Any) -> Sequence[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _mark(one: Field) -> str:
    """What stands for the number of a row that is still to be made."""
    return f"__{one.key}__"


def _dotted(path: str) -> str:
    """`doses[2].unit` as inputs are named: `doses.2.unit`."""
    return path.replace("[", ".").replace("]", "")


def _of_group(group: Group, fields: Mapping[str, tuple[Field, Group]]) -> Iterator[Field]:
    """The fields of the group that are shown, those that only shape the form among them."""
    for one in group.fields:
        if not one.name:
            yield one
        elif one.name in fields and fields[one.name][1] is group:
            yield fields[one.name][0]
