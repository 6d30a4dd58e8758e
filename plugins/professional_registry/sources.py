"""Which source is asked about which council."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache

from cms.errors import SetupError
from cms.kernel.work import Work
from plugins.professional_registry.answers import remember, remembered
from plugins.professional_registry.corrections import words
from plugins.professional_registry.heeding import heeding
from plugins.professional_registry.identity import RegistrationId
from plugins.professional_registry.provider import Answer, Provider
from plugins.professional_registry.providers.ans_rpps import AnsRpps
from plugins.professional_registry.providers.cfm_soap import CfmSoap
from plugins.professional_registry.providers.nppes import Nppes
from plugins.professional_registry.providers.online import Online
from plugins.professional_registry.resilience import Line, Patience
from plugins.professional_registry.roster import CouncilRosters, RosterSnapshot
from plugins.professional_registry.settings import Endpoint, RegistrySettings
from plugins.professional_registry.statuses import Status
from plugins.professional_registry.wire import HttpsWire

# Asked when the settings name no order for the council: nothing here leaves the machine.
PROVIDERS: tuple[Provider, ...] = (RosterSnapshot(), CouncilRosters())
FORMAT_ONLY = "format"


async def ask(
    work: Work,
    identity: RegistrationId,
    name: str,
    settings: RegistrySettings,
    known_as_of: datetime | None = None,
    *,
    since: datetime | None = None,
    keeps: bool = True,
) -> Answer:
    """The answer of the first source that has one. For a council without a source only the format
    was checked, which is never enough to sign.

    When the first is down, the next may speak only if it knows more than we knew before
    (`known_as_of`): last week's roster does not undo what the council said yesterday. With `keeps`
    the answer of an online source serves again for some hours, but to nobody who wants one that is
    not older than `since`.
    """
    first: Answer | None = None
    note = f"no source is connected for {identity.council}"
    for provider in chosen(settings, identity):
        fault = provider.validate_format(identity)
        if fault is not None:
            # Of a council that has a source, the number itself is at fault, and she may correct it.
            note = fault if identity.council in provider.capabilities.councils else note
            continue
        kept_by = settings if keeps else None
        answer = await _answer(work, provider, identity, name, since=since, kept_by=kept_by)
        if first is None:
            first = answer
        if first.status is not Status.SOURCE_UNAVAILABLE or _adds(answer, known_as_of):
            return answer
    return first or Answer(
        status=Status.UNVERIFIED,
        source=FORMAT_ONLY,
        fetched_at=work.now,
        note=note,
    )


def chosen(settings: RegistrySettings, identity: RegistrationId) -> tuple[Provider, ...]:
    """The sources for this council in the order of the settings, or those that are offline.
    SetupError for a name that is no source."""
    names = settings.providers.get(identity.council)
    return PROVIDERS if names is None else tuple(named(settings, names))


def enabled(settings: RegistrySettings) -> tuple[Provider, ...]:
    """Every source that may be asked, once: those of the settings, and the offline ones."""
    names = dict.fromkeys(name for order in settings.providers.values() for name in order)
    return tuple(dict.fromkeys((*named(settings, tuple(names)), *PROVIDERS)))


def named(settings: RegistrySettings, names: tuple[str, ...]) -> Iterator[Provider]:
    """The sources of these names, in their order."""
    known: dict[str, Provider] = {p.name: p for p in (*PROVIDERS, *online(settings))}
    for name in names:
        if name not in known:
            raise SetupError(
                f"plugins.professional_registry.providers names {name!r}; "
                f"the sources are: {', '.join(known)}"
            )
        yield known[name]


def online(settings: RegistrySettings) -> tuple[Online, ...]:
    """The online sources with these settings; the line of each is shared by the whole process."""
    cfm, nppes, ans = (settings.endpoints.get(kind.name, Endpoint()) for kind in _ONLINE)
    return (
        CfmSoap(*_way(CfmSoap, cfm), url=cfm.url, key_file=settings.cfm_key_file),
        Nppes(*_way(Nppes, nppes), url=nppes.url, licence_states=settings.npi_licence_states),
        AnsRpps(*_way(AnsRpps, ans), url=ans.url, key_file=settings.ans_key_file),
    )


_ONLINE: tuple[type[Online], ...] = (CfmSoap, Nppes, AnsRpps)


def _way(kind: type[Online], endpoint: Endpoint) -> tuple[HttpsWire, Line]:
    return HttpsWire(endpoint.time_out, endpoint.ca_file), _line(kind, endpoint)


@cache
def _line(kind: type[Online], endpoint: Endpoint) -> Line:
    # Never more than the source allows, whatever the settings say and however many processes ask.
    allowed = (kind.capabilities.per_minute or 60) / 60
    per_second = min(allowed, endpoint.per_second or allowed) / max(1, endpoint.processes)
    return Line(per_second, Patience(attempts=endpoint.attempts, deadline=endpoint.deadline))


async def _answer(
    work: Work,
    provider: Provider,
    identity: RegistrationId,
    name: str,
    *,
    since: datetime | None,
    kept_by: RegistrySettings | None,
) -> Answer:
    if not provider.capabilities.is_online:
        return await provider.lookup(work, identity, name)
    known = await remembered(work, provider.name, identity, name)
    if known is not None and (since is None or known.fetched_at >= since):
        answer = known
    else:
        answer = await provider.lookup(work, identity, name)
        if kept_by is not None:
            await remember(work, answer, identity, name, kept_by)
    return heeding(answer, identity.council, await words(work, identity.council))


def _adds(answer: Answer, known_as_of: datetime | None) -> bool:
    if answer.status is Status.SOURCE_UNAVAILABLE:
        return False
    return known_as_of is None or (answer.as_of is not None and answer.as_of > known_as_of)
