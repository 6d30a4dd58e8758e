"""One value of a medical text at a time: brought into its stored form, its fault told by name."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from plugins.professional_registry.specialties import code_of

Faults = dict[str, str]
Cleaner = Callable[[str, Any, Faults], Any]

MOST_SPECIALTIES = 10

_TAG = re.compile(r"<[a-zA-Z/!?]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_BLANK = re.compile(r"[^\S\n]+")


def choice(choices: Sequence[str]) -> Cleaner:
    """One of these words, or null."""

    def clean(name: str, value: Any, faults: Faults) -> str | None:
        if value in (None, ""):
            return None
        if value not in choices:
            faults[name] = f"{value!r:.60} must be one of {', '.join(choices)}, or null"
        return str(value)

    return clean


def line(longest: int) -> Cleaner:
    """Plain text in one line: it ends up in attributes of a page, where markup has no place."""

    def clean(name: str, value: Any, faults: Faults) -> str:
        text = " ".join(value.split()) if isinstance(value, str) else None
        return _plain(name, text, longest, faults)

    return clean


def statement(longest: int) -> Cleaner:
    """Plain text that may have several lines."""

    def clean(name: str, value: Any, faults: Faults) -> str:
        if not isinstance(value, str):
            return _plain(name, None, longest, faults)
        lines = (_BLANK.sub(" ", one).strip() for one in value.replace("\r\n", "\n").split("\n"))
        return _plain(name, "\n".join(lines).strip(), longest, faults)

    return clean


def _plain(name: str, text: str | None, longest: int, faults: Faults) -> str:
    if text is None:
        faults[name] = "must be a text"
        return ""
    if len(text) > longest:
        faults[name] = f"has {len(text)} characters; at most {longest} are accepted"
    if _TAG.search(text) or _UNPRINTABLE.search(text.replace("\n", " ")):
        faults[name] = "must be plain text without HTML and control characters"
    return text


def flag(name: str, value: Any, faults: Faults) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        faults[name] = "must be true or false"
    return value is True


def person(name: str, value: Any, faults: Faults) -> int | None:
    """The id of a user, or null."""
    if value in (None, 0) and value is not False:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**53:
        faults[name] = "must be the id of a user, or null"
        return None
    return value


def day(name: str, value: Any, faults: Faults) -> str | None:
    """A date as ISO 8601 writes it, or null."""
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        faults[name] = f"{value!r:.40} must be a date like 2026-03-31, or null"
        return None


def specialty_codes(name: str, value: Any, faults: Faults) -> list[str]:
    """Codes of specialties that a council recognises; given as codes, or as the council or people
    write them."""
    given = list_of(name, value, MOST_SPECIALTIES, "specialties", faults)
    codes: list[str] = []
    for i, one in enumerate(given):
        code = code_of(one) if isinstance(one, str) else None
        if code is None:
            faults[f"{name}[{i}]"] = (
                f"{one!r:.60} is not a recognised specialty; GET /api/v1/reviews/specialties has "
                "the codes"
            )
        else:
            codes.append(code)
    return list(dict.fromkeys(codes))


def list_of(name: str, value: Any, most: int, what: str, faults: Faults) -> list[Any]:
    """The value if it is a list that is not too long, else an empty one and a fault."""
    if isinstance(value, list) and len(value) <= most:
        return value
    faults[name] = f"must be a list of at most {most} {what}"
    return []
