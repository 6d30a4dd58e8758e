"""Taking in values: each by its type, all of them together, every fault told at once."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from cms.fields import settling
from cms.fields.faults import FieldFaults
from cms.fields.field import Field, Group
from cms.fields.type import Catalogue, Known, Reference, Taking

_NAMES = re.compile(r"[^.\[\]]+")

Fields = Mapping[str, tuple[Field, Group]]


def take(
    fields: Fields,
    before: Mapping[str, Any],
    given: Mapping[str, Any],
    types: Catalogue,
    *,
    settles: bool = True,
    faults: FieldFaults | None = None,
) -> dict[str, Any]:
    """The values by name after the change: `before` are the stored ones. A name that no field of
    this place has is ignored, as in ACF; None takes a value away. InvalidFields names everything
    that is refused, unless `faults` gathers it for one who looks further. Without `settles` hidden
    values are kept and nothing is required."""
    taking = Taking(types, FieldFaults() if faults is None else faults)
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
    if settles:
        after = _settled([one for one, _ in fields.values()], before, after, given, taking.faults)
    if faults is None:
        taking.faults.refuse()
    return after


def _settled(
    fields: Sequence[Field],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    given: Mapping[str, Any],
    faults: FieldFaults,
) -> dict[str, Any]:
    """What holds between the values. Beside refused ones, which may decide about others, only what
    holds whatever they should have been is told."""
    missing = FieldFaults()
    kept = settling.settle(fields, before, after, given, missing)
    conditional = set(settling.conditional_names(fields)) if faults else set[str]()
    faults.add_new(one for one in missing if not conditional & set(_NAMES.findall(one.path)))
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


def check(
    fields: Fields,
    values: Mapping[str, Any],
    known: Known,
    types: Catalogue,
    faults: FieldFaults,
) -> None:
    """Tells `faults` of every value that refers to what does not fit."""
    taking = Taking(types, faults)
    for name, value in values.items():
        if name in fields:
            types[fields[name][0].type].check(fields[name][0], value, known, taking, name)
