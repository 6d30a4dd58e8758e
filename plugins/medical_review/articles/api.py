"""/api/v1/reviews/specialties: what a medical text can be filed under."""

import msgspec

from cms.api.routing import get
from cms.database.work import UnitOfWork
from plugins.professional_registry.specialties import specialties


class SpecialtyOut(msgspec.Struct, frozen=True):
    """`name` is in the language of the site, Portuguese or English."""

    code: str
    council: str
    name: str


@get("/specialties", action="article.specialties", resource="review")
async def list_specialties(work: UnitOfWork) -> list[SpecialtyOut]:
    """The specialties that councils recognise, by their codes."""
    is_portuguese = work.tenant.language.lower().startswith("pt")
    return [
        SpecialtyOut(one.code, one.council, one.pt if is_portuguese else one.en)
        for one in specialties().values()
    ]


routes = [list_specialties]
