"""Groups and fields in a line, for tests of what fields do with values."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from cms.content.faults import Faults
from cms.fields import cloning, taking
from cms.fields.catalogue import HOST_TYPES
from cms.fields.defining import read_group
from cms.fields.faults import InvalidFields
from cms.fields.field import Field, Group
from cms.fields.knowing import Loaded
from cms.fields.type import Catalogue, Showing

TYPES = Catalogue({one.name: one for one in HOST_TYPES})
SHOWING = Showing(TYPES, Loaded())
ON_POSTS = [[{"param": "post_type", "operator": "==", "value": "post"}]]

_numbers = count(1)


def field(kind: str, name: str, key: str = "", **settings: Any) -> dict[str, Any]:
    """The JSON of a field."""
    key = key or f"field_{name}_{next(_numbers)}"
    return {"key": key, "name": name, "label": name.title(), "type": kind, **settings}


def layout(name: str, *fields: Mapping[str, Any], **settings: Any) -> dict[str, Any]:
    """The JSON of a layout of flexible content."""
    told = {"key": f"layout_{name}", "name": name, "label": name.title()}
    return {**told, "sub_fields": list(fields), **settings}


def group(*fields: Mapping[str, Any], key: str = "group_one", **settings: Any) -> dict[str, Any]:
    """The JSON of a group that stands on posts."""
    told = {"key": key, "title": key.title(), "fields": list(fields), "location": ON_POSTS}
    return {**told, "show_in_rest": 1, **settings}


def rule(key: str, operator: str, value: Any = "") -> list[list[dict[str, Any]]]:
    """Conditional logic of one rule."""
    return [[{"field": key, "operator": operator, "value": value}]]


def read(definition: Mapping[str, Any]) -> Group:
    faults = Faults()
    found = read_group(definition, TYPES, faults)
    assert faults.messages == {}
    return found


def fields_of(*definitions: Mapping[str, Any]) -> dict[str, tuple[Field, Group]]:
    """The fields of the first group by name, its clones resolved among all of them."""
    resolved = cloning.resolve([read(one) for one in definitions], lambda key, message: None)
    return {one.name: (one, resolved[0]) for one in resolved[0].fields if one.name}


def take(
    fields: Mapping[str, tuple[Field, Group]],
    given: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return taking.take(fields, before or {}, given, TYPES)


def faults(
    fields: Mapping[str, tuple[Field, Group]],
    given: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
) -> list[tuple[str, str]]:
    """(path, rule) of everything that is refused."""
    try:
        take(fields, given, before)
    except InvalidFields as refused:
        return [(one.path, one.rule) for one in refused.fields]
    return []


def light(fields: Mapping[str, tuple[Field, Group]], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: TYPES[one.type].light(one, values.get(name), SHOWING)
        for name, (one, _) in fields.items()
    }


def typed(fields: Mapping[str, tuple[Field, Group]], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: TYPES[one.type].typed(one, values.get(name), SHOWING)
        for name, (one, _) in fields.items()
    }


def names(fields: Sequence[Field]) -> list[str]:
    return [one.name for one in fields]
