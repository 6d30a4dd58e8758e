"""How far a request is trusted: points that add up, each part capped.

A score never stands in for a hard fact: what must not happen is a forbid, not a low number
(NIST SP 800-207 §3.3.1, "score-based" beside "criteria-based").
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cms.kernel.actors import ActorKind, Method
from cms.kernel.decisions import Question

WEIGHTS_VERSION = 1

_BY_METHOD = {
    Method.INTERNAL: 35,
    Method.TOKEN: 30,
    Method.SESSION: 30,
    Method.APPLICATION_PASSWORD: 15,
}
# RFC 8176 names of factors that a phishing page cannot pass on.
_UNPHISHABLE = frozenset({"hwk", "swk", "pop"})
_FRESHNESS = ((15 * 60, 20), (3600, 15), (12 * 3600, 10), (7 * 86400, 5))
_INSIDE = frozenset({"internal", "worker", "cli"})


@dataclass(frozen=True, slots=True)
class Trust:
    """A score of 0 to 100 with the parts it is made of and what lowered it."""

    score: int
    components: Mapping[str, int]
    risks: tuple[str, ...]


def age_in_seconds(question: Question) -> int:
    """Seconds since the actor proved who it is; a clock that runs behind counts as now."""
    return max(0, int((question.at - question.actor.authentication.at).total_seconds()))


def trust_in(question: Question) -> Trust:
    """The trust in this request. A signal that is missing earns nothing."""
    proof = question.actor.authentication
    components = {
        "method": _BY_METHOD.get(proof.method, 0),
        "factors": _factors(proof.factors),
        "freshness": _freshness(question),
        "channel": 15 if question.request.channel in _INSIDE else 10,
    }
    if question.actor.kind is ActorKind.SYSTEM:
        components.update(factors=30, freshness=20)
    return Trust(sum(components.values()), components, _risks(components))


def _factors(factors: frozenset[str]) -> int:
    if factors & _UNPHISHABLE:
        return 30
    if len(factors) > 1:
        return 25
    return 15 if factors else 0


def _freshness(question: Question) -> int:
    if question.actor.authentication.method is Method.NONE:
        return 0  # there is no proof that could be fresh
    age = age_in_seconds(question)
    return next((points for limit, points in _FRESHNESS if age < limit), 0)


def _risks(components: Mapping[str, int]) -> tuple[str, ...]:
    said = {
        "method": "no-proof-of-identity",
        "factors": "no-factor",
        "freshness": "stale-authentication",
    }
    return tuple(risk for part, risk in said.items() if components[part] == 0)
