"""Any value that a change can have, in the narrow form that is hashed; nothing makes a save fail.

The log says what changed, it does not keep the text twice: the revision holds an article, the log
its length and SHA-256.
"""

import re
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec

from plugins.audit_trail.hashing.canonical import LARGEST_INTEGER

LONGEST_TEXT = 2_000
LARGEST_VALUE = 16_000
"""Bytes of JSON under one key of a state."""

DEEPEST = 24

_KEY = re.compile(r"[a-z][a-z0-9_]{0,99}")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def state_of(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """One side of a change. Keys that the profile does not know (`Category`, `_price`) stand as
    `{"entries": [{"key": …, "value": …}]}`; texts are put into NFC."""
    if values is None:
        return None
    plain = msgspec.to_builtins(values, str_keys=True, enc_hook=str)
    state: dict[str, Any] = _object({key: _bounded(value) for key, value in plain.items()})
    return state


def recordable_text(text: str) -> str:
    """The text without what PostgreSQL or UTF-8 cannot carry, in NFC."""
    if text.isascii() and "\0" not in text:
        return str(text)
    return unicodedata.normalize("NFC", _UNWRITABLE.sub("\ufffd", text))


def _bounded(value: Any) -> Any:
    said = _said(value, 0)
    if isinstance(said, dict | list):
        written = msgspec.json.encode(said)
        if len(written) > LARGEST_VALUE:
            return _digest(written)
    return said


def _said(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return int(value) if -LARGEST_INTEGER <= value <= LARGEST_INTEGER else str(value)
    if isinstance(value, float):
        return str(value)
    return _container(value, depth)


def _container(value: Any, depth: int) -> Any:
    if depth == DEEPEST:
        return _digest(msgspec.json.encode(value, order="sorted"))
    if isinstance(value, dict):
        return _object({key: _said(item, depth + 1) for key, item in value.items()})
    return [_said(item, depth + 1) for item in value]


def _text(text: str) -> Any:
    if len(text) > LONGEST_TEXT:
        written = text.encode(errors="surrogatepass")
        return {"sha256": sha256(written).hexdigest(), "length": len(text)}
    return recordable_text(text)


def _object(members: dict[str, Any]) -> dict[str, Any]:
    if all(_KEY.fullmatch(key) for key in members):
        return members
    entries = sorted(members.items())
    return {"entries": [{"key": _text(key), "value": value} for key, value in entries]}


def _digest(written: bytes) -> dict[str, Any]:
    return {"sha256": sha256(written).hexdigest(), "length": len(written)}
