"""Under which circumstances something was done: by which policies, for whom, and how far alone."""

from collections.abc import Sequence

from cms.kernel.actors import ActorKind
from cms.kernel.decisions import Decision
from cms.kernel.events import Event
from cms.kernel.lawfulness import PurposeOfUse
from cms.kernel.work import Work

MOST_POLICIES = 20

# Channels on which nobody waits for the answer.
_ALONE = {"worker": "job", "import": "import", "cli": "command", "demo": "demo"}


def policy_reference(decided: Sequence[Decision]) -> str | None:
    """The version of the policy set and the policies that decided in this work, in their order:
    `4f2a… a,b`. Null where no policy was asked, as by a command."""
    versions = {one.policy_version: None for one in decided if one.policy_version}
    policies = {reason: None for one in decided for reason in one.reasons}
    named = ",".join([*policies][:MOST_POLICIES]) + (",…" if len(policies) > MOST_POLICIES else "")
    return " ".join([*versions, named]).strip() or None


def automated_flags(work: Work, event: Event) -> list[str]:
    """How far nobody acted: `job`, `import`, `command`, `demo` by where it comes from;
    `automated_decision` where a machine has decided about a person (LGPD, art. 20);
    `break_glass` where somebody says that it is an emergency."""
    flags = {_ALONE[channel]} if (channel := work.request.channel) in _ALONE else set[str]()
    if event.decides and work.actor.kind is ActorKind.SYSTEM:
        flags.add("automated_decision")
    if work.request.purpose is PurposeOfUse.BREAK_THE_GLASS:
        flags.add("break_glass")
    return sorted(flags)
