"""Where the sequencer goes on: the log as it stands, recomputed, or the reason why it must not."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from plugins.audit_trail.hashing.canonical import timestamp
from plugins.audit_trail.hashing.leaf import Epoch, genesis_hash
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.hashing.tree import Coordinate, Frontier
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.heads.signer import HeadKeeper
from plugins.audit_trail.log.growth import Growth
from plugins.audit_trail.log.subtrees import keep

CHUNK = 10_000

_EPOCH = """
select number, origin, opened_at, schema_version, hash_algorithm, verifier_keys, closing_checkpoint
from audit.epochs order by number desc limit 1
"""
_OPEN = """
insert into audit.epochs (number, origin, opened_at, schema_version, hash_algorithm,
                          verifier_keys, closing_checkpoint, genesis)
values (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_LEAVES = "select seq, leaf_hash, record_hash from audit.leaves where epoch = %s order by seq"
_LAST_BATCH = """
select last_seq + 1, root, frontier from audit.batches where epoch = %s
order by last_seq desc limit 1
"""

Connection = AsyncConnection[TupleRow]


class LogDamaged(Exception):
    """The stored log contradicts itself or what was signed; a person must look before it grows."""


@dataclass
class Log:
    """The log in memory: the edge of its tree, the last link of its chain, what is not signed."""

    epoch: Epoch
    keeper: HeadKeeper
    tree: Frontier
    last_record: bytes
    growth: Growth


async def recover(connection: Connection, evidence: Evidence, site: str) -> Log:
    """Read every leaf and compare the tree with the last batch and the newest signed head."""
    epoch = await _epoch(connection, evidence, site)
    keeper = await asyncio.to_thread(evidence.keeper, epoch)
    head = await asyncio.to_thread(keeper.last)
    if head is None:
        raise LogDamaged("no head is kept, not even that of the empty tree")
    log = Log(epoch, keeper, Frontier(), genesis_hash(epoch), Growth(Frontier()))
    async with connection.transaction():
        await _read_leaves(connection, log, head)
        await _check_batch(connection, log)
    return log


async def _epoch(connection: Connection, evidence: Evidence, site: str) -> Epoch:
    kept, stored = evidence.epoch(), await _stored_epoch(connection)
    if kept is None and stored is not None:
        raise LogDamaged(
            f"the database has the log {stored.origin}, and {evidence.folder} has nothing of it: "
            "mount or restore that folder"
        )
    if kept is None:
        kept = await asyncio.to_thread(evidence.open_log, site)
    if stored is None:
        await _open_in_database(connection, kept)
    elif stored != kept:
        raise LogDamaged(f"the epoch in the database is not the one that {kept.origin} began with")
    return kept


async def _stored_epoch(connection: Connection) -> Epoch | None:
    row: Any = await (await connection.execute(_EPOCH)).fetchone()
    if row is None:
        return None
    number, origin, opened_at, version, algorithm, keys, closing = row
    return Epoch(
        origin=origin,
        number=number,
        opened_at=timestamp(opened_at),
        schema_version=version,
        hash_algorithm=algorithm,
        verifier_keys=keys,
        closing_checkpoint=closing,
    )


async def _open_in_database(connection: Connection, epoch: Epoch) -> None:
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


async def _read_leaves(connection: Connection, log: Log, head: Checkpoint) -> None:
    async with connection.cursor(name="leaves") as cursor:
        await cursor.execute(_LEAVES, [log.epoch.number])
        while rows := await cursor.fetchmany(CHUNK):
            completed = [done for row in rows for done in _take(log, head, *row)]
            # A log from before there were stored subtrees gets them here.
            await keep(connection, log.epoch.number, completed)
    if head.size > log.tree.size:
        raise LogDamaged(
            f"a head over {head.size} entries is signed, and the database has {log.tree.size}"
        )


def _take(
    log: Log, head: Checkpoint, seq: int, leaf: bytes, record: bytes
) -> list[tuple[Coordinate, bytes]]:
    if seq != log.tree.size:
        raise LogDamaged(f"entry {log.tree.size} is missing: the next one stored is {seq}")
    completed = log.tree.append(leaf)
    log.last_record = record
    if log.tree.size > head.size:
        log.growth.extend([leaf])
    elif log.tree.size == head.size:
        if log.tree.root() != head.root:
            raise LogDamaged(f"the first {head.size} entries are not the ones that were signed")
        log.growth = Growth(Frontier(log.tree.size, log.tree.hashes))
    return completed


async def _check_batch(connection: Connection, log: Log) -> None:
    row: Any = await (await connection.execute(_LAST_BATCH, [log.epoch.number])).fetchone()
    size, root, frontier = row or (0, log.tree.root(), [])
    if (size, root, tuple(frontier)) != (log.tree.size, log.tree.root(), log.tree.hashes):
        raise LogDamaged(
            f"the {log.tree.size} stored entries do not give the root of the last batch, "
            f"which ends at {size}"
        )
