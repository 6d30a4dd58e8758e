"""What a form sent, as text and files, with faults for the fields that cannot be used."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from litestar.datastructures import UploadFile

V = TypeVar("V")


class Form:
    """The fields of a form that was sent; those of an empty one are all missing. A browser writes
    line ends as CR LF, and here they are LF, as they were in what the page showed."""

    def __init__(self, sent: Sequence[tuple[str, Any]] = ()) -> None:
        self._sent = [(name, _plain(value)) for name, value in sent]

    def text(self, name: str, default: str = "") -> str:
        """The last value of the field, without the blanks around it."""
        return self.raw(name, default).strip()

    def raw(self, name: str, default: str = "") -> str:
        """The same as it was typed, for passwords and for the text of articles."""
        found = [value for key, value in self._sent if key == name and isinstance(value, str)]
        return found[-1] if found else default

    def all(self, name: str) -> list[str]:
        """Every value of a field that may be ticked more than once; empty ones are left out."""
        return [v for key, v in self._sent if key == name and isinstance(v, str) and v.strip()]

    def has(self, name: str) -> bool:
        """Whether the field was sent at all: a box that is not ticked is not."""
        return any(key == name for key, _ in self._sent)

    def number(self, name: str) -> int | None:
        """A whole number; None when it is missing or is none."""
        return _whole(self.text(name))

    def numbers(self, name: str) -> list[int]:
        return [number for text in self.all(name) if (number := _whole(text)) is not None]

    def files(self, name: str) -> list[UploadFile]:
        """The files that were chosen. A browser sends an empty one where none was."""
        found = [v for key, v in self._sent if key == name and isinstance(v, UploadFile)]
        return [one for one in found if one.filename]

    def below(self, prefix: str) -> Mapping[str, str]:
        """The fields whose name begins so, by the rest of it."""
        return {
            key.removeprefix(prefix): value
            for key, value in self._sent
            if key.startswith(prefix) and isinstance(value, str)
        }

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every field that is no file, for a form that asks once more."""
        return ((key, value) for key, value in self._sent if isinstance(value, str))

    def read(self, name: str, reading: Callable[[str], V], faults: dict[str, str]) -> V | None:
        """The field as `reading` understands it. A ValueError becomes the field's fault."""
        try:
            return reading(self.text(name))
        except ValueError as error:
            faults[name] = str(error)
            return None


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _whole(text: str) -> int | None:
    text = text.strip()
    is_number = text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()
    return int(text) if is_number and len(text) < 20 else None
