"""Complete subtrees of every eighth level: kept by the sequencer, read for proofs and tiles.

The cut is that of C2SP tlog-tiles: a tile is 256 neighbouring hashes of one level, and the hash of
a full tile is one hash of the level above.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy import text

from cms.database.work import UnitOfWork
from cms.errors import Conflict
from plugins.audit_trail.hashing.tree import Coordinate, Plan, make_proof, root

Connection = AsyncConnection[TupleRow]

TILE_LEVELS = 8
TILE_WIDTH = 1 << TILE_LEVELS

_KEEP = """
insert into audit.subtrees (epoch, level, position, hash)
select %s, g.* from unnest(%s::smallint[], %s::bigint[], %s::bytea[]) g
on conflict do nothing
"""

_READ = text(
    "select w.number, h.hash "
    "from unnest(cast(:levels as integer[]), cast(:firsts as bigint[]), cast(:counts as integer[]))"
    " with ordinality as w (level, first, count, number) "
    "cross join lateral audit.hashes(cast(:epoch as integer), w.level, w.first, w.count) h "
    "order by w.number, h.at_position"
)

_FETCH = """
select w.number, h.hash
from unnest(%s::integer[], %s::bigint[], %s::integer[])
  with ordinality as w (level, first, count, number)
cross join lateral audit.hashes(%s::integer, w.level, w.first, w.count) h
order by w.number, h.at_position
"""


async def keep(
    connection: Connection, epoch: int, completed: Iterable[tuple[Coordinate, bytes]]
) -> None:
    """Store those of the completed subtrees that stand for a full tile; again is nothing new."""
    rows = [(at.level, at.position, found) for at, found in completed if not at.level % TILE_LEVELS]
    if rows:
        levels, positions, hashes = (list(column) for column in zip(*rows, strict=True))
        await connection.execute(_KEEP, (epoch, levels, positions, hashes))


async def fetch(
    connection: Connection, epoch: int, wanted: Iterable[Coordinate]
) -> Mapping[Coordinate, bytes]:
    """As `read`, for the sequencer, who has a connection and no unit of work."""
    coordinates = list(wanted)
    asked = _asked(coordinates)
    values = (asked["levels"], asked["firsts"], asked["counts"], epoch)
    found = await connection.execute(_FETCH, values)
    return _folded(coordinates, await found.fetchall())


async def prove(work: UnitOfWork, epoch: int, plan: Plan) -> list[bytes]:
    """The planned proof, from the stored hashes: one statement whatever the size of the log."""
    wanted = [at for subtrees in plan for at in subtrees]
    found = await read(work, epoch, wanted)
    return make_proof(plan, found.__getitem__)


async def read(
    work: UnitOfWork, epoch: int, wanted: Iterable[Coordinate]
) -> Mapping[Coordinate, bytes]:
    """The hash of each subtree, folded from the stored ones below it: at most 128."""
    coordinates = list(wanted)
    rows = await work.all(_READ, {"epoch": epoch, **_asked(coordinates)})
    return _folded(coordinates, rows)


def _asked(coordinates: Iterable[Coordinate]) -> dict[str, list[int]]:
    below = [(at, at.level % TILE_LEVELS) for at in coordinates]
    return {
        "levels": [at.level - lower for at, lower in below],
        "firsts": [at.position << lower for at, lower in below],
        "counts": [1 << lower for _, lower in below],
    }


def _folded(coordinates: Sequence[Coordinate], rows: Iterable[Any]) -> Mapping[Coordinate, bytes]:
    parts: dict[int, list[bytes]] = {}
    for number, hash_ in rows:
        parts.setdefault(number, []).append(bytes(hash_))
    return {
        at: root(_whole(parts.get(i + 1, []), 1 << at.level % TILE_LEVELS))
        for i, at in enumerate(coordinates)
    }


def _whole(hashes: list[bytes], count: int) -> list[bytes]:
    if len(hashes) != count:
        raise SubtreeMissing(
            f"The stored tree has {len(hashes)} of {count} hashes at one place. "
            "Run: cms audit verify"
        )
    return hashes


class SubtreeMissing(Conflict):
    """The stored tree has a hole."""


async def tile(work: UnitOfWork, epoch: int, level: int, number: int, width: int) -> list[bytes]:
    """The hashes of a tile (C2SP tlog-tiles), as many of `width` as there are."""
    rows: list[Any] = await work.all(
        text("select hash from audit.hashes(:epoch, :level, :first, :count)"),
        {
            "epoch": epoch,
            "level": level * TILE_LEVELS,
            "first": number * TILE_WIDTH,
            "count": width,
        },
    )
    return [bytes(row.hash) for row in rows]
