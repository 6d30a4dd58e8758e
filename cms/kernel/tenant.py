"""The tenant that a unit of work belongs to."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Tenant:
    """One publisher: its content, people and rules are invisible to every other."""

    id: int
    slug: str
    name: str
    language: str
    timezone: str
    hosts: tuple[str, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
