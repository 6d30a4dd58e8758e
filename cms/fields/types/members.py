"""What holds for the fields inside of another, whatever holds them: their values stand by name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cms.fields.field import Field
from cms.fields.type import FieldType, Known, Reference, Showing, Taking, Types

Members = Sequence[Field]
Shown = Callable[[FieldType, Field, Any], Any]
"""One of the three forms of a value."""


def take_members(
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


def references(members: Members, values: Mapping[str, Any], types: Types) -> Iterator[Reference]:
    for one in members:
        if one.name in values:
            yield from types[one.type].references(one, values[one.name], types)


def check(
    members: Members, values: Mapping[str, Any], known: Known, taking: Taking, path: str
) -> None:
    for one in members:
        if one.name in values:
            kind = taking.types[one.type]
            kind.check(one, values[one.name], known, taking, f"{path}.{one.name}")


def words(members: Members, values: Mapping[str, Any], types: Types) -> Iterator[str]:
    for one in members:
        if one.name in values:
            yield from types[one.type].words(one, values[one.name], types)


def indexed(
    above: str, members: Members, values: Mapping[str, Any], types: Types
) -> Iterator[tuple[str, str | float | datetime]]:
    for one in members:
        if one.name in values:
            for path, value in types[one.type].indexed(one, values[one.name], types):
                yield f"{above}.{path}", value


def shown(
    members: Members, values: Mapping[str, Any], showing: Showing, form: Shown
) -> dict[str, Any]:
    """Every field by name, also those without a value."""
    return {
        one.name: form(showing.types[one.type], one, values.get(one.name))
        for one in members
        if one.name
    }


def light(showing: Showing) -> Shown:
    return lambda kind, one, value: kind.light(one, value, showing)


def standard(showing: Showing) -> Shown:
    return lambda kind, one, value: kind.standard(one, value, showing)


def typed(showing: Showing) -> Shown:
    return lambda kind, one, value: kind.typed(one, value, showing)


def schemas(members: Members, types: Types) -> dict[str, Any]:
    return {one.name: types[one.type].schema(one, types) for one in members if one.name}


def object_schema(members: Members, types: Types, **more: Any) -> dict[str, Any]:
    """Of the typed form, where every name is always there."""
    of_names = {one.name: types[one.type].typed_schema(one, types) for one in members if one.name}
    properties = {**more, **of_names}
    return {"type": "object", "properties": properties, "required": list(properties)}
