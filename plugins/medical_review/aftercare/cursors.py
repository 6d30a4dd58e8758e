"""Where a list goes on: the place of its last line, as one text that a client sends back."""

import re
from datetime import date
from typing import NoReturn

from cms.errors import InvalidInput

MOST = 100

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})")

_RISK = re.compile(r"(\d{1,4})\.(\d{1,18})")

FIRST_DAY = (date.min, 0)
HIGHEST_RISK = (32_767, 0)


def day_cursor(day: date, id: int) -> str:
    return f"{day.isoformat()}.{id}"


def read_day(after: str | None) -> tuple[date, int]:
    """InvalidInput for what no answer has given."""
    if after is None:
        return FIRST_DAY
    match = _DAY.fullmatch(after)
    if match is None:
        _refuse(after)
    try:
        return date.fromisoformat(match[1]), int(match[2])
    except ValueError:
        _refuse(after)


def risk_cursor(risk: int, id: int) -> str:
    return f"{risk}.{id}"


def read_risk(after: str | None) -> tuple[int, int]:
    """InvalidInput for what no answer has given."""
    if after is None:
        return HIGHEST_RISK
    match = _RISK.fullmatch(after)
    if match is None:
        _refuse(after)
    return int(match[1]), int(match[2])


def _refuse(after: str) -> NoReturn:
    raise InvalidInput({"after": f"{after[:40]!r} is no place of this list; send back its `next`"})


def refuse_limit(limit: int) -> None:
    """InvalidInput unless the page has a size that is served."""
    if not 1 <= limit <= MOST:
        raise InvalidInput({"limit": f"{limit} must be between 1 and {MOST}"})
