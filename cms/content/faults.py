"""What is wrong with a text, gathered so that its writer is told all of it in one answer."""

from dataclasses import dataclass, field

from cms.errors import InvalidInput


@dataclass
class Faults:
    """Fields and their faults; a code is WordPress's name for the fault, where it has one."""

    messages: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, message: str, code: str | None = None) -> None:
        self.messages[name] = message
        if code is not None:
            self.codes[name] = code

    def take(self, refused: InvalidInput) -> None:
        """Those of a check that refused on its own, such as a plugin's filter."""
        self.messages |= refused.faults
        self.codes |= refused.codes

    def refuse(self) -> None:
        """InvalidInput when there is any fault."""
        if self.messages:
            raise InvalidInput(self.messages, codes=self.codes)
