"""A professional has her own registration asked about again."""

from datetime import timedelta

from cms.errors import CapabilityMissing, Conflict
from cms.kernel.work import Work
from plugins.professional_registry import registrations
from plugins.professional_registry.models import Professional

PAUSE = timedelta(hours=1)
"""Sources are paid for by the question, or bear few of them."""


async def recheck_own(work: Work, professional_id: int) -> Professional:
    """Ask the source now. It says what it says: nobody can better her own standing by it, so nobody
    else is needed. CapabilityMissing for somebody else's, Conflict within an hour of the last."""
    person = await registrations.get(work, professional_id)
    if work.actor.user_id is None or person.user_id != work.actor.user_id:
        raise CapabilityMissing(
            "Only the person whose registration it is can have it checked here.",
            action="registration.recheck",
        )
    checked = person.last_validation_check
    if checked is not None and work.now - checked < PAUSE:
        raise Conflict(
            f"The register was asked less than {int(PAUSE.total_seconds()) // 60} minutes ago; "
            "wait a little before it is asked again."
        )
    return await registrations.ask_again(work, professional_id, since=work.now)
