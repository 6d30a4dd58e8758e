"""What is wrong with a text, gathered so that its writer is told all of it in one answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cms.errors import InvalidInput


@dataclass
class Faults:
    """Fields and their faults; a code is WordPress's name for the fault, where it has one, and
    details what `InvalidInput` says of them."""

    messages: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    details: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def add(self, name: str, message: str, code: str | None = None) -> None:
        self.messages[name] = message
        if code is not None:
            self.codes[name] = code

    def take(self, refused: InvalidInput) -> None:
        """Those of a check that refused on its own, such as a plugin's filter."""
        self.messages |= refused.faults
        self.codes |= refused.codes
        self.details |= refused.details

    def refuse(self) -> None:
        """InvalidInput when there is any fault."""
        if self.messages:
            raise InvalidInput(self.messages, codes=self.codes, details=self.details)
