"""A post's date: an instant in UTC and the wall time at the site, which a later change of zone does
not shift. An undated draft floats: it shows when it was last changed."""

from datetime import UTC, datetime, timedelta, tzinfo

# WordPress's databases keep no others, and in any zone they stay dates.
_YEARS = range(1000, 9999)

# A client's clock may be ahead of ours by so much; WordPress grants the same.
CLOCK_SKEW = timedelta(minutes=1)


def at_site(moment: datetime, zone: tzinfo) -> datetime:
    """The wall time at the site, without zone, to the second as WordPress keeps it."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)


def from_site(wall: datetime, zone: tzinfo) -> datetime:
    """The instant of a wall time at the site. In an hour that occurs twice, the first."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


def parse(text: str, zone: tzinfo, *, default: tzinfo | None = None) -> tuple[datetime, datetime]:
    """(instant, wall time) of an ISO 8601 date; one without offset is of the default zone, or else
    the site's wall time. ValueError when it is none."""
    value = datetime.fromisoformat(text).replace(microsecond=0)
    if value.year not in _YEARS:
        raise ValueError(f"{text} is outside of the years {_YEARS[0]} to {_YEARS[-1]}")
    if value.tzinfo is None:
        value = value.replace(tzinfo=default or zone)
    return value.astimezone(UTC), at_site(value, zone)
