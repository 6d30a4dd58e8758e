"""Which source is asked about which name, in which order, and what is remembered of it."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from time import monotonic

from cms.errors import CmsError, SetupError
from plugins.medical_review.references.models import Origin
from plugins.medical_review.references.settings import ReferenceSettings
from plugins.medical_review.references.sources.crossref import Crossref
from plugins.medical_review.references.sources.europe_pmc import EuropePmc
from plugins.medical_review.references.sources.pubmed import PubMed
from plugins.medical_review.references.sources.source import Found, Manners, Source
from plugins.professional_registry.resilience import Line, Patience
from plugins.professional_registry.settings import Endpoint
from plugins.professional_registry.wire import HttpsWire, SourceFault

KNOWN: dict[str, type[Source]] = {one.name.value: one for one in (Crossref, EuropePmc, PubMed)}
# What a source did not know an hour ago it may know now: journals deposit late.
_FORGET_UNKNOWN = 3600.0
_MOST_REMEMBERED = 5000

Asked = tuple[str, str, str]


class SourcesOff(CmsError):
    """Nobody outside is asked by this installation, or not about such names."""

    status, slug = 409, "sources-off"


class SourcesSilent(CmsError):
    """No source knew the publication, and at least one could not be asked."""

    status, slug = 503, "sources-silent"


@dataclass(frozen=True)
class Answer:
    """What was found, by which source; nothing, where every source knows of nothing."""

    found: Found | None
    origin: Origin | None


@dataclass
class Memory:
    """What sources said, for as long as it may serve; bibliographic facts that everybody may know,
    so that all tenants of the process share them."""

    said: OrderedDict[Asked, tuple[float, Found | None]] = field(default_factory=OrderedDict)

    def recall(self, asked: Asked, hours: float) -> tuple[bool, Found | None]:
        """Whether there is something, and it."""
        at, found = self.said.get(asked, (float("-inf"), None))
        lasts = hours * 3600 if found is not None else min(_FORGET_UNKNOWN, hours * 3600)
        return monotonic() - at < lasts, found

    def keep(self, asked: Asked, found: Found | None) -> None:
        self.said[asked] = (monotonic(), found)
        self.said.move_to_end(asked)
        while len(self.said) > _MOST_REMEMBERED:
            self.said.popitem(last=False)


@dataclass
class Room:
    """How many look-ups are under way in this process. Each holds a connection to the database, and
    slow sources must not take them from everybody else."""

    most: int = 4
    taken: int = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place in it, or SourcesSilent."""
        if self.taken >= self.most:
            raise SourcesSilent("Many publications are being looked up now. Try again in a minute.")
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1


_memory, _room = Memory(), Room()
# For all sources together, in seconds: somebody waits for it.
PATIENCE = 15.0


def sources(settings: ReferenceSettings) -> Iterator[Source]:
    """Those that may be asked, in the order of the settings; none without a contact. SetupError for
    a name that is no source."""
    for name in settings.sources:
        if name not in KNOWN:
            raise SetupError(
                f"plugins.medical_review.references.sources names {name!r}; "
                f"the sources are: {', '.join(KNOWN)}"
            )
        if settings.contact:
            yield _source(name, settings.endpoints.get(name, Endpoint()), settings.contact)


@cache
def _source(name: str, endpoint: Endpoint, contact: str) -> Source:
    kind = KNOWN[name]
    wire = HttpsWire(endpoint.time_out, endpoint.ca_file)
    return kind(wire, _manners(name, endpoint), url=endpoint.url, contact=contact)


@cache
def _manners(name: str, endpoint: Endpoint) -> Manners:
    # Never more than the source bears, whatever the settings say and however many processes ask.
    allowed = KNOWN[name].per_second
    per_second = min(allowed, endpoint.per_second or allowed) / max(1, endpoint.processes)
    return Manners(
        Line(per_second, Patience(attempts=endpoint.attempts, deadline=endpoint.deadline))
    )


async def look_up(settings: ReferenceSettings, kind: str, value: str) -> Answer:
    """What the first source says that knows the publication. SourcesOff, or SourcesSilent, when
    nobody could say anything."""
    asked = [one for one in sources(settings) if kind in one.kinds]
    if not asked:
        raise SourcesOff(
            f"No source is asked about a {kind} here: type the reference by hand, or have an "
            "administrator set plugins.medical_review.references.contact.",
            kind=kind,
        )
    hours = settings.cache_hours
    faults: dict[str, str] = {}
    try:
        with _room.place():
            async with asyncio.timeout(PATIENCE):
                return await _first(asked, kind, value, hours, faults)
    except TimeoutError:
        raise _silent({**faults, "all": "time-out"}) from None


async def _first(
    asked: Sequence[Source], kind: str, value: str, hours: float, faults: dict[str, str]
) -> Answer:
    for source in asked:
        try:
            found = await _ask(source, kind, value, hours)
        except SourceFault as fault:
            faults[source.name.value] = str(fault)
            continue
        if found is not None:
            return Answer(found, source.name)
    if faults:
        raise _silent(faults)
    return Answer(None, None)


def _silent(faults: dict[str, str]) -> SourcesSilent:
    said = "; ".join(f"{name}: {fault}" for name, fault in faults.items())
    return SourcesSilent(
        f"The sources could not be asked ({said}). Try again later, or type the reference by hand.",
        faults=faults,
    )


async def _ask(source: Source, kind: str, value: str, hours: float) -> Found | None:
    asked = (f"{source.name}@{source.url}", kind, value)
    is_there, found = _memory.recall(asked, hours)
    if is_there:
        return found
    found = await source.find(kind, value)
    _memory.keep(asked, found)
    return found
