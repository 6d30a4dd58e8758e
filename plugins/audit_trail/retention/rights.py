"""Who decides about the life of events."""

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing
from cms.kernel.actions import Action
from plugins.audit_trail.officers.purposes import VIEW
from plugins.audit_trail.vocabulary import AuditTrailTag

MANAGE = "manage_audit_retention"
ORDER = "order_audit_data_protection"

CAPABILITIES = {
    MANAGE: "Lengthen how long the trail keeps events, place and release holds, approve prunings",
    ORDER: "Order, for the protection of data, that personal events are kept for a shorter time",
}

_SUBJECTS = {"retention": "audit_retention", "hold": "audit_hold", "range": "audit_range"}


def _action(subject: str, verb: str, summary: str) -> Action:
    reads = verb == "read"
    tag = AuditTrailTag(f"audit:{subject}:{verb}")
    capability = VIEW if reads else MANAGE
    return Action(f"audit_{subject}.{verb}", _SUBJECTS[subject], tag, capability, reads, summary)


RETENTION_ACTIONS = (
    _action("retention", "read", "See how long events of each class are kept"),
    _action("retention", "set", "Keep events of a class for another time"),
    _action("hold", "read", "See what holds events back"),
    _action("hold", "place", "Hold events back that might go otherwise"),
    _action("hold", "release", "Release a hold"),
    _action("range", "read", "See which ranges of events are to go, or went"),
    _action("range", "approve", "Agree, as one of two, that a range of events may go"),
)


def require_view(work: UnitOfWork, action: str) -> None:
    """CapabilityMissing for who may not see the trail either."""
    if not work.actor.has(VIEW):
        raise CapabilityMissing(f"This needs the capability {VIEW}.", action=action)


def person_of(work: UnitOfWork, action: str, capability: str = MANAGE) -> int:
    """The person who acts. A job or a command answers for nothing here."""
    if not work.actor.has(capability):
        raise CapabilityMissing(
            f"This needs the capability {capability}; the data-protection officer or the "
            "compliance officer has it.",
            action=action,
        )
    if work.actor.user_id is None:
        raise CapabilityMissing("Only a person may do this, not a command.", action=action)
    return work.actor.user_id
