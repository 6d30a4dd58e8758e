"""/api/v1/registry: registrations, their standing, and verification."""

import msgspec

from cms.api.routing import get, post
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, NotFound
from plugins.professional_registry import registrations
from plugins.professional_registry.claims import refuse_unproved
from plugins.professional_registry.manual_api import manual_routes
from plugins.professional_registry.medical_api import medical_router
from plugins.professional_registry.registrations import Profile
from plugins.professional_registry.standing import Standing, standing

VIEW = "view_registrations"


class NewRegistration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who holds which registration; `full_name` as the council has it."""

    user_id: int
    registration: str
    full_name: str
    specialty: str | None = None
    can_approve_medical_content: bool = False


@post("/registrations", action="registration.create", resource="registration", status_code=201)
async def add(data: NewRegistration, work: UnitOfWork) -> Standing:
    """Add a registration and verify it at once; the answer says whether she may sign."""
    profile = Profile(
        specialty=data.specialty, can_approve_medical_content=data.can_approve_medical_content
    )
    person = await registrations.register(
        work, data.user_id, data.registration, data.full_name, profile
    )
    refuse_unproved(await registrations.verify(work, person.id))
    return await _standing_of(work, data.user_id)


@get("/standing/{user_id:int}", action="registration.read", resource="registration")
async def read_standing(user_id: int, work: UnitOfWork) -> Standing:
    """Whether the person may sign today, and why not. Everyone may ask about herself."""
    if user_id != work.actor.user_id and not work.actor.has(VIEW):
        raise CapabilityMissing(
            "Sorry, you are not allowed to see registrations.", action="registration.read"
        )
    return await _standing_of(work, user_id)


@post("/standing/{user_id:int}/verify", action="registration.verify", resource="registration")
async def verify(user_id: int, work: UnitOfWork) -> Standing:
    """Ask the register again, now: no answer that it gave before serves."""
    found = await _standing_of(work, user_id)
    await registrations.verify(work, found.professional_id, since=work.now)
    return await _standing_of(work, user_id)


async def _standing_of(work: UnitOfWork, user_id: int) -> Standing:
    await work.session.flush()
    found = await standing(work, user_id)
    if found is None:
        raise NotFound("registration of user", user_id)
    return found


routes = [add, read_standing, verify, *manual_routes, medical_router]
