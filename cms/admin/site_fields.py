"""Settings on a screen: how each is shown and typed. Values are checked by the use case."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cms.admin.forms import Form


class Kind(StrEnum):
    """How a setting is shown and typed. LINES are names and labels, one `name = label` a line."""

    TEXT = "text"
    AREA = "area"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    LINES = "lines"
    PICTURE = "picture"
    PAGE = "page"
    CATEGORY = "category"


PICKED = frozenset({Kind.PICTURE, Kind.PAGE, Kind.CATEGORY})
"""Things that are chosen by their words and kept by their number; 0 is none."""


@dataclass(frozen=True)
class Field:
    """One setting; `label` and `help` are English, `choices` pairs of value and English label."""

    name: str
    label: str
    help: str = ""
    kind: Kind = Kind.TEXT
    choices: Sequence[tuple[str, str]] = ()
    is_number: bool = False

    def shown(self, value: Any) -> Any:
        """The value as its control holds it."""
        if self.kind is Kind.LINES:
            return "\n".join(f"{name} = {label}" for name, label in value.items())
        return value

    def sent(self, form: Form) -> Any:
        """What the form says. ValueError when it is not of the setting's kind."""
        if self.kind is Kind.SWITCH:
            return form.has(self.name)
        if self.kind is Kind.NUMBER:
            number = form.number(self.name)
            if number is None:
                raise ValueError("must be a whole number")
            return number
        if self.kind in PICKED:
            return _picked(form.all(self.name))
        if self.kind is Kind.LINES:
            return _lines(form.text(self.name))
        text = form.text(self.name)
        # Days of the week are chosen by their names, and kept as numbers.
        return int(text) if self.is_number and text.isdigit() else text


def _picked(sent: Sequence[str]) -> int:
    """What was chosen last: a number that is typed replaces what was ticked."""
    if not sent:
        return 0
    if not (sent[-1].isascii() and sent[-1].isdigit() and len(sent[-1]) < 19):
        raise ValueError("must be a whole number")
    return int(sent[-1])


def _lines(text: str) -> dict[str, str]:
    found = {}
    for line in filter(str.strip, text.splitlines()):
        name, equals, label = (part.strip() for part in line.partition("="))
        if not (equals and name and label):
            raise ValueError("must have lines such as primary = Primary menu")
        found[name] = label
    return found


@dataclass(frozen=True)
class Group:
    slug: str
    label: str
    fields: Sequence[Field] = field(default_factory=tuple)
