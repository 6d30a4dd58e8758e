"""The epochs of the log: those of the signer, those of the database, and the way to the next one.

A rollover is asked for in `audit.rollovers`. The sequencer puts what waits into the old tree, has
its last head signed, and tells the signer to close the epoch at it; that answer is the moment
(heads/rollover.py). Whatever a kill leaves undone after it, `settle` does at the next start.
"""

import asyncio
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from plugins.audit_trail.hashing.canonical import timestamp
from plugins.audit_trail.hashing.leaf import Epoch, genesis_hash
from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused
from plugins.audit_trail.hashing.tree import EMPTY_ROOT, Frontier
from plugins.audit_trail.heads.evidence import Distrust
from plugins.audit_trail.heads.port import Closing, HeadPort, SignerUnreachable

_EPOCHS = """
select number, origin, opened_at, schema_version, hash_algorithm, verifier_keys, closing_checkpoint
from audit.epochs order by number
"""
_OPEN = """
insert into audit.epochs (number, origin, opened_at, schema_version, hash_algorithm,
                          verifier_keys, closing_checkpoint, genesis)
values (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_END = """
select last_seq + 1, root from audit.batches where epoch = %s order by last_seq desc limit 1
"""
_ASKED = """
select site, reason, destroy_keys, compromised_since from audit.rollovers
where epoch = %s and done_at is null order by id limit 1
"""
_BEGIN = "update audit.rollovers set begun_at = now() where epoch = %s and done_at is null"
_BEGUN = """
select exists (select from audit.rollovers
               where epoch = %s and begun_at is not null and done_at is null)
"""
_SUCCEEDED = """
insert into audit.successions (epoch, note) values (%s, %s) on conflict (epoch) do nothing
"""
_DONE = "update audit.rollovers set done_at = now() where epoch < %s and done_at is null"

Connection = AsyncConnection[TupleRow]


class LogDamaged(Exception):
    """The stored log contradicts itself or what was signed; a person must look before it grows."""


async def settle(connection: Connection, signer: HeadPort, site: str) -> Epoch:
    """The epoch that the log is in. Opens the first one, and ends a rollover that was killed."""
    stored = await stored_epochs(connection)
    try:
        kept = await asyncio.to_thread(signer.epochs)
        if not kept and not stored:
            kept = [await asyncio.to_thread(signer.open, site)]
    except SignerUnreachable:
        # After a rollover that was not answered only the signer knows which epoch this is.
        if not stored or await _is_begun(connection, stored[-1]):
            raise
        return stored[-1]
    if not kept:
        raise LogDamaged(
            f"the database has the log {stored[-1].origin}, and the folder of signed heads has "
            "nothing of it: mount or restore that folder"
        )
    if stored != kept[: len(stored)]:
        raise LogDamaged(
            f"the epoch in the database is not the one that {kept[-1].origin} began with"
        )
    for epoch in kept[len(stored) :]:
        await enter(connection, epoch)
    if len(kept) > 1:
        await _tell_successions(connection, signer)
    await connection.execute(_DONE, [kept[-1].number])
    return kept[-1]


async def _tell_successions(connection: Connection, signer: HeadPort) -> None:
    """Where those find it who trust the keys of an epoch before."""
    for seam in await asyncio.to_thread(signer.seams):
        if seam.succession is not None:
            await connection.execute(_SUCCEEDED, [seam.number, seam.succession])


async def stored_epochs(connection: Connection) -> list[Epoch]:
    """As the database has them."""
    rows: list[Any] = await (await connection.execute(_EPOCHS)).fetchall()
    return [
        Epoch(
            origin=origin,
            number=number,
            opened_at=timestamp(opened_at),
            schema_version=version,
            hash_algorithm=algorithm,
            verifier_keys=keys,
            closing_checkpoint=closing,
        )
        for number, origin, opened_at, version, algorithm, keys, closing in rows
    ]


async def enter(connection: Connection, epoch: Epoch) -> None:
    """Begin the epoch in the database, whose last entry must be the last that was closed."""
    if epoch.closing_checkpoint is not None:
        await _check_end(connection, epoch, epoch.closing_checkpoint)
    values = (
        epoch.number,
        epoch.origin,
        datetime.fromisoformat(epoch.opened_at),
        epoch.schema_version,
        epoch.hash_algorithm,
        epoch.verifier_keys,
        epoch.closing_checkpoint,
        genesis_hash(epoch),
    )
    await connection.execute(_OPEN, values)


async def _check_end(connection: Connection, epoch: Epoch, note: str) -> None:
    try:
        closing = Checkpoint.parse(note.encode())
    except NoteRefused as fault:
        raise LogDamaged(f"the head that epoch {epoch.number} continues: {fault}") from fault
    found = await connection.execute(_END, [epoch.number - 1])
    size, root = await found.fetchone() or (0, EMPTY_ROOT)
    if (size, root) != (closing.size, closing.root):
        raise LogDamaged(
            f"epoch {epoch.number - 1} was closed over {closing.size} entries, and the "
            f"{size} of the database are not those"
        )


async def asked(connection: Connection, epoch: Epoch, tree: Frontier) -> tuple[str, Closing] | None:
    """The rollover that somebody asked for, as it would be at this tree."""
    row: Any = await (await connection.execute(_ASKED, [epoch.number])).fetchone()
    if row is None:
        return None
    site, reason, destroy, since = row
    distrust = None if since is None else Distrust(since=timestamp(since), reason=reason)
    return site, Closing(tree.size, tree.root(), destroy, distrust)


async def _is_begun(connection: Connection, epoch: Epoch) -> bool:
    row: Any = await (await connection.execute(_BEGUN, [epoch.number])).fetchone()
    return bool(row[0])


async def roll(
    connection: Connection, signer: HeadPort, old: Epoch, wanted: tuple[str, Closing]
) -> Epoch:
    """Close the epoch at its signed head and open the next, at the signer and here. When it is not
    answered nothing more may be sequenced: SignerUnreachable must end the sequencer."""
    site, closing = wanted
    await connection.execute(_BEGIN, [old.number])
    epoch = await asyncio.to_thread(signer.roll, site, closing)
    async with connection.transaction():
        await enter(connection, epoch)
        await connection.execute(_DONE, [epoch.number])
    await _tell_successions(connection, signer)
    return epoch
