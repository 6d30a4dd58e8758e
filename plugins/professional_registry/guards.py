"""Why a person may not answer for an article, in words that she can act on."""

from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork
from plugins.professional_registry.standing import (
    EXPIRED,
    REVOKED,
    UNVERIFIED,
    Standing,
    standing,
)

MISSING = "registry.missing"

_TEXTS = {
    REVOKED: (
        "{registration} may not sign: the council says {said} ({status}).",
        "Name another responsible professional. If the council has it wrong, let the council "
        "correct it, import the new roster and verify again.",
    ),
    EXPIRED: (
        "The verification of {registration} ran out on {until}.",
        "Import a current roster (cms registry import PATH), which verifies everybody again.",
    ),
    UNVERIFIED: (
        "{registration} is not verified: {status}.",
        "Compare name and number with the council's register, correct them, and verify again.",
    ),
}


async def responsible_may_sign(work: ReadableWork, user_id: int) -> list[Objection]:
    """What keeps this person from signing as a professional today; empty when nothing does.

    Codes: registry.missing, registry.revoked, registry.expired, registry.unverified.
    """
    found = await standing(work, user_id)
    if found is None:
        return [
            Objection(
                MISSING,
                "The responsible person has no professional registration.",
                "Add the registration and verify it, or name another responsible professional.",
            )
        ]
    return [] if found.may_sign else [_objection(found)]


def _objection(found: Standing) -> Objection:
    message, remedy = _TEXTS[found.reason]
    facts = {
        "registration": found.registration,
        "said": repr(found.status_raw),
        "status": found.status.value,
        "until": f"{found.fresh_until:%Y-%m-%d}" if found.fresh_until else "an unknown day",
    }
    return Objection(found.reason, message.format(**facts), remedy)
