"""When a letter may arrive: quiet hours and digests, on the clock of its reader."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from cms.notices.models import Digest

_DAY = timedelta(days=1)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`timezone` is empty for that of the site. Between `quiet_from` and `quiet_until` (such as
    22:00 and 07:00; empty for never) only what is urgent is mailed. `digest` is daily or weekly,
    at `digest_hour` (0 to 23) and, weekly, on `digest_weekday` (0 is Monday)."""

    timezone: str = ""
    quiet_from: str = ""
    quiet_until: str = ""
    digest: Digest = Digest.DAILY
    digest_hour: int = 8
    digest_weekday: int = 0

    def faults(self) -> dict[str, str]:
        """What is wrong with them, by field."""
        found: dict[str, str] = {}
        if self.timezone and zone_named(self.timezone) is None:
            found["timezone"] = "must be the name of a zone such as America/Sao_Paulo, or empty"
        if bool(self.quiet_from) != bool(self.quiet_until):
            found["quiet_until"] = "quiet hours need a beginning and an end"
        elif self.quiet_from and self.quiet_from == self.quiet_until:
            found["quiet_until"] = "must differ from quiet_from: nobody is quiet all day"
        for name in ("quiet_from", "quiet_until"):
            said = getattr(self, name)
            if said and not _CLOCK.fullmatch(said):
                found[name] = f"{said[:20]!r} must be a time of day such as 22:00"
        if not 0 <= self.digest_hour <= 23:
            found["digest_hour"] = f"{self.digest_hour} must be between 0 and 23"
        if not 0 <= self.digest_weekday <= 6:
            found["digest_weekday"] = f"{self.digest_weekday} must be 0 (Monday) to 6"
        return found

    def free_at(self, now: datetime, site: ZoneInfo) -> datetime:
        """Now, or when the quiet hours end that it falls into."""
        if not self.quiet_from:
            return now
        begin, end = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)
        local = now.astimezone(self.zone(site))
        clock, day = local.time(), local.date()
        if begin < end:
            is_quiet = begin <= clock < end
        else:
            is_quiet = clock >= begin or clock < end
            day += _DAY if clock >= begin else timedelta()
        if not is_quiet:
            return now
        return datetime.combine(day, end, local.tzinfo).astimezone(UTC)

    def next_digest(self, now: datetime, site: ZoneInfo) -> datetime:
        """The next moment after now at which her digest is sent."""
        local = now.astimezone(self.zone(site))
        day = local.date()
        while True:
            at = datetime.combine(day, time(self.digest_hour), local.tzinfo).astimezone(UTC)
            is_day = self.digest is Digest.DAILY or day.weekday() == self.digest_weekday
            if is_day and at > now:
                return at
            day += _DAY

    def zone(self, site: ZoneInfo) -> ZoneInfo:
        return zone_named(self.timezone) or site


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of this name, if there is one."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
