"""Every leaf read again: what a start relies on without looking, looked at afterwards."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from plugins.audit_trail.hashing.leaf import Epoch, genesis_hash
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.hashing.tree import Coordinate, Frontier
from plugins.audit_trail.log.epochs import LogDamaged
from plugins.audit_trail.log.growth import Growth
from plugins.audit_trail.log.subtrees import TILE_LEVELS, TILE_WIDTH, keep

CHUNK = 10_000
LITTLE = 500
"""So many leaves at once in the background: ten milliseconds, in which nothing else is done by this
process, be it sequencing or, where one process does everything, a page that somebody waits for."""
PAUSE = 0.01
"""Seconds between two chunks of the background, for all that comes first."""

_LEAVES = """
select seq, leaf_hash, record_hash from audit.leaves
where epoch = %s and (%s::bigint is null or seq < %s::bigint) order by seq
"""
_PRUNED = """
select first_seq, last_seq, record_hash from audit.pruned_leaves where epoch = %s
order by first_seq
"""
_TILES = """
select position, hash from audit.subtrees
where epoch = %s and level = 8 and position >= %s and position < %s order by position
"""
_LAST_BATCH = """
select last_seq + 1, root, frontier from audit.batches where epoch = %s
order by last_seq desc limit 1
"""

Connection = AsyncConnection[TupleRow]


@dataclass
class Reading:
    """What the leaves make so far, and those that the head does not cover."""

    tree: Frontier
    last_record: bytes
    growth: Growth


async def read_leaves(
    connection: Connection, epoch: Epoch, head: Checkpoint, *, heals: bool, until: int | None = None
) -> Reading:
    """Make the tree of all leaves, or of the first `until`, and compare it with the signed head.
    With `heals` missing subtrees are stored, and nothing is waited for. Leaves that were pruned
    stand in by the stored hashes of their tiles, which the head proves. Raises LogDamaged."""
    found = Reading(Frontier(), genesis_hash(epoch), Growth(Frontier()))
    async with connection.cursor(name="leaves") as cursor:
        await cursor.execute(_LEAVES, [epoch.number, until, until])
        # After the cursor has its snapshot: what it lacks is then told here.
        pruned = await _pruned(connection, epoch)
        while rows := await cursor.fetchmany(CHUNK if heals else LITTLE):
            completed = []
            for row in rows:
                if row[0] != found.tree.size:
                    completed += await _cross(connection, epoch, found, head, pruned)
                completed += _take(found, head, *row)
            if heals:
                # A log from before there were stored subtrees gets them here.
                await keep(connection, epoch.number, completed)
            else:
                await asyncio.sleep(PAUSE)
        last = await _cross(connection, epoch, found, head, pruned)
        if heals:
            await keep(connection, epoch.number, last)
    if head.size > found.tree.size:
        raise LogDamaged(
            f"a head over {head.size} entries is signed, and the database has {found.tree.size}"
        )
    return found


async def check_batch(connection: Connection, epoch: Epoch, tree: Frontier) -> None:
    """Compare the tree of all leaves with the last batch; raises LogDamaged."""
    row: Any = await (await connection.execute(_LAST_BATCH, [epoch.number])).fetchone()
    size, root, frontier = row or (0, tree.root(), [])
    if (size, root, tuple(frontier)) != (tree.size, tree.root(), tree.hashes):
        raise LogDamaged(
            f"the {tree.size} stored entries do not give the root of the last batch, "
            f"which ends at {size}"
        )


async def review(address: str, epoch: Epoch, head: Checkpoint, tree: Frontier) -> None:
    """Read the leaves of the tree that a start went on from, on a connection of its own; raises
    LogDamaged when they are not those that it took them for."""
    async with (
        await AsyncConnection.connect(
            address, autocommit=True, application_name="cms-audit-review"
        ) as connection,
        connection.transaction(),
    ):
        found = await read_leaves(connection, epoch, head, heals=False, until=tree.size)
    if found.tree.hashes != tree.hashes:
        raise LogDamaged(
            f"the first {tree.size} stored entries do not give the root of the batch that ends "
            "with them"
        )


async def _pruned(connection: Connection, epoch: Epoch) -> Mapping[int, tuple[int, int, bytes]]:
    rows: list[Any] = await (await connection.execute(_PRUNED, [epoch.number])).fetchall()
    return {first: (first, last, record) for first, last, record in rows}


async def _cross(
    connection: Connection,
    epoch: Epoch,
    found: Reading,
    head: Checkpoint,
    pruned: Mapping[int, tuple[int, int, bytes]],
) -> list[tuple[Coordinate, bytes]]:
    """Go over the pruned tiles that begin where the tree ends, if any do; they are nothing new to
    the head, for it was signed over the event that told of them."""
    completed: list[tuple[Coordinate, bytes]] = []
    while tiles := pruned.get(found.tree.size):
        first, last, record = tiles
        for begin in range(first // TILE_WIDTH, (last + 1) // TILE_WIDTH, CHUNK):
            end = min(begin + CHUNK, (last + 1) // TILE_WIDTH)
            rows = await connection.execute(_TILES, [epoch.number, begin, end])
            for position, top in await rows.fetchall():
                if position * TILE_WIDTH != found.tree.size:
                    break
                completed += found.tree.append_subtree(TILE_LEVELS, top)
                _compare(found, head)
        if found.tree.size != last + 1:
            raise LogDamaged(
                f"the hash over the pruned entries from {found.tree.size} on is missing"
            )
        if head.size <= last:
            raise LogDamaged(f"entries up to {last} were pruned, and {head.size} are signed")
        found.last_record = record
    return completed


def _compare(found: Reading, head: Checkpoint) -> None:
    """Where the head ends, it must be the one over these entries."""
    if found.tree.size == head.size:
        if found.tree.root() != head.root:
            raise LogDamaged(f"the first {head.size} entries are not the ones that were signed")
        found.growth = Growth(Frontier(found.tree.size, found.tree.hashes))


def _take(
    found: Reading, head: Checkpoint, seq: int, leaf: bytes, record: bytes
) -> list[tuple[Coordinate, bytes]]:
    if seq != found.tree.size:
        raise LogDamaged(f"entry {found.tree.size} is missing: the next one stored is {seq}")
    completed = found.tree.append(leaf)
    found.last_record = record
    if found.tree.size > head.size:
        found.growth.extend([leaf])
    _compare(found, head)
    return completed
