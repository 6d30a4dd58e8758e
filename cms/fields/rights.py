"""Who sees and who changes which field: by the compliance level of its group, by capabilities that
the field names itself, and never more than the thing it belongs to allows.

A field may say `read_capability` and `write_capability` in its definition. The level of a group
says more: basic is like the post; professional is for people of the clinic; sensitive for those who
answer for it. All that is said must be fulfilled, and nobody writes what she cannot read.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cms.content.sealed import EDIT_SENSITIVE, READ_SENSITIVE
from cms.errors import ValueForbidden
from cms.fields.field import Field, Group, Layout
from cms.kernel.actors import Actor

Fields = Mapping[str, tuple[Field, Group]]

READ_PROFESSIONAL = "read_professional_fields"

CAPABILITIES = {
    READ_PROFESSIONAL: "Read and write the fields of groups whose compliance level is professional",
    READ_SENSITIVE: "Read the fields of groups whose compliance level is sensitive",
    EDIT_SENSITIVE: "Change the fields of groups whose compliance level is sensitive",
}
GRANTS = {
    "administrator": frozenset(CAPABILITIES),
    **dict.fromkeys(("editor", "author", "contributor"), frozenset({READ_PROFESSIONAL})),
}

_TO_READ = {"basic": (), "professional": (READ_PROFESSIONAL,), "sensitive": (READ_SENSITIVE,)}
_TO_WRITE = {"sensitive": (EDIT_SENSITIVE,)}
_ABSENT = object()


class FieldForbidden(ValueForbidden):
    """A field was to be changed that this actor may not change; nothing was saved."""

    def __init__(self, paths: Iterable[str]) -> None:
        fields = sorted(set(paths))
        super().__init__(
            f"You are not allowed to change {_listed(fields)}. Leave out what you may not "
            "change, or ask somebody who may.",
            fields,
        )


def _listed(paths: list[str]) -> str:
    more = f" and {len(paths) - 5} more fields" if len(paths) > 5 else ""
    named = ", ".join(paths[:5])
    return f"the field {named}" if len(paths) == 1 else f"the fields {named}{more}"


def needed_to_read(field: Field, group: Group) -> frozenset[str]:
    """The capabilities that reading a field takes beside those for the thing that it belongs to."""
    named = field.definition.get("read_capability")
    # A level that nobody knows is for nobody but those who see all. Another name for a value of a
    # plugin is as open as the value.
    level = () if field.source else _TO_READ.get(group.compliance_level, (READ_SENSITIVE,))
    if field.source is not None:
        # Its plugin shows the value under its own name: hiding one of the two would hide nothing.
        level = ()
    return frozenset([*level, *([str(named)] if named else [])])


def needed_to_write(field: Field, group: Group) -> frozenset[str]:
    """The same for changing it."""
    named = field.definition.get("write_capability")
    level = () if field.source else _TO_WRITE.get(group.compliance_level, ())
    return needed_to_read(field, group) | {*level, *([str(named)] if named else [])}


def named_capabilities(groups: Iterable[Group]) -> frozenset[str]:
    """Every capability that decides about a field of these groups, however deep."""
    return frozenset(
        name
        for group in groups
        for one in group.every_field()
        for name in needed_to_write(one, group)
    )


def visible_fields(actor: Actor, fields: Fields, *, edits: bool = False) -> Fields:
    """What this actor may read of the fields. Those inside a field are left out of it. `edits`:
    whether she may change the thing itself, without which secret values are hidden."""

    def sees(field: Field, group: Group) -> bool:
        return (edits or not field.is_secret) and _has(actor, needed_to_read(field, group))

    found = {}
    for name, (field, group) in fields.items():
        if sees(field, group):
            found[name] = (_pruned(field, group, sees), group)
    return found


def without_hidden(whole: Field, left: Field, value: Any) -> Any:
    """The value of a field without what is inside it and not in what is left of the field."""
    if whole is left or not isinstance(value, Mapping | list):
        return value
    if isinstance(value, list):
        return [without_hidden(whole, left, row) for row in value]
    full = _fields_of_row(whole, value)
    kept = {one.name: one for one in _fields_of_row(left, value)}
    found = {one.name: one for one in full if one.name}
    return {
        name: without_hidden(found[name], kept[name], inner) if name in kept else inner
        for name, inner in value.items()
        if name in kept or name not in found
    }


def may_write(actor: Actor, field: Field, group: Group) -> bool:
    """Whether this actor may change a field of something that she may change."""
    return _has(actor, needed_to_write(field, group))


def _has(actor: Actor, capabilities: frozenset[str]) -> bool:
    return not capabilities or (
        not actor.is_anonymous and all(actor.has(name) for name in capabilities)
    )


def _pruned(field: Field, group: Group, sees: Any) -> Field:
    """The field without what is hidden inside it; the very same where nothing is."""
    if not field.sub_fields and not field.layouts:
        return field
    inner = _kept(field.sub_fields, group, sees)
    layouts = tuple(_with(row, _kept(row.sub_fields, group, sees)) for row in field.layouts)
    if inner == field.sub_fields and layouts == field.layouts:
        return field
    return replace(field, sub_fields=inner, layouts=layouts)


def _kept(fields: tuple[Field, ...], group: Group, sees: Any) -> tuple[Field, ...]:
    return tuple(_pruned(one, group, sees) for one in fields if sees(one, group))


def _with(layout: Layout, fields: tuple[Field, ...]) -> Layout:
    return replace(layout, sub_fields=fields)


def refuse_hidden(actor: Actor, fields: Fields, given: Mapping[str, Any]) -> None:
    """FieldForbidden for what is given for fields that this actor cannot even read: whether a guess
    is right would be told by an answer."""
    hidden = (
        path
        for name, value in given.items()
        if name in fields
        for path, one, _ in _values(fields[name][0], value, name)
        if not _has(actor, needed_to_read(one, fields[name][1]))
    )
    _refuse(hidden)


def refuse_changes(
    actor: Actor, fields: Fields, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """FieldForbidden for every value that is another than it was and that this actor may not
    change. Values that come back as they were went with a body that was read."""
    changed = []
    for name, (field, group) in fields.items():
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        was = _locked(actor, field, group, old, name)
        will_be = _locked(actor, field, group, new, name)
        changed += [
            path
            for path in {**was, **will_be}
            if was.get(path, _ABSENT) != will_be.get(path, _ABSENT)
        ]
    _refuse(changed)


def _refuse(paths: Iterable[str]) -> None:
    found = list(paths)
    if found:
        raise FieldForbidden(found)


def _locked(actor: Actor, field: Field, group: Group, value: Any, path: str) -> dict[str, Any]:
    """The values that this actor may not change, by their paths."""
    if value is None:
        return {}
    return {
        where: inner
        for where, one, inner in _values(field, value, path)
        if not may_write(actor, one, group)
    }


def _values(field: Field, value: Any, path: str) -> Iterator[tuple[str, Field, Any]]:
    """The value of a field and every one inside it, with their paths and fields."""
    yield path, field, value
    if isinstance(value, Mapping):
        yield from _row(field.sub_fields, value, path)
    elif isinstance(value, list) and (field.sub_fields or field.layouts):
        for i, row in enumerate(value):
            if isinstance(row, Mapping):
                yield from _row(_fields_of_row(field, row), row, f"{path}[{i}]")


def _fields_of_row(field: Field, row: Mapping[str, Any]) -> tuple[Field, ...]:
    kind = row.get("acf_fc_layout")
    found = (layout.sub_fields for layout in field.layouts if layout.name == kind)
    return next(found, field.sub_fields)


def _row(
    fields: tuple[Field, ...], row: Mapping[str, Any], path: str
) -> Iterator[tuple[str, Field, Any]]:
    for one in fields:
        for name in (one.name, one.key):
            if name and name in row:
                yield from _values(one, row[name], f"{path}.{one.name}")
