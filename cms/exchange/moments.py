"""Dates of an export: the wall time at the old site and the instant, each kept as it was."""

from datetime import UTC, datetime, tzinfo

from cms.content.dates import at_site, from_site

_NONE = "0000-00-00 00:00:00"
_YEARS = range(1000, 9999)


def read(wall: str, gmt: str, zone: tzinfo) -> tuple[datetime, datetime | None] | None:
    """(wall time, instant); the instant is None for a draft without a date. None when neither can
    be read."""
    local, instant = _parsed(wall), _parsed(gmt)
    moment = instant.replace(tzinfo=UTC) if instant else None
    if local is None:
        return (at_site(moment, zone), moment) if moment else None
    return local, moment


def instant_of(wall: datetime, zone: tzinfo) -> datetime:
    """For a published post whose instant is missing, that of its wall time here."""
    return from_site(wall, zone)


def _parsed(text: str) -> datetime | None:
    if not text or text == _NONE:
        return None
    try:
        found = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - a wall time
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def written(moment: datetime | None) -> str:
    """As an export has it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else _NONE
