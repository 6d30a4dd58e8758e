"""Taking in values: each by its type, all of them together, every fault told at once."""

from collections.abc import Mapping
from typing import Any

from cms.fields import settling
from cms.fields.faults import FieldFaults
from cms.fields.field import Field, Group
from cms.fields.type import Catalogue, Known, Reference, Taking

Fields = Mapping[str, tuple[Field, Group]]


def take(
    fields: Fields,
    before: Mapping[str, Any],
    given: Mapping[str, Any],
    types: Catalogue,
    *,
    settles: bool = True,
) -> dict[str, Any]:
    """The values by name after the change: `before` are the stored ones. A name that no field of
    this place has is ignored, as in ACF; None takes a value away. InvalidFields names everything
    that is refused. Without `settles` hidden values are kept and nothing is required."""
    taking = Taking(types, FieldFaults())
    taking.row_count = sum(_rows_in(value) for name, value in before.items() if name not in given)
    after = dict(before)
    for name, sent in given.items():
        if name not in fields:
            continue
        value = taking.take(fields[name][0], sent, name, before.get(name))
        if value is None:
            after.pop(name, None)
        else:
            after[name] = value
    # What is asked of values together is asked of sound ones only.
    taking.faults.refuse()
    if not settles:
        return after
    kept = settling.settle([one for one, _ in fields.values()], before, after, given, taking.faults)
    taking.faults.refuse()
    return kept


def _rows_in(value: Any) -> int:
    """The rows of a stored value, however deep."""
    if isinstance(value, list):
        return sum(1 + _rows_in(row) for row in value if isinstance(row, dict))
    return sum(_rows_in(one) for one in value.values()) if isinstance(value, dict) else 0


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are there now and were not, or were others."""
    return {
        name: value for name, value in after.items() if name not in before or before[name] != value
    }


def references(fields: Fields, values: Mapping[str, Any], types: Catalogue) -> set[Reference]:
    """Everything that these values name."""
    return {
        reference
        for name, value in values.items()
        if name in fields
        for reference in types[fields[name][0].type].references(fields[name][0], value, types)
    }


def check(fields: Fields, values: Mapping[str, Any], known: Known, types: Catalogue) -> None:
    """InvalidFields names every value that refers to what does not fit."""
    taking = Taking(types, FieldFaults())
    for name, value in values.items():
        if name in fields:
            types[fields[name][0].type].check(fields[name][0], value, known, taking, name)
    taking.faults.refuse()
