"""Asking a register about a number without storing the answer, and how the registers are doing."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import func, select

from cms.errors import InvalidInput
from cms.kernel.events import Outcome
from cms.kernel.work import ReadableWork, Work
from plugins.professional_registry import corrections, sources
from plugins.professional_registry.case_events import RegistrationLookedUp
from plugins.professional_registry.identity import canonical, parse
from plugins.professional_registry.models import Professional
from plugins.professional_registry.names import is_same_name
from plugins.professional_registry.permissions import require_manage
from plugins.professional_registry.provider import Answer, Specialty
from plugins.professional_registry.settings import RegistrySettings
from plugins.professional_registry.statuses import Status


class Found(msgspec.Struct, frozen=True):
    """What the source said. `name_matches` is None when no name was given or none was found."""

    status: Status
    status_raw: str
    source: str
    fetched_at: datetime
    as_of: datetime | None
    names: tuple[str, ...]
    name_matches: bool | None
    specialties: tuple[Specialty, ...]
    note: str


class LookUp(msgspec.Struct, frozen=True):
    """The registration in its canonical form, or the fault of what was written."""

    registration: str | None
    format_fault: str | None
    found: Found | None


class ProviderState(msgspec.Struct, frozen=True):
    """A source, how it is, and how many registrations it was asked about in the last hour."""

    name: str
    councils: tuple[str, ...]
    is_online: bool
    is_well: bool
    message: str
    remedy: str
    checked_last_hour: int


async def look_up(work: Work, written: str, full_name: str = "") -> LookUp:
    """Ask the source about a registration as somebody writes it. Audited, and nothing is stored."""
    require_manage(work, "registration.lookup")
    try:
        identity = parse(written, await corrections.councils(work))
    except InvalidInput as error:
        return LookUp(None, next(iter(error.faults.values())), None)
    settings = work.settings(RegistrySettings)
    answer = await sources.ask(work, identity, full_name, settings, keeps=False)
    await work.emit(
        RegistrationLookedUp(
            council=identity.council,
            status=answer.status,
            outcome=_outcome(answer),
            after={"registration": canonical(identity), "source": answer.source},
        )
    )
    return LookUp(canonical(identity), None, _found(answer, full_name))


def _outcome(answer: Answer) -> Outcome:
    is_down = answer.status is Status.SOURCE_UNAVAILABLE
    return Outcome.FAILED if is_down else Outcome.SUCCESS


def _found(answer: Answer, full_name: str) -> Found:
    matches = any(is_same_name(name, full_name) for name in answer.names)
    return Found(
        answer.status,
        answer.status_raw,
        answer.source,
        answer.fetched_at,
        answer.as_of,
        answer.names,
        matches if full_name and answer.names else None,
        answer.specialties,
        answer.note,
    )


async def providers(work: ReadableWork) -> list[ProviderState]:
    """Every source with its health, for the tenant of this work."""
    asked = await _checked_last_hour(work)
    states = []
    for provider in sources.enabled(work.settings(RegistrySettings)):
        health, can = await provider.health(work), provider.capabilities
        states.append(
            ProviderState(
                provider.name,
                can.councils,
                can.is_online,
                health.is_well,
                health.message,
                "" if health.is_well else health.remedy,
                asked.get(provider.name, 0),
            )
        )
    return states


async def _checked_last_hour(work: ReadableWork) -> dict[str, int]:
    rows = await work.all(
        select(Professional.validation_api_used, func.count())
        .where(
            Professional.tenant_id == work.tenant_id,
            Professional.last_validation_check > work.now - timedelta(hours=1),
        )
        .group_by(Professional.validation_api_used)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}
