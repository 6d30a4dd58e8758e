"""What policies may know of the professional who asks, and the obligation to be a verified one."""

from datetime import datetime
from typing import Any

from cms.identity.profiles import UserBodies
from cms.kernel.actors import ROLE_SCOPES, ActorFacts, ActorKind
from cms.kernel.decisions import Question
from cms.kernel.declarations import Obligation, PolicyAttribute
from cms.kernel.work import ReadableWork
from plugins.professional_registry.bylines import byline_of
from plugins.professional_registry.names import fold
from plugins.professional_registry.permissions import oversees
from plugins.professional_registry.standing import snapshots

VERIFIED, DAYS = "professional_verified", "professional_freshness_days"
STATUS, SPECIALTIES = "professional_status", "professional_specialties"
SCOPE_TYPES, SCOPE_REGISTRATION = "approval_content_types", "approval_needs_registration"


async def know_professional(work: ReadableWork, facts: ActorFacts) -> ActorFacts:
    """Add how the person's registration stands, in one query a request."""
    taken = (await snapshots(work, [facts.user_id])).get(facts.user_id)
    if taken is None:
        return facts.with_facts(**{VERIFIED: False})
    known = {
        VERIFIED: taken["may_sign"],
        STATUS: str(taken["status"]),
        # Only what the register has with its number counts as a specialty.
        SPECIALTIES: [fold(one["name"]) for one in taken["specialties"] if one["rqe"]],
    }
    since = taken["as_of"] or taken["checked_at"]
    if since is not None:
        known[DAYS] = max(0, (work.now - datetime.fromisoformat(since)).days)
    return facts.with_facts(**known)


def _scopes(question: Question) -> list[dict[str, Any]]:
    found = question.actor.attributes.get(ROLE_SCOPES, ())
    return [scope for scope in found if isinstance(scope, dict)]


def _content_types(question: Question) -> list[str]:
    """Types that the medical scope of one of her roles names. A scope is data of the site: what is
    no list of names gives nothing."""
    named = [scope.get("content_types") for scope in _scopes(question)]
    return sorted({one for names in named if isinstance(names, list)
                   for one in names if isinstance(one, str)})  # fmt: skip


def _needs_registration(question: Question) -> bool:
    return any(scope.get("requires_registration") is True for scope in _scopes(question))


def is_verified(question: Question) -> bool:
    """A registration that lets her sign now; expired is not. The worker and the command line have
    no person whom one could ask for one."""
    actor = question.actor
    return actor.kind is ActorKind.SYSTEM or actor.attributes.get(VERIFIED) is True


PROFESSIONAL_VALIDATION = Obligation(
    "professional_validation",
    is_verified,
    "Have your registration added and verified (cms registry verify), or let somebody do this "
    "whose registration is.",
)


def _of_actor(name: str) -> Any:
    return lambda question: question.actor.attributes.get(name)


POLICY_ATTRIBUTES = (
    PolicyAttribute(
        VERIFIED,
        "Bool",
        "Whether the actor has a registration that lets her sign now.",
        provide=lambda question: question.actor.attributes.get(VERIFIED, False),
    ),
    PolicyAttribute(
        DAYS,
        "Long",
        "Days since the day of the register's knowledge of the actor.",
        provide=_of_actor(DAYS),
    ),
    PolicyAttribute(
        STATUS,
        "String",
        "What the register says of the actor: ACTIVE, SUSPENDED, …",
        provide=_of_actor(STATUS),
    ),
    PolicyAttribute(
        SPECIALTIES,
        "Set<String>",
        "The actor's specialties with an RQE, in lower case without accents.",
        provide=_of_actor(SPECIALTIES),
    ),
    PolicyAttribute(
        SCOPE_TYPES,
        "Set<String>",
        "The types of content that the medical scope of one of the actor's roles names; `all` "
        "stands for every type.",
        is_required=True,
        provide=_content_types,
    ),
    PolicyAttribute(
        SCOPE_REGISTRATION,
        "Bool",
        "Whether the medical scope of one of the actor's roles wants a registration of her.",
        is_required=True,
        provide=_needs_registration,
    ),
)


async def show_profiles(work: ReadableWork, people: UserBodies) -> UserBodies:
    """`medical_profile` of people in REST: what stands beside their texts, for everybody; how her
    registration stands, for herself and the officers, in edit context. What a register says against
    somebody is not told to strangers: it may be about a namesake."""
    # What an answer brings along has the fields of WordPress only, and costs no statement more.
    bodies = [body for body in people.bodies if body.context != "embed"]
    taken = await snapshots(work, [body.user_id for body in bodies]) if bodies else {}
    for body in bodies:
        own = taken.get(body.user_id)
        is_told = body.user_id == work.actor.user_id or oversees(work)
        profile = _profile(own, body.context == "edit" and is_told) if own else None
        body.fields["medical_profile"] = profile
    return people


def _profile(taken: dict[str, Any], with_validation: bool) -> dict[str, Any]:
    line = byline_of(taken)
    shown: dict[str, Any] = {"is_verified": taken["may_sign"], "byline": None}
    if line is not None:
        shown["byline"] = {
            "name": line.name,
            "word": line.word,
            "registration": line.registration,
            "specialties": list(line.specialties),
            "text": line.text,
        }
    if with_validation:
        told = ("registration", "status", "status_raw", "validation", "reason", "source")
        moments = ("as_of", "checked_at", "fresh_until")
        shown["validation"] = {name: taken[name] for name in (*told, *moments)}
    return shown
