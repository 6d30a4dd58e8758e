"""/api/v1/medical/professionals: look-ups, standing, history, and the sources' health."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Router

from cms.api.routing import get, post
from cms.database.work import UnitOfWork
from plugins.professional_registry import history, lookups, registrations, webhook
from plugins.professional_registry.cases import listed
from plugins.professional_registry.cases_api import CaseOut, case_routes
from plugins.professional_registry.history import Change, StatusThen
from plugins.professional_registry.lookups import LookUp, ProviderState
from plugins.professional_registry.permissions import require_own
from plugins.professional_registry.standing import Standing, standing_of


class Inquiry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A registration as somebody writes it; with a name, the answer says whether it fits."""

    registration: str
    full_name: str = ""


class HistoryOut(msgspec.Struct, frozen=True):
    """Every change of a registration; `then` is what was known at the moment asked about."""

    changes: list[Change]
    then: StatusThen | None = None


class ProvidersOut(msgspec.Struct, frozen=True):
    """The sources of this site."""

    providers: list[ProviderState]


class CasesOut(msgspec.Struct, frozen=True):
    """The cases of one registration."""

    cases: list[CaseOut]


class Accepted(msgspec.Struct, frozen=True):
    """A webhook was taken; what it says is not believed, only looked up."""

    accepted: bool = True


@post("/validate", action="registration.lookup", resource="registration", status_code=200)
async def validate(data: Inquiry, work: UnitOfWork) -> LookUp:
    """Check the form of a registration and ask its register. Nothing is stored but that you did."""
    return await lookups.look_up(work, data.registration, data.full_name)


@get(
    "/{professional_id:int}/validation-status",
    action="registration.read",
    resource="registration",
)
async def read_validation_status(professional_id: int, work: UnitOfWork) -> Standing:
    """How one registration stands today. Everyone may ask about her own."""
    person = await registrations.get(work, professional_id)
    require_own(work, person.user_id, "registration.read")
    return await standing_of(work, person)


@get("/{professional_id:int}/history", action="registration.read", resource="registration")
async def read_history(
    professional_id: int, work: UnitOfWork, on: datetime | None = None
) -> HistoryOut:
    """What a registration was when; with `on` (a moment with its zone), what was known then."""
    person = await registrations.get(work, professional_id)
    require_own(work, person.user_id, "registration.read")
    then = await history.status_on(work, professional_id, on.astimezone()) if on else None
    return HistoryOut(await history.changes(work, professional_id), then)


@get("/{professional_id:int}/cases", action="case.list", resource="case")
async def read_cases(professional_id: int, work: UnitOfWork) -> CasesOut:
    """The cases of one registration, closed ones too."""
    person = await registrations.get(work, professional_id)
    require_own(work, person.user_id, "case.list")
    found = await listed(work, professional_id=professional_id)
    return CasesOut([CaseOut.of(case) for case in found])


@get("/providers", action="registration.list", resource="registration")
async def list_providers(work: UnitOfWork) -> ProvidersOut:
    """The sources, whether they can be relied on today, and how much they are asked."""
    require_own(work, 0, "registration.list")
    return ProvidersOut(await lookups.providers(work))


@post(
    "/webhook/{source:str}",
    action="registration.announce",
    resource="registration",
    status_code=202,
)
async def announce(request: Request[Any, Any, Any], source: str, work: UnitOfWork) -> Accepted:
    """A source says that something changed: signed with `X-Registry-Signature` over the Unix
    seconds in `X-Registry-Timestamp`, a dot, and the body `{"registration": …}`."""
    said = request.headers
    stamp, signed = said.get("x-registry-timestamp", ""), said.get("x-registry-signature", "")
    await webhook.announced(work, source, webhook.Signed(stamp, signed, await request.body()))
    return Accepted()


medical_router = Router(
    "/medical",
    route_handlers=[
        Router(
            "/professionals",
            route_handlers=[
                validate,
                read_validation_status,
                read_history,
                read_cases,
                list_providers,
                announce,
            ],
        ),
        *case_routes,
    ],
    tags=["professional_registry"],
)
