"""What every source about professionals can be asked, whichever country or council it is of."""

from datetime import date, datetime
from typing import Any, Protocol

import msgspec

from cms.kernel.declarations import Health
from cms.kernel.work import ReadableWork
from plugins.professional_registry.identity import RegistrationId
from plugins.professional_registry.statuses import Status


class Specialty(msgspec.Struct, frozen=True):
    """A specialty or area of practice; `rqe` is the qualification number, None when there is none
    (CFM 2.336/2023, art. 4: without it the specialty may not be announced)."""

    name: str
    rqe: str | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says of one registration. `as_of` is the day of the source's knowledge, not of
    the question, and `expires_at` the source's own word on how long it counts; `changed_at` the day
    of the entry's last change, if the source tells it; public facts only, never a CPF, an address
    or a telephone number. `fault` names why a source is unavailable (`wire.Fault`)."""

    status: Status
    source: str
    fetched_at: datetime
    as_of: datetime | None = None
    expires_at: datetime | None = None
    name: str | None = None
    social_name: str | None = None
    status_raw: str = ""
    category: str = ""
    specialties: tuple[Specialty, ...] = ()
    registered_on: date | None = None
    restrictions: tuple[str, ...] = ()
    note: str = ""
    fault: str = ""
    changed_at: datetime | None = None
    evidence: dict[str, Any] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the register knows the person by; the social name counts as much."""
        return tuple(name for name in (self.name, self.social_name) if name)


class Capabilities(msgspec.Struct, frozen=True):
    """What may be expected of a source; `councils` are the registers it knows."""

    councils: tuple[str, ...]
    is_online: bool = False
    needs_key: bool = False
    needs_captcha: bool = False
    is_bulk: bool = False
    matches_identity: bool = False
    per_minute: int | None = None


class Provider(Protocol):
    """A source. `lookup` never raises for a source that is down: it answers SOURCE_UNAVAILABLE."""

    @property
    def name(self) -> str: ...
    @property
    def capabilities(self) -> Capabilities: ...

    def validate_format(self, identity: RegistrationId) -> str | None:
        """The fault that would keep the source from finding it, or None."""
        ...

    async def lookup(self, work: ReadableWork, identity: RegistrationId, name: str) -> Answer:
        """What the source says; `name` chooses where one number stands for several people."""
        ...

    async def health(self, work: ReadableWork) -> Health:
        """Whether the source can be relied on today, for the tenant of this work."""
        ...
