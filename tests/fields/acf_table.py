"""The types of Advanced Custom Fields as they were measured: their settings and REST schemas."""

import json
from pathlib import Path
from typing import Any

from cms.content.faults import Faults
from cms.fields.defining import read_group
from cms.fields.field import Field
from cms.fields.type import FieldType

TABLE: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "acf.json").read_text())
MEASURED: dict[str, Any] = TABLE["field_types"]


class Types:
    """Some types by name."""

    def __init__(self, *types: FieldType) -> None:
        self._types = {one.name: one for one in types}

    def __getitem__(self, name: str) -> FieldType:
        return self._types[name]

    def __contains__(self, name: object) -> bool:
        return name in self._types

    def __iter__(self) -> Any:
        return iter(self._types.values())


def field_of(field_type: FieldType, /, **settings: Any) -> Field:
    """A field of the type, read from its JSON as from an export."""
    definition = {"key": "field_a", "name": "a", "label": "A", "type": field_type.name, **settings}
    faults = Faults()
    group = read_group(
        {"key": "group_a", "title": "A", "fields": [definition]},
        Types(field_type),  # type: ignore[arg-type]
        faults,
    )
    faults.refuse()
    return group.fields[0]
