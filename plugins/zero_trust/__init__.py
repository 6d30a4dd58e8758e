"""Zero trust: every request of the product is decided by policies, and an error is a denial."""

from typing import Any

from cms.kernel.actions import Action
from cms.kernel.decisions import DecisionPort
from cms.kernel.plugin import Plugin
from plugins.zero_trust.defaults import ATTRIBUTES, DEFAULTS
from plugins.zero_trust.health import CHECKS
from plugins.zero_trust.models import EvaluationRecord, PolicyRecord
from plugins.zero_trust.obligations import OBLIGATIONS

MANAGE_POLICIES = "manage_policies"

ACTIONS = (
    Action(
        "policy.list",
        "policy",
        "zero_trust:policy:list",
        MANAGE_POLICIES,
        reads=True,
        summary="See the policies that decide, with their version.",
    ),
    Action(
        "policy.explain",
        "policy",
        "zero_trust:policy:explain",
        MANAGE_POLICIES,
        reads=True,
        summary="Ask what would be decided, and which policies would decide it.",
    ),
)


def _decisions(host: Any) -> DecisionPort:
    from plugins.zero_trust.engine import serve

    return serve(host)


plugin = Plugin(
    slug="zero_trust",
    summary="Decides every request by policies that a compliance officer can read.",
    api_prefix="zero-trust",
    command="plugins.zero_trust.cli:policy",
    models=(PolicyRecord, EvaluationRecord),
    migrations="plugins.zero_trust.migrations",
    capabilities={MANAGE_POLICIES: "See, explain and change the policies of the site."},
    grants={"administrator": frozenset({MANAGE_POLICIES})},
    actions=ACTIONS,
    health=CHECKS,
    policy_attributes=ATTRIBUTES,
    obligations=OBLIGATIONS,
    policies=DEFAULTS,
    decisions=_decisions,
)
