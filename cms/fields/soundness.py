"""What a definition must be beside well-formed: keepable, of free keys, of sources that exist."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cms.content.faults import Faults
from cms.errors import InvalidInput
from cms.fields.field import Definition, Group
from cms.kernel.registry import Registry

LARGEST = 1_000_000
"""Characters of a definition as JSON."""
DEEPEST_JSON = 120
LARGEST_NUMBER = 2**53 - 1

_INNER = ("fields", "sub_fields", "layouts")


def refuse_unkeepable(definition: Any) -> None:
    """InvalidInput for what could not be kept and given back as it is, before it is read."""
    if not isinstance(definition, Mapping):
        raise InvalidInput({"group": "must be an object with key, title, fields and location"})
    fault = next(_unkeepable(definition), None)
    if fault is None and len(json.dumps(definition)) > LARGEST:
        fault = f"is larger than {LARGEST} characters of JSON; split the group"
    if fault is not None:
        raise InvalidInput({"group": fault})


def _unkeepable(definition: Definition) -> Iterator[str]:
    waiting: list[tuple[int, Any]] = [(1, definition)]
    while waiting:
        depth, value = waiting.pop()
        if isinstance(value, str) and not _is_text(value):
            yield "holds a NUL or half of a surrogate pair, which cannot be kept"
        if isinstance(value, int | float) and not abs(value) <= LARGEST_NUMBER:
            yield "holds a number beyond those that JSON keeps exactly"
        inner = value.values() if isinstance(value, Mapping) else value
        if isinstance(value, Mapping):
            waiting += [(depth, key) for key in value]
        if isinstance(value, Mapping | list):
            if depth > DEEPEST_JSON:
                yield f"is nested deeper than {DEEPEST_JSON}"
                return
            waiting += [(depth + 1, one) for one in inner]


def _is_text(value: str) -> bool:
    return "\x00" not in value and not any("\ud800" <= one <= "\udfff" for one in value)


def field_keys(definition: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Key and place of every field of a definition, also of one that cannot be read."""
    for name in _INNER:
        rows = definition.get(name) if isinstance(definition, Mapping) else None
        listed = list(rows.values()) if isinstance(rows, Mapping) else rows
        for i, row in enumerate(listed if isinstance(listed, list) else []):
            here = f"{place}{name}[{i}]"
            if isinstance(row, Mapping):
                if name != "layouts" and isinstance(row.get("key"), str):
                    yield row["key"], here
                yield from field_keys(row, f"{here}.")


def find_taken_keys(group: Group, others: Iterable[tuple[str, Definition]], faults: Faults) -> None:
    """Keys of fields are unique across the site: values, clones and conditions name them."""
    taken = {key: other for other, one in others for key, _ in field_keys(one)}
    for key, place in field_keys(group.definition):
        if key in taken:
            faults.add(f"{place}.key", f"{key!r} is the key of a field of the group {taken[key]!r}")


def find_faults_of_sources(registry: Registry, group: Group, faults: Faults) -> None:
    """A field may show what a plugin keeps in a part of the revision, where a REST field of that
    plugin does so too: then it can be written there already."""
    known = {(one.part, one.name) for one in registry.each("rest_fields") if one.part}
    for i, one in enumerate(group.fields):
        if one.source is not None and one.source not in known:
            listed = ", ".join(sorted(f"{part}.{name}" for part, name in known)) or "none"
            faults.add(f"fields[{i}].source", f"names no value of a plugin; there are: {listed}")
        elif one.source is not None and group.compliance_level == "sensitive":
            message = "shows what a plugin keeps in the open; a sensitive group cannot hold it"
            faults.add(f"fields[{i}].source", message)
