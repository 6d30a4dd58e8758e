"""That today's log continues the one that somebody remembers (RFC 9162 §2.1.4)."""

from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from plugins.audit_trail.hashing.extension import Extension
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.hashing.tree import plan_consistency
from plugins.audit_trail.log.subtrees import prove
from plugins.audit_trail.officers.reading import Head


async def extension_from(work: UnitOfWork, head: Head, old: int) -> Extension:
    """The head with the proof from `old` entries. Conflict where somebody remembers more entries
    than there are: this log was set back, or theirs is another."""
    if old < 0:
        raise InvalidInput({"old": "must be 0 or more"})
    if old > head.size:
        raise Conflict(
            f"This log has {head.size} signed entries; a head of {old} is not of it, or it was set "
            "back since. Keep that head: it is evidence.",
            size=head.size,
        )
    proof = await prove(work, head.epoch, plan_consistency(old, head.size))
    return Extension(old, tuple(proof), Checkpoint.parse(head.note.encode()))
