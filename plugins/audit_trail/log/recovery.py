"""Where the sequencer goes on: the log as it stands, or the reason why it must not.

A start reads the edge of the tree and not the leaves: the last batch, the stored subtrees that it
must be made of, and the newest signed head, which must be the start of it. Whatever does not fit
there, or was found to be wrong before, makes it read everything (log/review.py), and so does the
review that follows each start in the background.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from plugins.audit_trail.hashing.leaf import Epoch, genesis_hash, record_hash
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.hashing.tree import (
    EMPTY_ROOT,
    Frontier,
    ProofRefused,
    complete_subtrees,
    fold,
    verify_consistency,
)
from plugins.audit_trail.heads.port import HeadPort, SignerUnreachable
from plugins.audit_trail.log.epochs import LogDamaged, settle
from plugins.audit_trail.log.growth import Growth
from plugins.audit_trail.log.review import check_batch, read_leaves
from plugins.audit_trail.log.subtrees import SubtreeMissing, fetch

_LAST_BATCH = """
select last_seq + 1, root, frontier from audit.batches where epoch = %s
order by last_seq desc limit 1
"""
_LAST_LEAVES = """
select seq, leaf_hash, record_hash from audit.leaves where epoch = %s order by seq desc limit 2
"""
_UNSIGNED = "select seq, leaf_hash from audit.leaves where epoch = %s and seq >= %s order by seq"
_STORED_HEAD = "select note from audit.checkpoints where epoch = %s order by size desc limit 1"
# What a verification found stands in columns, which the leaves cannot tell of.
_ALARMED = """
select exists (select from audit.alarms where cleared_at is null and kind <> 'verification')
"""

Connection = AsyncConnection[TupleRow]


class Doubt(Exception):
    """The edge of the log does not fit; all of it must be read to say why."""


@dataclass
class Log:
    """The log in memory: the edge of its tree, the last link of its chain, what is not signed.

    `head` is the one that it was compared with at the start."""

    epoch: Epoch
    signer: HeadPort
    head: Checkpoint
    tree: Frontier
    last_record: bytes
    growth: Growth


async def recover(connection: Connection, signer: HeadPort, site: str) -> Log:
    """Compare the edge of the tree with the last batch and the newest signed head; raises
    LogDamaged, and SignerUnreachable only where no log was begun yet."""
    epoch = await settle(connection, signer, site)
    head = await _newest_head(connection, signer, epoch)
    try:
        if await _is_alarmed(connection):
            raise Doubt
        return await _at_the_edge(connection, signer, epoch, head)
    except (Doubt, SubtreeMissing, ProofRefused):
        return await _by_every_leaf(connection, signer, epoch, head)


async def _newest_head(connection: Connection, signer: HeadPort, epoch: Epoch) -> Checkpoint:
    try:
        return await asyncio.to_thread(signer.last)
    except SignerUnreachable:
        # Good enough to go on sequencing: before it signs again, the signer compares for itself.
        found = await connection.execute(_STORED_HEAD, [epoch.number])
        row: Any = await found.fetchone()
        return Checkpoint(epoch.origin, 0, EMPTY_ROOT) if row is None else _parsed(row[0])


def _parsed(note: str) -> Checkpoint:
    return Checkpoint.parse(note.encode())


async def _is_alarmed(connection: Connection) -> bool:
    row: Any = await (await connection.execute(_ALARMED)).fetchone()
    return bool(row[0])


async def _at_the_edge(
    connection: Connection, signer: HeadPort, epoch: Epoch, head: Checkpoint
) -> Log:
    async with connection.transaction():
        found = await connection.execute(_LAST_BATCH, [epoch.number])
        size, root, frontier = await found.fetchone() or (0, EMPTY_ROOT, [])
        if head.size > size or len(frontier) != size.bit_count() or fold(frontier) != root:
            raise Doubt
        if await _edge(connection, epoch, size) != frontier:
            raise Doubt
        signed = await _edge(connection, epoch, head.size)
        if fold(signed) != head.root:
            raise Doubt
        growth = Growth(Frontier(head.size, signed))
        growth.extend(await _unsigned(connection, epoch, head.size, size))
        verify_consistency(head.size, head.root, size, root, growth.proof())
        last = await _last_record(connection, epoch, size)
    return Log(epoch, signer, head, Frontier(size, frontier), last, growth)


async def _edge(connection: Connection, epoch: Epoch, size: int) -> list[bytes]:
    """The complete subtrees of a tree of this size, from what is stored below them."""
    wanted = complete_subtrees(0, size)
    found = await fetch(connection, epoch.number, wanted)
    return [found[at] for at in wanted]


async def _unsigned(connection: Connection, epoch: Epoch, first: int, size: int) -> list[bytes]:
    found = await connection.execute(_UNSIGNED, [epoch.number, first])
    rows = await found.fetchall()
    if [seq for seq, _ in rows] != list(range(first, size)):
        raise Doubt
    return [leaf for _, leaf in rows]


async def _last_record(connection: Connection, epoch: Epoch, size: int) -> bytes:
    rows: list[Any] = await (await connection.execute(_LAST_LEAVES, [epoch.number])).fetchall()
    if not rows:
        return genesis_hash(epoch)
    seq, leaf, record = rows[0]
    before = rows[1][2] if len(rows) > 1 else genesis_hash(epoch)
    if seq != size - 1 or record_hash(before, seq, leaf) != record:
        raise Doubt
    return bytes(record)


async def _by_every_leaf(
    connection: Connection, signer: HeadPort, epoch: Epoch, head: Checkpoint
) -> Log:
    async with connection.transaction():
        found = await read_leaves(connection, epoch, head, heals=True)
        await check_batch(connection, epoch, found.tree)
    return Log(epoch, signer, head, found.tree, found.last_record, found.growth)


__all__ = ["Connection", "Log", "LogDamaged", "recover"]
