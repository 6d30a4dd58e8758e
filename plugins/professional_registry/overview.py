"""What `cms registry status`, `providers` and `cases` show."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import and_, select

from cms.kernel.work import ReadableWork
from plugins.professional_registry import cases
from plugins.professional_registry.carried import CarriedText, carried_by
from plugins.professional_registry.case_actions import actions_of
from plugins.professional_registry.case_models import Case, CaseState
from plugins.professional_registry.identity import canonical
from plugins.professional_registry.lookups import ProviderState
from plugins.professional_registry.models import Professional
from plugins.professional_registry.registrations import get, identity_of


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


class Deed(msgspec.Struct, frozen=True):
    """Something that was done about a case."""

    at: datetime
    kind: str
    post_id: int | None
    by_user_id: int | None
    detail: str


class CaseSheet(msgspec.Struct, frozen=True):
    """A case with what a decision needs."""

    case: CaseLine
    user_id: int
    criteria: dict[str, Any]
    contest: str | None
    outcome_reason: str
    closed_at: datetime | None
    texts: tuple[CarriedText, ...]
    deeds: list[Deed]


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
    return [_line(*row) for row in await work.all(statement.order_by(Case.id))]


def _line(case: Case, person: Professional) -> CaseLine:
    registration = canonical(identity_of(person))
    return CaseLine(case.id, registration, case.state, case.reason, case.outcome, case.opened_at)


async def case_sheet(work: ReadableWork, case_id: int) -> CaseSheet:
    """One case with what a decision needs, or NotFound."""
    case = await cases.get(work, case_id)
    return CaseSheet(
        _line(case, await get(work, case.professional_id)),
        case.user_id,
        case.criteria,
        case.contest,
        case.outcome_reason,
        case.closed_at,
        await carried_by(work, case.user_id),
        msgspec.convert(await actions_of(work, case.id), list[Deed], from_attributes=True),
    )


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


def case_page(sheet: CaseSheet) -> str:
    """A case as lines of text; what the person said of herself stays in the JSON."""
    basis = (f"  {name}: {value}" for name, value in sheet.criteria.items() if value)
    texts = (f"  {one.role} {one.post_id}: {one.title}" for one in sheet.texts)
    deeds = (f"  {one.at:%Y-%m-%d %H:%M} {one.kind} {one.post_id or ''}" for one in sheet.deeds)
    parts = (("It rests on:", basis), ("Texts:", texts), ("Done:", deeds))
    lines = [case_line(sheet.case)]
    for head, found in parts:
        told = list(found)
        lines += [head, *told] if told else []
    return "\n".join(lines)
