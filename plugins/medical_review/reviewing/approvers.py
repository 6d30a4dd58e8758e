"""Whether a reviewer may put her name to an approval today."""

from sqlalchemy import text

from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.reviewing.errors import ApproverMayNotSign
from plugins.professional_registry.freshness import Step, bring_up_to_date
from plugins.professional_registry.guards import MISSING, responsible_may_sign
from plugins.professional_registry.settings import RegistrySettings

_SCOPED = text(
    """
    select 1 from cms.roles
    where tenant_id = :tenant and name = any(cast(:roles as text[]))
      and medical_scope -> 'requires_registration' = 'true'::jsonb
    limit 1
    """
)


async def refuse_unable(work: Work, reviewer_id: int, *, is_guest: bool = False) -> None:
    """ApproverMayNotSign when her registration does not let her sign, or when she needs one and has
    none; a guest always needs one. A text may be sent back by whoever reviews: that puts nobody's
    name to it."""
    await bring_up_to_date(work, reviewer_id, Step.APPROVE)
    asked = responsible_may_sign if is_guest else approver_objections
    objections = await asked(work, reviewer_id)
    if objections:
        raise ApproverMayNotSign(objections)


async def approver_objections(work: ReadableWork, reviewer_id: int) -> list[Objection]:
    """The same reasons as they stand now, without asking the register."""
    objections = await responsible_may_sign(work, reviewer_id)
    if not objections or objections[0].code != MISSING:
        return objections
    return [_NONE] if await _needs_registration(work) else []


async def _needs_registration(work: ReadableWork) -> bool:
    rule = work.settings(RegistrySettings).approver_registration
    if rule != "by_scope":
        return rule == "always"
    values = {"tenant": work.tenant_id, "roles": list(work.actor.roles)}
    return await work.one(_SCOPED, values) is not None


_NONE = Objection(
    MISSING,
    "Your role approves as a professional, and you have no registration.",
    "Have your registration added and verified, or let a reviewer decide who has one.",
)
