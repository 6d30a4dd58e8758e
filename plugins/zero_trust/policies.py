"""From what plugins declare and a tenant stores to Cedar statements, one identity for each.

Layer P permits and forbids. Layer R requires: a forbid that an obligation lifts; what it forbids
is not denied but conditional.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec
from cedarpy import policies_from_json_str, policies_to_json_str

from cms.kernel.declarations import PolicyRule
from plugins.zero_trust.conditions import (
    ConditionRefused,
    Expression,
    both,
    compared,
    context,
    has,
    to_expression,
)
from plugins.zero_trust.errors import PolicyRefused
from plugins.zero_trust.obligations import PROFESSIONAL_VALIDATION, RAISE_TRUST
from plugins.zero_trust.schema import Vocabulary

ENFORCE, SHADOW, OFF = "enforce", "shadow", "off"
EVERY_ACTION = "*"
DEFAULT_PRIORITY = 100


class Consequence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The column `actions`: what follows when the conditions hold."""

    effect: str
    obligation: str | None = None


@dataclass(frozen=True)
class PolicyRow:
    """The part of a stored policy that decides; counters and dates are not in it."""

    id: int
    policy_name: str
    policy_type: str
    applies_to: tuple[str, ...]
    conditions: Mapping[str, Any]
    actions: Mapping[str, Any]
    priority: int = DEFAULT_PRIORITY
    mode: str = ENFORCE
    medical_context_required: bool = False
    minimum_trust_score: int | None = None
    professional_validation_required: bool = False


@dataclass(frozen=True)
class Statement:
    """One Cedar policy. A smaller `priority` comes first in explanations and in obligations; it
    never lets a permit beat a forbid. `row_id` is set when a tenant's row brought it."""

    id: str
    layer: str
    est: Mapping[str, Any] = field(hash=False)
    about: str
    obligation: str | None = None
    priority: int = DEFAULT_PRIORITY
    mode: str = ENFORCE
    row_id: int | None = None

    @cached_property
    def cedar(self) -> str:
        """The statement as text, for people and for the validator."""
        document = {"staticPolicies": {self.id: self.est}, "templates": {}, "templateLinks": []}
        return policies_from_json_str(json.dumps(document))

    @cached_property
    def reads(self) -> frozenset[str]:
        """What of the request it looks at: `context.ip`, `resource.tenant`; a bare `context` or
        `resource` when it cannot be told which part."""
        scope = self.est["resource"]["op"]
        found = {"resource"} if scope not in {"All", "is"} else set()
        return frozenset(found.union(_reads(self.est["conditions"])))


def from_rule(owner: str, rule: PolicyRule, priority: int = DEFAULT_PRIORITY) -> Statement:
    """The statement of a rule that `owner` declares. PolicyRefused when it is not one policy."""
    identity = f"{owner}.{rule.name}"
    try:
        parsed: dict[str, Any] = json.loads(policies_to_json_str(rule.cedar))
    except ValueError as error:
        raise PolicyRefused(identity, f"it is not Cedar: {error}") from error
    policies = list(parsed["staticPolicies"].values())
    if len(policies) != 1 or parsed["templates"]:
        raise PolicyRefused(identity, "a rule must be exactly one Cedar policy")
    est = _annotated(policies[0], rule.obligation)
    return Statement(identity, rule.layer, est, rule.about, rule.obligation, priority)


def from_row(row: PolicyRow, vocabulary: Vocabulary) -> Iterator[Statement]:
    """One to three statements: the row's own, and what its two requirements add (facts §1.5)."""
    name = f"tenant.{row.id}"
    consequence = _consequence(row, name)
    when = _when(row, vocabulary, name)
    yield _stated(row, vocabulary, name, _own(consequence, when))
    if consequence.effect == "deny":
        return  # what is denied needs no requirements
    if row.minimum_trust_score is not None:
        enough = compared(">=", context("trust_score"), row.minimum_trust_score)
        trust = _Draft("R", "forbid", when, RAISE_TRUST, enough)
        yield _stated(row, vocabulary, f"{name}.trust", trust)
    if row.professional_validation_required:
        validated = _required(PROFESSIONAL_VALIDATION, when)
        yield _stated(row, vocabulary, f"{name}.professional", validated)


@dataclass(frozen=True)
class _Draft:
    layer: str
    effect: str
    when: Expression
    obligation: str | None = None
    unless: Expression | None = None


def _consequence(row: PolicyRow, name: str) -> Consequence:
    try:
        consequence = msgspec.convert(row.actions, Consequence)
    except msgspec.ValidationError as error:
        raise PolicyRefused(name, f"actions: {error}") from error
    if consequence.effect not in {"allow", "deny", "require"}:
        raise PolicyRefused(
            name, f"actions.effect {consequence.effect!r} is none of allow, deny, require"
        )
    if (consequence.effect == "require") != (consequence.obligation is not None):
        raise PolicyRefused(name, "actions.obligation belongs to the effect require alone")
    return consequence


def _when(row: PolicyRow, vocabulary: Vocabulary, name: str) -> Expression:
    try:
        expression = to_expression(row.conditions, vocabulary)
    except ConditionRefused as error:
        raise PolicyRefused(name, str(error)) from error
    if row.medical_context_required:
        medical = both(has("medical_context"), context("medical_context"))
        return both(medical, expression)
    return expression


def _own(consequence: Consequence, when: Expression) -> _Draft:
    if consequence.effect == "require" and consequence.obligation is not None:
        return _required(consequence.obligation, when)
    return _Draft("P", "permit" if consequence.effect == "allow" else "forbid", when)


def _required(obligation: str, when: Expression) -> _Draft:
    met = compared("contains", context("satisfied"), obligation)
    return _Draft("R", "forbid", when, obligation, met)


def _stated(row: PolicyRow, vocabulary: Vocabulary, identity: str, draft: _Draft) -> Statement:
    conditions = [{"kind": "when", "body": draft.when}]
    if draft.unless is not None:
        conditions.append({"kind": "unless", "body": draft.unless})
    est = {
        "effect": draft.effect,
        "principal": {"op": "All"},
        "action": _action_scope(row.applies_to, vocabulary, identity),
        "resource": {"op": "All"},
        "conditions": conditions,
        "annotations": {"type": row.policy_type, "priority": str(row.priority)},
    }
    return Statement(
        identity,
        draft.layer,
        _annotated(est, draft.obligation),
        row.policy_name,
        draft.obligation,
        row.priority,
        row.mode,
        row.id,
    )


def _action_scope(names: Collection[str], vocabulary: Vocabulary, identity: str) -> dict[str, Any]:
    if tuple(names) == (EVERY_ACTION,):
        return {"op": "All"}
    unknown = sorted(name for name in names if name not in vocabulary.actions)
    if unknown:
        raise PolicyRefused(identity, f"applies_to names unknown actions: {', '.join(unknown)}")
    return {"op": "in", "entities": [{"type": "Action", "id": name} for name in sorted(names)]}


def _annotated(est: Mapping[str, Any], obligation: str | None) -> dict[str, Any]:
    if obligation is None:
        return dict(est)
    return {**est, "annotations": {**est.get("annotations", {}), "obligation": obligation}}


def _reads(expression: Any) -> Iterable[str]:
    """Every mention of the context or the resource in a part of Cedar's JSON form."""
    if isinstance(expression, list):
        for item in expression:
            yield from _reads(item)
    elif isinstance(expression, dict):
        attribute = _attribute_of(expression)
        if attribute is not None:
            yield attribute
        elif expression.get("Var") in ("context", "resource"):
            yield expression["Var"]
        elif "Value" not in expression:
            for item in expression.values():
                yield from _reads(item)


def _attribute_of(expression: Mapping[str, Any]) -> str | None:
    access = expression.get(".") or expression.get("has")
    if not isinstance(access, dict):
        return None
    variable = access["left"].get("Var")
    return f"{variable}.{access['attr']}" if variable in ("context", "resource") else None
