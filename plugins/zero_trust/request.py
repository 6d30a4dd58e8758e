"""From the kernel's question to Cedar's request."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from typing import Any

import msgspec

from cms.kernel.actors import Actor, ActorKind
from cms.kernel.decisions import Question
from cms.kernel.declarations import PolicyAttribute
from plugins.zero_trust.compile import Foundation
from plugins.zero_trust.obligations import is_signed_in
from plugins.zero_trust.schema import CORE, entity_type
from plugins.zero_trust.slices import CedarRequest, Slice
from plugins.zero_trust.trust import Trust, age_in_seconds, trust_in

_PRINCIPALS = {
    ActorKind.PERSON: "User",
    ActorKind.ANONYMOUS: "Anonymous",
    ActorKind.SYSTEM: "System",
}
_CORE_NAMES = frozenset(attribute.name for attribute in CORE)


class AttributeMissing(Exception):
    """A required attribute is not there, so there is nothing to decide with."""


@dataclass(frozen=True, slots=True)
class Situation:
    """A request ready for Cedar, how far it is trusted, and what is not known about it."""

    request: CedarRequest
    trust: Trust
    risks: tuple[str, ...]


def situation(question: Question, wanted: Slice, foundation: Foundation) -> Situation:
    """Everything the slice may look at. AttributeMissing when a required part is not given."""
    trust = trust_in(question)
    known, unknown = _declared(question, wanted, foundation)
    context = {**known, **_core(question, foundation, trust.score)}
    risks = (*trust.risks, *(f"unknown:{name}" for name in unknown))
    return Situation(_request(question, context), trust, risks)


def resource_tenant(question: Question) -> int:
    """The tenant that the object belongs to, as far as the use case says another one."""
    return int(question.attributes.get("tenant_id", question.tenant_id))


def _request(question: Question, context: Mapping[str, Any]) -> CedarRequest:
    principal = _principal(question)
    owner = resource_tenant(question)
    thing = "*" if question.resource_id is None else question.resource_id
    # The tenant is part of the id, so that user 5 of one tenant is never user 5 of another.
    resource = {"type": entity_type(question.resource_type), "id": f"{owner}/{thing}"}
    roles = [{"type": "Role", "id": role} for role in question.actor.roles]
    is_user = principal["type"] == "User"
    entities = [_entity(principal, question.tenant_id, roles if is_user else [])]
    if resource != principal:
        entities.append(_entity(resource, owner, []))
    return CedarRequest(
        principal,
        {"type": "Action", "id": question.action},
        resource,
        msgspec.json.encode(context).decode(),
        msgspec.json.encode(entities).decode(),
    )


def _principal(question: Question) -> dict[str, str]:
    actor = question.actor
    if actor.kind is ActorKind.PERSON and actor.user_id is None:
        raise AttributeMissing("a person must have a user id")
    return {"type": _PRINCIPALS[actor.kind], "id": f"{question.tenant_id}/{_name(actor)}"}


def _name(actor: Actor) -> str:
    return str(actor.user_id) if actor.kind is ActorKind.PERSON else actor.kind.value


def _entity(uid: Mapping[str, str], tenant: int, parents: list[dict[str, str]]) -> dict[str, Any]:
    return {"uid": uid, "attrs": {"tenant": tenant}, "parents": parents}


def _core(question: Question, foundation: Foundation, trust_score: int) -> dict[str, Any]:
    proof = question.actor.authentication
    core = {
        "tenant_id": question.tenant_id,
        "method": proof.method.value,
        "factors": sorted(proof.factors),
        "signed_in": is_signed_in(question),
        "authentication_age_seconds": age_in_seconds(question),
        "channel": question.request.channel,
        "hour": question.at.hour,
        "trust_score": trust_score,
        "satisfied": [o.name for o in foundation.obligations.values() if o.is_satisfied(question)],
    }
    address = _address(question.request.ip)
    return core if address is None else {**core, "ip": address}


def _address(ip: str | None) -> dict[str, Any] | None:
    try:
        address = ip_address(ip or "")
    except ValueError:
        return None  # a socket file or a test client: not known, so no network matches
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return None
    return {"__extn": {"fn": "ip", "arg": str(address)}}


def _declared(
    question: Question, wanted: Slice, foundation: Foundation
) -> tuple[dict[str, Any], list[str]]:
    """The plugins' attributes that this slice looks at; and which of them an object lacks."""
    known: dict[str, Any] = {}
    unknown: list[str] = []
    for name, attribute in foundation.vocabulary.attributes.items():
        if name in _CORE_NAMES or not _is_wanted(attribute, wanted):
            continue
        value = _value(question, attribute)
        if value is not None:
            known[name] = sorted(value) if attribute.type == "Set<String>" else value
        elif attribute.is_required:
            raise AttributeMissing(f"attribute {name!r} is required and not given")
        elif question.resource_id is not None:
            unknown.append(name)
    return known, unknown


def _is_wanted(attribute: PolicyAttribute, wanted: Slice) -> bool:
    looks_at = wanted.reads
    return attribute.is_required or "context" in looks_at or f"context.{attribute.name}" in looks_at


def _value(question: Question, attribute: PolicyAttribute) -> Any:
    if attribute.provide is not None:
        return attribute.provide(question)
    return question.attributes.get(attribute.name)
