"""One byte string for one value: RFC 8785 (JCS), narrowed to the profile that audit leaves use.

The profile leaves out whatever PostgreSQL, Python and JavaScript write differently, so that any
of them can rebuild the hashed bytes from stored columns.
"""

import re
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

LARGEST_INTEGER = 2**53 - 1
"""RFC 7493 §2.2: beyond it, readers that keep numbers as doubles see another number."""

DEEPEST_NESTING = 64
"""Deep enough for any before/after state; a bound turns a cycle into an error with a path."""

Path = tuple[str | int, ...]

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_SURROGATE = re.compile("[\ud800-\udfff]")

# Byte-identical to JCS inside the profile (the property test compares with rfc8785): the same
# escapes, and ASCII keys sort alike by byte and by UTF-16 code unit.
_encoder = msgspec.json.Encoder(order="sorted")


class NotCanonical(ValueError):
    """The value has no canonical form in the audit profile; `path` says where."""

    def __init__(self, path: Path, fault: str) -> None:
        self.path = "$" + "".join(
            f"[{step}]" if isinstance(step, int) else f".{step}" for step in path
        )
        super().__init__(f"{self.path}: {fault}")


def canonical_bytes(value: object) -> bytes:
    """Return the UTF-8 bytes that are hashed (RFC 8785 §3.2); raises `NotCanonical`."""
    _check(value, ())
    try:
        written = _encoder.encode(value)
    except UnicodeEncodeError:
        _check_texts(value, ())
        raise
    # Most events are ASCII, and in ASCII only U+0000 can break the profile: one look at the bytes
    # saves a second walk.
    if not written.isascii() or b"\\u0000" in written:
        _check_texts(value, ())
    return written


def timestamp(moment: datetime) -> str:
    """Write a moment as the profile wants it: UTC, always six digits, truncated, never rounded."""
    if moment.utcoffset() is None:
        raise NotCanonical((), f"{moment!r} has no time zone; give an aware datetime.")
    try:
        utc = moment.astimezone(UTC)
    except OverflowError:
        raise NotCanonical((), f"{moment!r} is outside the years 1 to 9999 in UTC.") from None
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _check(value: object, path: Path) -> None:
    # Exact types: an IntEnum, a StrEnum or a datetime would be written in a way that its class
    # decides, and the rebuilt event would not match.
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return
    if kind is int:
        _check_integer(value, path)  # type: ignore[arg-type]
    elif kind is dict:
        _check_object(value, path)  # type: ignore[arg-type]
    elif kind is list:
        _check_depth(path)
        for position, item in enumerate(value):  # type: ignore[arg-type, var-annotated]
            _check(item, (*path, position))
    else:
        raise NotCanonical(path, _refusal(value))


def _check_object(members: dict[object, object], path: Path) -> None:
    _check_depth(path)
    for key, value in members.items():
        if not _is_key(key):
            raise NotCanonical(path, f"{key!r} is no key; use ASCII lower_snake.")
        # The commonest cases are settled here, for a call costs more than they do.
        if value is not None and type(value) is not str:
            _check(value, (*path, key))  # type: ignore[arg-type]


def _check_integer(number: int, path: Path) -> None:
    if not -LARGEST_INTEGER <= number <= LARGEST_INTEGER:
        raise NotCanonical(path, f"{number} is beyond ±(2^53-1); write it as text.")


def _check_texts(value: object, path: Path) -> None:
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, dict | list):
        steps = value.items() if isinstance(value, dict) else enumerate(value)
        for step, item in steps:
            if type(item) is str:
                if not item.isascii() or "\0" in item:
                    _check_text(item, (*path, step))
            elif item:  # an empty list, a zero and a null hold no text
                _check_texts(item, (*path, step))


def _check_text(text: str, path: Path) -> None:
    if "\0" in text:
        raise NotCanonical(path, "holds U+0000, which jsonb cannot store; remove it.")
    if _SURROGATE.search(text):
        raise NotCanonical(path, "holds a lone surrogate, which UTF-8 cannot carry; remove it.")
    if not unicodedata.is_normalized("NFC", text):
        raise NotCanonical(path, "is not in Unicode form NFC; normalise it first.")


def _check_depth(path: Path) -> None:
    if len(path) >= DEEPEST_NESTING:
        raise NotCanonical(path, f"is nested deeper than {DEEPEST_NESTING} levels.")


@lru_cache(maxsize=4096)
def _is_key(key: object) -> bool:
    return type(key) is str and _KEY.fullmatch(key) is not None


def _refusal(value: object) -> str:
    if isinstance(value, float):
        return f"{value!r} is a float, which two writers print differently; write it as text."
    if isinstance(value, datetime):
        return "is a datetime; write it with timestamp()."
    return f"is a {type(value).__name__}; only text, integers, booleans, null, objects and lists."
