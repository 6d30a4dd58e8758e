"""A post's date: an instant in UTC and the wall time at the site, which a later change of zone does
not shift. An undated draft floats: it shows when it was last changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def at_site(moment: datetime, zone: ZoneInfo) -> datetime:
    """The wall time at the site, without zone, to the second as WordPress keeps it."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0)


def from_site(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall time at the site. In an hour that occurs twice, the first."""
    return wall.replace(tzinfo=zone).astimezone(UTC)


def parse(text: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """(instant, wall time) of an ISO 8601 date; one without offset is the site's wall time.

    ValueError when it is none.
    """
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        return from_site(value, zone), value.replace(microsecond=0)
    return value.astimezone(UTC), at_site(value, zone)
