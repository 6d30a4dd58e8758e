"""Which heads enough witnesses have vouched for, by the policy of cms.toml."""

from sqlalchemy import text

from cms.database.work import UnitOfWork
from cms.errors import SetupError
from plugins.audit_trail.hashing.notes import Checkpoint, KeyRefused, NoteRefused, VerifierKey
from plugins.audit_trail.hashing.policy import Judgement, Policy, PolicyRefused
from plugins.audit_trail.outside.configured import policy_of
from plugins.audit_trail.settings import AuditSettings, Witnesses

_KEYS = text("select verifier_keys from audit.log_keys(:epoch)")
_HEADS = text("select note from audit.cosigned_heads(:epoch, :above, :fewest)")


async def judged(work: UnitOfWork, epoch: int, head: Checkpoint) -> Judgement | None:
    """What the policy says of a head; None where no witness is configured."""
    witnesses = work.settings(AuditSettings).witnesses
    if not witnesses.known:
        return None
    return _judge(await _policy(work, epoch, witnesses), head)


async def witnessed_head(
    work: UnitOfWork, epoch: int, *, above: int
) -> tuple[Checkpoint, Judgement] | None:
    """The newest head over more than `above` entries that satisfies the policy, if there is one."""
    witnesses = work.settings(AuditSettings).witnesses
    if not witnesses.known:
        return None
    policy = await _policy(work, epoch, witnesses)
    values = {"epoch": epoch, "above": above, "fewest": witnesses.quorum}
    for row in await work.audit.all(_HEADS, values):
        try:
            head = Checkpoint.parse(row.note.encode())
        except NoteRefused:
            continue  # `cms audit verify` tells of it
        judgement = _judge(policy, head)
        if judgement.is_met:
            return head, judgement
    return None


def _judge(policy: Policy, head: Checkpoint) -> Judgement:
    try:
        return policy.judge(head)
    except NoteRefused:
        # A line that does not verify: `cms audit verify` says which.
        group = policy.groups[policy.quorum]
        return Judgement((), {}, (), group.members, group.least)


async def _policy(work: UnitOfWork, epoch: int, witnesses: Witnesses) -> Policy:
    row = await work.audit.one(_KEYS, {"epoch": epoch})
    try:
        keys = tuple(map(VerifierKey.parse, row.verifier_keys if row else ()))
        return policy_of(witnesses, keys)
    except (KeyRefused, PolicyRefused) as fault:
        raise SetupError(f"[plugins.audit_trail.witnesses]: {fault}") from None
