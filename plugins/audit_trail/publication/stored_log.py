"""The log as those who publish it see it: tiles and proofs from the stored hashes."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from plugins.audit_trail.hashing.tree import (
    Coordinate,
    complete_subtrees,
    fold,
    make_proof,
    plan_consistency,
    root,
)
from plugins.audit_trail.heads.publishers import File, Publication, PublicationFailed, folder_of
from plugins.audit_trail.log.subtrees import TILE_LEVELS, TILE_WIDTH, fetch

_HASHES = "select hash from audit.hashes(%s, %s, %s, %s)"

Connection = AsyncConnection[TupleRow]


class StoredLog:
    """Reads what the sequencer stored. It is compared with the head before it is handed on."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def proof(self, epoch: int, old: int, new: int) -> Sequence[bytes]:
        plan = plan_consistency(old, new)
        wanted = [at for part in plan for at in part]
        found = await fetch(self._connection, epoch, wanted)
        return make_proof(plan, found.__getitem__)

    async def tiles(self, publication: Publication) -> AsyncIterator[File]:
        """The right edge first: it must give the root. Then from the top down: each full tile must
        give the hash that stands for it one level higher."""
        epoch, size, since = publication.epoch, publication.head.size, publication.since
        edge = await self._edge(epoch.number, size)
        if _root_of(edge, size) != publication.head.root:
            raise PublicationFailed(
                f"the stored tree of {size} entries is not the one that was signed: "
                "cms audit verify"
            )
        above: dict[int, bytes] = {}
        for level in reversed(range(len(edge))):
            rows, known = size >> level * TILE_LEVELS, since >> level * TILE_LEVELS
            if rows == known:
                continue
            fresh: dict[int, bytes] = {}
            full = rows // TILE_WIDTH
            for number in range(known // TILE_WIDTH, full):
                hashes = await self._read(epoch.number, level, number, TILE_WIDTH)
                if len(hashes) != TILE_WIDTH or root(hashes) != above[number]:
                    raise PublicationFailed(
                        f"a stored tile (level {level}, number {number}) is not the one that was "
                        "signed: cms audit verify"
                    )
                fresh.update(enumerate(hashes, number * TILE_WIDTH))
                yield _tile(publication, level, number, hashes)
            if edge[level]:
                fresh.update(enumerate(edge[level], full * TILE_WIDTH))
                yield _tile(publication, level, full, edge[level])
            above = fresh

    async def _edge(self, epoch: int, size: int) -> list[list[bytes]]:
        """The partial tile of each level, from the lowest up; an empty one where none is needed."""
        found = []
        level = 0
        while rows := size >> level * TILE_LEVELS:
            number, width = divmod(rows, TILE_WIDTH)
            found.append(await self._read(epoch, level, number, width) if width else [])
            level += 1
        return found

    async def _read(self, epoch: int, level: int, number: int, width: int) -> list[bytes]:
        values = (epoch, level * TILE_LEVELS, number * TILE_WIDTH, width)
        rows: list[Any] = await (await self._connection.execute(_HASHES, values)).fetchall()
        return [bytes(row[0]) for row in rows]


def _root_of(edge: list[list[bytes]], size: int) -> bytes:
    return fold([_hash_at(edge, at, size) for at in complete_subtrees(0, size)])


def _hash_at(edge: list[list[bytes]], at: Coordinate, size: int) -> bytes:
    level, below = divmod(at.level, TILE_LEVELS)
    start = (size >> level * TILE_LEVELS) // TILE_WIDTH * TILE_WIDTH
    first = (at.position << below) - start
    return root(edge[level][first : first + (1 << below)])


def _tile(publication: Publication, level: int, number: int, hashes: list[bytes]) -> File:
    path = f"{folder_of(publication.epoch)}/tile/{level}/{tile_number(number)}"
    if len(hashes) < TILE_WIDTH:
        path += f".p/{len(hashes)}"
    return File(path, b"".join(hashes))


def tile_number(number: int) -> str:
    """As tlog-tiles writes it: 1234067 is x001/x234/067."""
    parts = [f"{number % 1000:03d}"]
    while number := number // 1000:
        parts.append(f"x{number % 1000:03d}")
    return "/".join(reversed(parts))
