"""What `cms check` and `/readyz` say of the policies."""

from typing import Any

from cms.kernel.declarations import Health, HealthCheck
from plugins.zero_trust.engine import CedarDecisions

NAME = "policies"


async def _policies(host: Any) -> Health:
    decisions = getattr(host, "decisions", None)
    if not isinstance(decisions, CedarDecisions) or decisions.foundation is None:
        return Health(
            NAME,
            False,
            "the policies are not loaded, so everything is denied",
            "Run `cms policy check`; it names the policy that is wrong.",
        )
    problems = [f"tenant {tenant}: {message}" for tenant, message in decisions.problems()]
    if problems:
        remedy = "Correct the policy; the set that was compiled before stays until then."
        return Health(NAME, False, "; ".join(problems), remedy)
    policies = decisions.foundation.policies
    count = len(policies.statements)
    return Health(NAME, True, f"{count} policies compiled, version {policies.version}")


async def _log(host: Any) -> Health:
    decisions = getattr(host, "decisions", None)
    evaluations = decisions.evaluations if isinstance(decisions, CedarDecisions) else None
    if evaluations is not None and (evaluations.is_failing or evaluations.is_full):
        return Health(
            "policy evaluations",
            False,
            f"the log of decisions waits for the database; {evaluations.gaps.total()} are lost",
            "Look at the database; changes are denied once the queue is full.",
        )
    return Health("policy evaluations", True, "the log of decisions is written")


# One tenant's bad policy must not take the process from all the others, so neither is for readyz.
CHECKS = (
    HealthCheck(NAME, _policies, readyz=False),
    HealthCheck("policy evaluations", _log, readyz=False),
)
