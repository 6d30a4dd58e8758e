"""The policies that can matter to one action, as two parsed handles; and how they are evaluated.

Cedar skips a policy that fails while it runs, also a forbid. Here any such error is a denial.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from cedarpy import AuthzResult, PolicySet, Schema, is_authorized
from cedarpy import Decision as CedarDecision

from cms.kernel.actions import Action
from cms.kernel.decisions import Effect
from plugins.zero_trust.policies import ENFORCE, SHADOW, Statement
from plugins.zero_trust.schema import entity_type, groups_of

NO_PERMIT = "no-policy-permits"
EVALUATION_ERROR = "evaluation-error"
NO_DECISION = "no-decision"

_PERMIT_ALL: Mapping[str, Any] = {
    "effect": "permit",
    "principal": {"op": "All"},
    "action": {"op": "All"},
    "resource": {"op": "All"},
    "conditions": [],
}
_CATCH_ALL = "platform.catch_all"

# What is the same for all readers who have not signed in, or told apart in the key of what is
# shared. The ip, the hour, the score and the obligations are not.
_SHAREABLE = frozenset(
    f"context.{name}" for name in ("tenant_id", "method", "factors", "signed_in", "is_public")
) | {"resource.tenant"}


@dataclass(frozen=True, slots=True)
class CedarRequest:
    """A question in the form that Cedar takes: both texts are JSON."""

    principal: Mapping[str, str]
    action: Mapping[str, str]
    resource: Mapping[str, str]
    context: str
    entities: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a slice says; `errors` are Cedar's own words, for the operator's log only."""

    effect: Effect
    reasons: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def refusal(reason: str, *errors: str) -> Verdict:
    """A denial that no policy spoke, but the engine itself."""
    return Verdict(Effect.DENY, (reason,), errors=errors)


class Pair:
    """Set P and set R of some statements, parsed."""

    def __init__(self, statements: Iterable[Statement], schema: Schema) -> None:
        self._schema = schema
        self._by_id = {statement.id: statement for statement in statements}
        permits = {i: s.est for i, s in self._by_id.items() if s.layer == "P"}
        requires = {i: s.est for i, s in self._by_id.items() if s.layer == "R"}
        self._permits = _parsed(permits)
        self._requires = _parsed({_CATCH_ALL: _PERMIT_ALL, **requires}) if requires else None

    def evaluate(self, request: CedarRequest) -> Verdict:
        """P first; what it allows is then held against R."""
        permitted = self._ask(request, self._permits)
        verdict = self._understood(permitted, Effect.DENY)
        if verdict.effect is not Effect.ALLOW or self._requires is None:
            return verdict
        required = self._understood(self._ask(request, self._requires), Effect.CONDITIONAL)
        return verdict if required.effect is Effect.ALLOW else required

    def _ask(self, request: CedarRequest, policies: PolicySet) -> AuthzResult:
        asked = {
            "principal": request.principal,
            "action": request.action,
            "resource": request.resource,
            "context": request.context,
        }
        return is_authorized(asked, policies, request.entities, self._schema)

    def _understood(self, result: AuthzResult, when_denied: Effect) -> Verdict:
        errors = tuple(result.diagnostics.errors)
        if result.decision is CedarDecision.NoDecision:
            return refusal(NO_DECISION, *errors)
        if errors:
            return refusal(EVALUATION_ERROR, *errors)
        spoken = self._in_order(result.diagnostics.reasons)
        reasons = tuple(statement.id for statement in spoken)
        if result.decision is CedarDecision.Allow:
            return Verdict(Effect.ALLOW, reasons)
        if when_denied is Effect.DENY:
            return Verdict(Effect.DENY, reasons or (NO_PERMIT,))
        # All of them, not the first one's alone: AuthzForce #91 lost the others.
        obligations = dict.fromkeys(s.obligation for s in spoken if s.obligation is not None)
        return Verdict(Effect.CONDITIONAL, reasons, tuple(obligations))

    def _in_order(self, ids: Sequence[str]) -> list[Statement]:
        spoken = [self._by_id[i] for i in ids if i != _CATCH_ALL]
        return sorted(spoken, key=lambda statement: (statement.priority, statement.id))


class Slice:
    """All statements that can apply to one action; drafts in shadow are evaluated beside them."""

    def __init__(self, action: Action, statements: Iterable[Statement], schema: Schema) -> None:
        self.action = action
        self.statements = tuple(s for s in statements if can_apply(s, action))
        self._schema = schema
        self._shared: dict[object, tuple[Verdict, Verdict | None]] = {}

    @cached_property
    def enforced(self) -> Pair:
        return Pair((s for s in self.statements if s.mode == ENFORCE), self._schema)

    @cached_property
    def drafted(self) -> Pair | None:
        """The enforced statements with the drafts among them, or None when there is no draft."""
        if all(s.mode == ENFORCE for s in self.statements):
            return None
        return Pair((s for s in self.statements if s.mode in (ENFORCE, SHADOW)), self._schema)

    @cached_property
    def reads(self) -> frozenset[str]:
        """What any of its statements looks at."""
        return frozenset[str]().union(*(s.reads for s in self.statements))

    @cached_property
    def row_ids(self) -> frozenset[int]:
        """The tenant's policies whose counters a decision of this slice moves."""
        enforced = (s for s in self.statements if s.mode == ENFORCE)
        return frozenset(s.row_id for s in enforced if s.row_id is not None)

    @cached_property
    def is_shareable(self) -> bool:
        """Whether readers who have not signed in all get the same answer, by construction."""
        return self.action.reads and self.reads <= _SHAREABLE

    def evaluate(self, request: CedarRequest) -> tuple[Verdict, Verdict | None]:
        """The verdict, and what it would be with the drafts."""
        verdict = self.enforced.evaluate(request)
        if self.drafted is None:
            return verdict, None
        return verdict, self._of_drafts(request, self.drafted)

    def shared(self, key: object) -> tuple[Verdict, Verdict | None] | None:
        """What was answered before to the same question of a reader without a name."""
        return self._shared.get(key)

    def share(self, key: object, verdicts: tuple[Verdict, Verdict | None]) -> None:
        # An error may be gone the next time, so it is not kept.
        if not verdicts[0].errors:
            self._shared[key] = verdicts

    def _of_drafts(self, request: CedarRequest, pair: Pair) -> Verdict:
        try:
            return pair.evaluate(request)
        except Exception as error:  # noqa: BLE001 - a draft must not change the answer
            return refusal(EVALUATION_ERROR, str(error))


def can_apply(statement: Statement, action: Action) -> bool:
    """Whether the scope of the statement lets it match; when that cannot be told, it may."""
    return _names_action(statement.est["action"], action) and _names_resource(
        statement.est["resource"], entity_type(action.resource)
    )


def _names_action(scope: Mapping[str, Any], action: Action) -> bool:
    if scope["op"] == "All":
        return True
    entities = scope.get("entities") or [scope["entity"]]
    wanted = {action.name, *groups_of(action)}
    return any(entity["id"] in wanted for entity in entities)


def _names_resource(scope: Mapping[str, Any], wanted: str) -> bool:
    if scope["op"] == "is":
        return bool(scope["entity_type"] == wanted)
    if scope["op"] == "==":
        return bool(scope["entity"]["type"] == wanted)
    return True


def _parsed(policies: Mapping[str, Mapping[str, Any]]) -> PolicySet:
    document = {"staticPolicies": policies, "templates": {}, "templateLinks": []}
    return PolicySet.from_json_str(msgspec.json.encode(document).decode())
