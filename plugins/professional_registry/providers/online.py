"""What the online sources share: the line, the key, and a fault becoming an answer."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import msgspec

from cms.kernel.declarations import Health
from cms.kernel.work import ReadableWork
from plugins.professional_registry.identity import RegistrationId
from plugins.professional_registry.provider import Answer, Capabilities
from plugins.professional_registry.resilience import Circuit, Line
from plugins.professional_registry.statuses import Status
from plugins.professional_registry.wire import Fault, SourceFault, Wire

# A council's midnight is not ours; beyond that its clock is wrong.
_SKEW = timedelta(days=1)
_DATES = ("%d/%m/%Y", "%Y-%m-%d", "%m-%d-%Y")
_LONGEST = 200

S = TypeVar("S", bound=msgspec.Struct)


class Online(ABC):
    """A source behind a wire; a subclass says how to ask it (`find`) and how a number looks."""

    name: ClassVar[str]
    official: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def __init__(self, wire: Wire, line: Line, *, url: str = "", key_file: str = "") -> None:
        self._wire = wire
        self._line = line
        self._url = url or self.official
        self._key_file = key_file

    @abstractmethod
    def validate_format(self, identity: RegistrationId) -> str | None: ...

    @abstractmethod
    async def find(
        self, identity: RegistrationId, name: str, now: datetime, seconds: float
    ) -> Answer:
        """One attempt of a lookup; SourceFault when the source said nothing that can be used."""

    async def lookup(self, work: ReadableWork, identity: RegistrationId, name: str) -> Answer:
        return await self.asked(work.now, lambda left: self.find(identity, name, work.now, left))

    async def asked(self, now: datetime, attempt: Callable[[float], Awaitable[Answer]]) -> Answer:
        """The answer that the line brings; a fault is an answer too, and says nothing of her."""
        try:
            return await self._line.ask(attempt)
        except SourceFault as fault:
            note, kind = str(fault), fault.fault.value
            return self.answer(now, Status.SOURCE_UNAVAILABLE, note=note, fault=kind)

    async def health(self, work: ReadableWork) -> Health:  # noqa: ARG002 - the protocol's
        """Key and circuit of this process; it asks nothing, because questions cost the customer."""
        try:
            self.key()
        except SourceFault as fault:
            return Health(self.name, False, str(fault), _KEY_REMEDY)
        state = self._line.breaker.state
        is_well = state is Circuit.CLOSED
        return Health(self.name, is_well, f"the circuit is {state}", _CIRCUIT_REMEDY)

    def key(self) -> str:
        """The customer's key, read anew each time so that a changed file counts at once."""
        if not self.capabilities.needs_key:
            return ""
        try:
            key = Path(self._key_file).read_text().strip() if self._key_file else ""
        except (OSError, UnicodeDecodeError):
            key = ""
        if not (key and key.isascii() and key.isprintable()):
            raise SourceFault(Fault.KEY_MISSING, "the key file is not set, not readable or empty")
        return key

    def answer(self, now: datetime, status: Status, **facts: Any) -> Answer:
        """An answer of this source. It answers from a base of the day, so its knowledge is of now;
        the date of the entry's last change is evidence, not freshness."""
        unknown = status is Status.SOURCE_UNAVAILABLE
        as_of = None if unknown else now
        return Answer(status=status, source=self.name, fetched_at=now, as_of=as_of, **facts)


_KEY_REMEDY = "write the customer's key into the file that the settings name for this source"
_CIRCUIT_REMEDY = "the source fails again and again; look at its notes in the last verifications"


def decoded(body: bytes, kind: type[S], about: str) -> S:
    """The JSON of a stranger as a typed value, with no more of it than the type names."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise SourceFault(Fault.MALFORMED, f"not {about}") from None


def plain(text: str | None) -> str:
    """Text of a stranger, fit to be stored and shown: printable, and not longer than a name."""
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())[:_LONGEST]


def date_of(written: str) -> datetime | None:
    """A date in one of the forms that sources use; None for anything else."""
    day = written.strip().partition("T")[0].partition(" ")[0]
    for form in _DATES:
        try:
            return datetime.strptime(day, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def is_from_future(changed: datetime | None, now: datetime) -> bool:
    """Whether an entry says of itself that it was changed later than now."""
    return changed is not None and changed > now + _SKEW


def refuse_future(status: Status, changed: datetime | None, now: datetime) -> None:
    """SourceFault CLOCK for a permission from the future. Bad news is believed all the same: a
    doubtful source may stop somebody, it may not let somebody sign."""
    if status.may_sign and is_from_future(changed, now):
        raise SourceFault(Fault.CLOCK, "the source dates its entry in the future")
