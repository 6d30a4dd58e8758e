"""PHP's serialize() format: plain values only. Objects, references and custom classes are refused:
they are how serialised data becomes code."""

from collections.abc import Mapping, Sequence
from typing import Any

from cms.exchange.errors import PhpFault

MOST_DEPTH = 32
MOST_VALUES = 20_000
MOST_BYTES = 4 * 1024 * 1024

_OPENINGS = {b"a:", b"s:", b"i:", b"d:", b"b:", b"N;", b"O:", b"C:", b"R:", b"r:", b"E:", b"S:"}
_REFUSED = {
    b"O": "an object",
    b"C": "an object with a serialiser of its own",
    b"E": "an enumeration",
    b"R": "a reference",
    b"r": "a reference",
    b"S": "an escaped string",
}
_LONGEST_NUMBER = 400


def looks_serialized(text: str) -> bool:
    """Whether WordPress would have written this by serialize(): it starts and ends like one."""
    value = text.strip()
    return value == "N;" or (
        value[:2].encode(errors="replace") in _OPENINGS and value[-1:] in {";", "}"}
    )


def unserialize(text: str) -> Any:
    """The value: None, bool, int, float, str, a list (keys 0 to n-1) or a dict with int and str
    keys. Lengths of strings count bytes of UTF-8, as PHP's do; a wrong one is a PhpFault."""
    data = text.strip().encode("utf-8", "surrogatepass")
    if len(data) > MOST_BYTES:
        raise PhpFault(f"has {len(data)} bytes; at most {MOST_BYTES} are read")
    reader = _Reader(data)
    value = reader.value(0)
    if reader.at != len(data):
        raise PhpFault(f"has {len(data) - reader.at} bytes after its end")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.count = data, 0, 0

    def value(self, depth: int) -> Any:
        self.count += 1
        if self.count > MOST_VALUES:
            raise PhpFault(f"has more than {MOST_VALUES} values")
        if depth > MOST_DEPTH:
            raise PhpFault(f"is nested deeper than {MOST_DEPTH} levels")
        kind = self.data[self.at : self.at + 1]
        if kind == b"N":
            self._expect(b"N;")
            return None
        if kind in _REFUSED:
            raise PhpFault(f"holds {_REFUSED[kind]}, which is never read")
        if kind not in {b"i", b"d", b"b", b"s", b"a"}:
            raise PhpFault(f"is broken at byte {self.at}")
        self._expect(kind + b":")
        if kind == b"s":
            text = self._string()
            self._expect(b";")
            return text
        return self._array(depth) if kind == b"a" else self._scalar(kind)

    def _scalar(self, kind: bytes) -> Any:
        written = self._until(b";")
        if kind == b"b":
            if written not in {b"0", b"1"}:
                raise PhpFault(f"has a truth value that is none at byte {self.at}")
            return written == b"1"
        return self._integer(written) if kind == b"i" else self._float(written)

    def _integer(self, written: bytes) -> int:
        digits = written[1:] if written[:1] in {b"-", b"+"} else written
        if not digits.isdigit() or len(digits) > 20:
            raise PhpFault(f"has a number that is none at byte {self.at}")
        return int(written)

    def _float(self, written: bytes) -> float:
        named = {b"INF": "inf", b"-INF": "-inf", b"NAN": "nan"}.get(written)
        try:
            return float(named or written.decode("ascii").replace("_", "x"))
        except ValueError:
            raise PhpFault(f"has a number that is none at byte {self.at}") from None

    def _string(self) -> str:
        length = self._length()
        self._expect(b'"')
        raw = self.data[self.at : self.at + length]
        self.at += length
        if len(raw) != length or self.data[self.at : self.at + 1] != b'"':
            raise PhpFault(f"says a length of {length} bytes that its text does not have")
        self.at += 1
        try:
            return raw.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise PhpFault("has a length that cuts a character in two") from None

    def _array(self, depth: int) -> Any:
        length = self._length()
        if length > MOST_VALUES:
            raise PhpFault(f"has more than {MOST_VALUES} values")
        self._expect(b"{")
        found: dict[int | str, Any] = {}
        for _ in range(length):
            key = self.value(depth + 1)
            if isinstance(key, bool) or not isinstance(key, int | str):
                raise PhpFault(f"has a key that is none at byte {self.at}")
            found[key] = self.value(depth + 1)
        self._expect(b"}")
        if list(found) == list(range(length)):
            return list(found.values())
        return found

    def _length(self) -> int:
        written = self._until(b":")
        if not written.isdigit() or len(written) > 10:
            raise PhpFault(f"has a length that is none at byte {self.at}")
        return int(written)

    def _until(self, end: bytes) -> bytes:
        stop = self.data.find(end, self.at, self.at + _LONGEST_NUMBER)
        if stop < 0:
            raise PhpFault(f"ends too early, at byte {self.at}")
        written = self.data[self.at : stop]
        self.at = stop + 1
        return written

    def _expect(self, wanted: bytes) -> None:
        if not self.data.startswith(wanted, self.at):
            raise PhpFault(f"is broken at byte {self.at}: {wanted.decode()!r} is missing")
        self.at += len(wanted)


def serialize(value: Any) -> str:
    """The value as PHP would write it; what `unserialize` reads again."""
    return _written(value).decode("utf-8", "surrogatepass")


def _written(value: Any) -> bytes:
    if value is None or isinstance(value, bool):
        return {None: b"N;", True: b"b:1;", False: b"b:0;"}[value]
    if isinstance(value, int):
        return b"i:%d;" % value
    if isinstance(value, float):
        return f"d:{_float_text(value)};".encode()
    if isinstance(value, str):
        raw = value.encode("utf-8", "surrogatepass")
        return b's:%d:"%s";' % (len(raw), raw)
    if isinstance(value, Mapping):
        pairs = b"".join(_written(key) + _written(item) for key, item in value.items())
        return b"a:%d:{%s}" % (len(value), pairs)
    if isinstance(value, Sequence):
        return _written(dict(enumerate(value)))
    raise PhpFault(f"{type(value).__name__} has no form in PHP's serialize()")


def _float_text(value: float) -> str:
    names = {float("inf"): "INF", float("-inf"): "-INF"}
    return "NAN" if value != value else names.get(value) or repr(value)  # noqa: PLR0124 - NaN


def typed(text: str, schema: Mapping[str, Any]) -> Any:
    """The value as the key's schema wants it. ValueError when it is another."""
    value = unserialize(text) if looks_serialized(text) else text
    wanted = schema.get("type", "string")
    if wanted == "string" and not isinstance(value, str):
        raise PhpFault("is no text")
    if wanted in {"integer", "number"} and isinstance(value, str):
        return int(value) if wanted == "integer" else float(value)
    if wanted == "boolean":
        return value not in ("", "0", 0, False, None, "false")
    kinds = {"array": list, "object": dict, "integer": int, "number": int | float}
    if wanted in kinds and not isinstance(value, kinds[wanted]):
        raise PhpFault(f"is no {wanted}")
    return value


def written(value: Any) -> str:
    """The value as WordPress keeps it in a row of meta."""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, list | dict):
        return serialize(value)
    return "" if value is None else str(value)
