"""A witness knows another history than the database: how that is told, and when it is over.

This is what finds a backup that was restored and a log that was rewritten with its own keys.
"""

from datetime import UTC
from typing import Any

import structlog

from plugins.audit_trail.hashing.notes import Checkpoint, Note, NoteRefused, VerifierKey
from plugins.audit_trail.hashing.tree import complete_subtrees, fold
from plugins.audit_trail.log.subtrees import SubtreeMissing, fetch
from plugins.audit_trail.outside.asking import WitnessClient
from plugins.audit_trail.outside.standing import Connection

log = structlog.get_logger()

_RAISE = """
insert into audit.contradictions (epoch, witness, kind, our_size, witness_size, message, evidence)
select %(epoch)s, %(witness)s, %(kind)s, %(ours)s, %(theirs)s, %(message)s, %(evidence)s
where not exists (select from audit.contradictions
                  where witness = %(witness)s and epoch = %(epoch)s and kind = %(kind)s
                    and witness_size = %(theirs)s and cleared_at is null)
"""
_CLEAR = """
update audit.contradictions set cleared_at = now()
where witness = %s and epoch = %s and witness_size <= %s and cleared_at is null
"""
_VOUCHED = """
select size, witness, line, witnessed_at from audit.cosignatures
where epoch = %s and size <= %s order by size, witness, key_id
"""


async def contradicted(
    connection: Connection,
    client: WitnessClient,
    *,
    epoch: int,
    head: Checkpoint,
    known: int,
    log_keys: tuple[VerifierKey, ...],
    trusted: tuple[VerifierKey, ...],
) -> str:
    """Raise the alarm: what the witness knows (`known` entries) does not fit our `head`. The
    message names both, and what is still proven. `trusted`: the keys of all witnesses."""
    is_behind = known > head.size
    who = f"The witness {client.witness.name} ({client.witness.organisation})"
    if is_behind:
        what = (
            f"has vouched for {known} entries of {head.origin}, and this log has {head.size}: "
            "it was set back (by an older backup?) or cut. Entries "
            f"{head.size} to {known - 1} are gone, or others than they were."
        )
    else:
        what = (
            f"has vouched for other {known} first entries of {head.origin} than this log of "
            f"{head.size} has: it was rewritten, or goes on from an older backup."
        )
    size, by = await still_proven(connection, epoch, head, trusted)
    proven = (
        f"Still proven: the first {size} entries, {by}."
        if size
        else "By witnesses nothing of it is proven any more."
    )
    message = f"{who} {what} {proven}"
    values = {
        "epoch": epoch,
        "witness": client.witness.name,
        "kind": "rolled-back" if is_behind else "rewritten",
        "ours": head.size,
        "theirs": known,
        "message": message,
        "evidence": await _evidence(client, head.origin, log_keys),
    }
    log.error("a witness knows another history of the audit log", reason=message)
    await connection.execute(_RAISE, values)
    return message


async def reconciled(connection: Connection, witness: str, epoch: int, size: int) -> None:
    """The witness has vouched for a head that continues what it knew: whatever it was is over."""
    await connection.execute(_CLEAR, [witness, epoch, size])


async def still_proven(
    connection: Connection, epoch: int, head: Checkpoint, trusted: tuple[VerifierKey, ...]
) -> tuple[int, str]:
    """The most entries of today's log whose root a witness has signed, and by whom and when.

    If the first N entries are what was signed, so are any fewer: the sizes are bisected."""
    rows = await (await connection.execute(_VOUCHED, [epoch, head.size])).fetchall()
    keys = {(key.name, key.key_id): key for key in trusted}
    good, bad = -1, len(rows)
    while bad - good > 1:
        middle = (good + bad) // 2
        if await _holds(connection, epoch, head.origin, rows[middle], keys):
            good = middle
        else:
            bad = middle
    if good < 0:
        return 0, ""
    size, witness, _, at = rows[good]
    return size, f"by {witness} at {at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"


async def _holds(
    connection: Connection,
    epoch: int,
    origin: str,
    row: Any,
    keys: dict[tuple[str, bytes], VerifierKey],
) -> bool:
    """Whether the stored line signs the root that the stored entries have today."""
    size, _, line, _ = row
    try:
        wanted = complete_subtrees(0, size)
        found = await fetch(connection, epoch, wanted)
        text = Checkpoint(origin, size, fold([found[at] for at in wanted])).text
        (signature,) = Note.parse(f"{text}\n{line}".encode()).signatures
        key = keys[signature.name, signature.key_id]
        key.verify(text, signature)
    except (NoteRefused, SubtreeMissing, KeyError, ValueError):
        return False
    return True


async def _evidence(
    client: WitnessClient, origin: str, log_keys: tuple[VerifierKey, ...]
) -> str | None:
    """The head that the witness shows, where this log's own keys have signed it."""
    shown = await client.shown(origin)
    if shown is None or shown.origin != origin:
        return None
    try:
        shown.signers(log_keys)
    except NoteRefused:
        return None
    return shown.encode().decode()
