"""What `cms registry status`, `providers` and `cases` show."""

from datetime import datetime

import msgspec
from sqlalchemy import and_, select

from cms.kernel.work import ReadableWork
from plugins.professional_registry.case_models import Case, CaseState
from plugins.professional_registry.identity import canonical
from plugins.professional_registry.lookups import ProviderState
from plugins.professional_registry.models import Professional
from plugins.professional_registry.registrations import identity_of


class Line(msgspec.Struct, frozen=True):
    """One registration."""

    registration: str
    status: str
    validation: str
    checked_at: datetime | None
    fresh_until: datetime | None


class CaseLine(msgspec.Struct, frozen=True):
    """One case."""

    id: int
    registration: str
    state: str
    reason: str
    outcome: str | None
    opened_at: datetime


async def registrations_of(work: ReadableWork) -> list[Line]:
    """Every registration of the tenant, in the order in which they were added."""
    rows = await work.all(
        select(Professional)
        .where(Professional.tenant_id == work.tenant_id)
        .order_by(Professional.id)
    )
    return [
        Line(
            canonical(identity_of(person)),
            person.status_normalised,
            person.validation_status,
            person.last_validation_check,
            person.expires_at,
        )
        for (person,) in rows
    ]


async def cases_of(work: ReadableWork, *, closed_too: bool = False) -> list[CaseLine]:
    """The cases of the tenant, the oldest first."""
    same = and_(Professional.tenant_id == Case.tenant_id, Professional.id == Case.professional_id)
    statement = select(Case, Professional).join(Professional, same)
    statement = statement.where(Case.tenant_id == work.tenant_id)
    if not closed_too:
        statement = statement.where(Case.state != CaseState.CLOSED.value)
    return [
        CaseLine(
            case.id,
            canonical(identity_of(person)),
            case.state,
            case.reason,
            case.outcome,
            case.opened_at,
        )
        for case, person in await work.all(statement.order_by(Case.id))
    ]


def line(one: Line) -> str:
    until = f"{one.fresh_until:%Y-%m-%d}" if one.fresh_until else "–"
    return f"{one.registration}: {one.validation} ({one.status}), fresh until {until}"


def provider_line(one: ProviderState) -> str:
    state = "well" if one.is_well else f"NOT WELL: {one.remedy}"
    return f"{one.name} ({', '.join(one.councils)}): {one.message}; {state}"


def case_line(one: CaseLine) -> str:
    outcome = f", {one.outcome}" if one.outcome else ""
    return (
        f"{one.id}: {one.registration} {one.reason} since {one.opened_at:%Y-%m-%d}, "
        f"{one.state}{outcome}"
    )
