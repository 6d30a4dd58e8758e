"""What is wrong with the values of fields, by the path of each: `doses[2].unit`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cms.errors import InvalidInput

ARGUMENT = "acf"
"""The argument that carries the values of fields, in requests and in faults."""

MOST_FAULTS = 100


@dataclass(frozen=True)
class FieldFault:
    """One value that is refused: the rule that it breaks, in words with the remedy, and the kind of
    value that came. Never the value itself: it may be personal."""

    path: str
    rule: str
    message: str
    given: str


@dataclass
class FieldFaults:
    """Gathered until all values are looked at; after a hundred only counted."""

    found: list[FieldFault] = field(default_factory=list)
    count: int = 0

    def add(self, path: str, rule: str, message: str, value: Any = None) -> None:
        self.count += 1
        if len(self.found) < MOST_FAULTS:
            self.found.append(FieldFault(path, rule, message, kind_of(value)))

    def add_new(self, others: Iterable[FieldFault]) -> None:
        """Take over those of places that have no fault yet, neither themselves nor above them."""
        told = {one.path for one in self.found}
        for one in others:
            if not any(path in told for path in _with_those_above(one.path)):
                self.count += 1
                self.found.append(one)

    def __bool__(self) -> bool:
        return self.count > 0

    def __iter__(self) -> Iterator[FieldFault]:
        return iter(self.found)

    def refuse(self) -> None:
        """InvalidFields when there is any fault."""
        if self:
            raise InvalidFields(self)


def _with_those_above(path: str) -> Iterator[str]:
    """`doses[2].unit`, `doses[2]`, `doses`."""
    yield path
    for i in range(len(path) - 1, 0, -1):
        if path[i] in ".[":
            yield path[:i]


class InvalidFields(InvalidInput):
    """Values of fields were refused; each door shows every one with its path and rule."""

    def __init__(self, faults: FieldFaults) -> None:
        self.fields = tuple(faults)
        told = {f"{ARGUMENT}.{one.path}": one.message for one in faults}
        if faults.count > len(self.fields):
            told[ARGUMENT] = f"{faults.count - len(self.fields)} more values are refused"
        super().__init__(
            told,
            details={
                f"{ARGUMENT}.{one.path}": {"rule": one.rule, "type": one.given} for one in faults
            },
        )


def kind_of(value: Any) -> str:
    """JSON's name for the type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    for kind, name in ((str, "string"), (int, "integer"), (float, "number"), (dict, "object")):
        if isinstance(value, kind):
            return name
    return "array"
