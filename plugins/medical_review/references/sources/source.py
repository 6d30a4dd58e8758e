"""What the sources share: the way there, its manners, and the form of what is found."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from plugins.medical_review.references.models import Notice, Origin
from plugins.professional_registry.resilience import Circuit, Line
from plugins.professional_registry.wire import Fault, Question, Reply, SourceFault, Wire

JSON = "application/json"
AGENT = "healthcare-cms-references/1"
# No source is asked more slowly than this, whatever it says of itself.
_SLOWEST = 0.05


@dataclass(frozen=True)
class Found:
    """A publication as a source has it: an item in the direction of CSL-JSON, still to be checked,
    and what its journal said of it afterwards."""

    item: Mapping[str, Any]
    notice: Notice | None = None
    notice_doi: str | None = None


@dataclass
class Manners:
    """The line to a source, shared by the whole process, and until when it wants to be left alone
    (Retry-After, RFC 9110 §10.2.3); in seconds of the line's clock."""

    line: Line
    quiet_until: float = field(default=0.0)

    def keep(self, reply: Reply) -> None:
        """Never faster than the source says it bears (`x-rate-limit-*`)."""
        try:
            many = float(reply.headers["x-rate-limit-limit"])
            seconds = float(reply.headers["x-rate-limit-interval"].removesuffix("s"))
        except (KeyError, ValueError):
            return
        if many > 0 and seconds > 0:
            allowed = max(_SLOWEST, many / seconds)
            self.line.bucket.per_second = min(self.line.per_second, allowed)

    def refuse_if_quiet(self) -> None:
        """SourceFault BUSY while the source wants to be left alone."""
        if self.line.clock.now() < self.quiet_until:
            raise SourceFault(Fault.BUSY, "the source asked for a pause")

    def note(self, fault: SourceFault) -> None:
        if fault.retry_after is not None:
            until = self.line.clock.now() + fault.retry_after
            self.quiet_until = max(self.quiet_until, until)


class Another(Exception):
    """The answer is about another publication. The source is well all the same, so that this is no
    fault that opens its circuit."""


class Source(ABC):
    """A subclass says which names it knows publications by (`kinds`, the
    surest first), and how it is asked."""

    name: ClassVar[Origin]
    official: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]
    per_second: ClassVar[float]

    def __init__(self, wire: Wire, manners: Manners, *, url: str = "", contact: str = "") -> None:
        self._wire, self._manners = wire, manners
        self.url = (url or self.official).rstrip("/")
        self._contact = contact

    async def find(self, kind: str, value: str) -> Found | None:
        """The publication, or None when the source does not know it; SourceFault when it said
        nothing that can be used, or spoke of another one."""
        self._manners.refuse_if_quiet()
        try:
            return await self._manners.line.ask(lambda left: self._find(kind, value, left))
        except SourceFault as fault:
            self._manners.note(fault)
            raise
        except Another:
            wrong = SourceFault(Fault.MALFORMED, "the answer is about another publication")
            raise wrong from None

    @property
    def circuit(self) -> Circuit:
        """Whether this process still asks it."""
        return self._manners.line.breaker.state

    @abstractmethod
    async def _find(self, kind: str, value: str, seconds: float) -> Found | None: ...

    async def _get(
        self,
        path: str,
        parameters: Mapping[str, str],
        seconds: float,
        *,
        accepts: tuple[str, ...] = (JSON,),
        statuses: tuple[int, ...] = (200,),
    ) -> Reply:
        headers = {"User-Agent": f"{AGENT} (mailto:{self._contact})", "Accept": JSON}
        question = Question("GET", self.url + path, accepts, parameters, headers, statuses=statuses)
        reply = await self._wire.send(question, seconds)
        self._manners.keep(reply)
        return reply
