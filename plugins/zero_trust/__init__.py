"""Zero trust: every request of the product is decided by policies, and an error is a denial."""

from cms.kernel.actions import Action
from cms.kernel.plugin import Plugin
from plugins.zero_trust.defaults import ATTRIBUTES, DEFAULTS, MANAGE_POLICIES
from plugins.zero_trust.engine import serve
from plugins.zero_trust.events import EVENTS
from plugins.zero_trust.health import CHECKS
from plugins.zero_trust.menu import MENU, PLACES
from plugins.zero_trust.models import EvaluationRecord, PolicyRecord
from plugins.zero_trust.obligations import OBLIGATIONS
from plugins.zero_trust.vocabulary import ZeroTrustTag

ACTIONS = (
    Action(
        "policy.list",
        "policy",
        ZeroTrustTag.POLICY_LIST,
        MANAGE_POLICIES,
        reads=True,
        summary="See the policies that decide, with their version.",
    ),
    Action(
        "policy.explain",
        "policy",
        ZeroTrustTag.POLICY_EXPLAIN,
        MANAGE_POLICIES,
        reads=True,
        summary="Ask what would be decided, and which policies would decide it.",
    ),
    Action(
        "policy.decisions",
        "policy",
        ZeroTrustTag.DECISION_LIST,
        MANAGE_POLICIES,
        reads=True,
        summary="See what was decided for whom, with the policies that decided.",
    ),
    Action(
        "policy.why",
        "policy",
        ZeroTrustTag.DECISION_WHY,
        "read",
        reads=True,
        summary="See why a request of one's own was refused.",
    ),
)


plugin = Plugin(
    slug="zero_trust",
    summary="Decides every request by policies that a compliance officer can read.",
    api_prefix="zero-trust",
    command="plugins.zero_trust.cli:policy",
    routes="plugins.zero_trust.api:routes",
    screens="plugins.zero_trust.screens:SCREENS",
    menu=MENU,
    places=PLACES,
    models=(PolicyRecord, EvaluationRecord),
    migrations="plugins.zero_trust.migrations",
    capabilities={MANAGE_POLICIES: "See, explain and change the policies of the site."},
    grants={"administrator": frozenset({MANAGE_POLICIES})},
    vocabulary=(ZeroTrustTag,),
    actions=ACTIONS,
    events=EVENTS,
    health=CHECKS,
    policy_attributes=ATTRIBUTES,
    obligations=OBLIGATIONS,
    policies=DEFAULTS,
    decisions=serve,
)
