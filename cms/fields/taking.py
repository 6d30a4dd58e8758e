"""Taking in values: each by its type, all of them together, every fault told at once."""

from collections.abc import Mapping
from typing import Any

from cms.fields.faults import FieldFaults
from cms.fields.field import Field, Group
from cms.fields.type import Catalogue, Taking

Fields = Mapping[str, tuple[Field, Group]]


def take(
    fields: Fields, before: Mapping[str, Any], given: Mapping[str, Any], types: Catalogue
) -> dict[str, Any]:
    """The values by name after the change: `before` are the stored ones. A name that no field of
    this place has is ignored, as in ACF; None takes a value away. InvalidFields names everything
    that is refused."""
    taking = Taking(types, FieldFaults())
    after = dict(before)
    for name, sent in given.items():
        if name not in fields:
            continue
        field = fields[name][0]
        value = None
        if sent is not None and sent != "":
            value = types[field.type].take(field, sent, taking, name)
        if value is None and field.is_required and not taking.faults:
            taking.faults.add(name, "required", "must have a value", sent)
        if value is None:
            after.pop(name, None)
        else:
            after[name] = value
    taking.faults.refuse()
    return after
