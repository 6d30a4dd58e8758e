"""Who is offered in the form of a text as the one who answers for it."""

from cms.admin.offering import PeopleOffered
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import reviewed_types
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.professional_registry.holders import holders


async def offer_professionals(work: ReadableWork, offered: PeopleOffered) -> PeopleOffered:
    """Those with a registration: naming anybody else is refused."""
    if offered.post_type not in reviewed_types(work):
        return offered
    found = await holders(work, offered.chosen)
    choices = [(str(one.user_id), f"{one.name} · {one.registration}") for one in found]
    return offered.with_people(RESPONSIBLE, choices)
