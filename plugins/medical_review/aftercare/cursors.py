"""Where a list goes on: the place of its last line, as one text that a client sends back."""

import re
from datetime import date

from cms.errors import InvalidInput

MOST = 100

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,19})")

FIRST_DAY = (date.min, 0)


def day_cursor(day: date, id: int) -> str:
    return f"{day.isoformat()}.{id}"


def read_day(after: str | None) -> tuple[date, int]:
    """InvalidInput for what no answer has given."""
    if after is None:
        return FIRST_DAY
    match = _DAY.fullmatch(after)
    try:
        return (date.fromisoformat(match[1]), int(match[2])) if match else _refuse(after)
    except ValueError:
        return _refuse(after)


def _refuse(after: str) -> tuple[date, int]:
    raise InvalidInput({"after": f"{after[:40]!r} is no place of this list; send back its `next`"})


def refuse_limit(limit: int) -> None:
    """InvalidInput unless the page has a size that is served."""
    if not 1 <= limit <= MOST:
        raise InvalidInput({"limit": f"{limit} must be between 1 and {MOST}"})
