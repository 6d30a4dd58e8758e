"""The stored leaves in their order, read by whole tiles of 256: a row for each costs more than all
the hashing. A tile that is not exactly as it must be is read row by row."""

from collections.abc import Iterator
from struct import Struct
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow

from plugins.audit_trail.verification.copying import rows
from plugins.audit_trail.verification.pruned import TILE

Entry = tuple[int | None, bytes, bytes, bytes]
"""Place, the same as eight bytes, leaf hash, record hash; without a place it is malformed."""

STEP = 1 << 14
"""Entries that are asked for at once."""

_TILES = """
select t.first, l.sound, l.places, l.leaves, l.records
from generate_series({first}::bigint, {last}::bigint, {tile}) as t (first),
lateral (
  select count(*) filter (where length(n.leaf_hash) = 32 and length(n.record_hash) = 32) as sound,
         string_agg(int8send(n.seq), '' order by n.seq) as places,
         string_agg(n.leaf_hash, '' order by n.seq) as leaves,
         string_agg(n.record_hash, '' order by n.seq) as records
  from audit.leaves n
  where n.epoch = {epoch} and n.seq >= t.first and n.seq >= {from} and n.seq < t.first + {tile}
    and n.seq < {until}) l
where l.places is not null order by t.first
"""
_ROWS = """
select seq::bigint, leaf_hash, record_hash from audit.leaves
where epoch = {epoch} and seq >= {first} and seq < {until} order by seq
"""
_NEXT = "select min(seq) from audit.leaves where epoch = %s and seq >= %s and seq < %s"
_ROW = Struct(">hi8si32si32s")
_HEAD = Struct(">hiqiqi")


def entries(
    connection: Connection[TupleRow], epoch: int, first: int, until: int
) -> Iterator[Entry]:
    """The entries `first` … `until - 1` that are stored."""
    while first < until:
        end = min(first - first % STEP + STEP, until)
        found = False
        for tile in _tiles(connection, epoch, first, end):
            found = True
            yield from tile
        first = end if found else _next(connection, epoch, end, until)


def _next(connection: Connection[TupleRow], epoch: int, first: int, until: int) -> int:
    """Over a gap, however long somebody made it, in one look."""
    row: Any = connection.execute(_NEXT, (epoch, first, until)).fetchone()
    return until if row[0] is None else int(row[0])


def _tiles(
    connection: Connection[TupleRow], epoch: int, first: int, until: int
) -> Iterator[Iterator[Entry]]:
    place = {"epoch": epoch, "from": first, "until": until, "tile": TILE}
    query = _TILES.format(first=first - first % TILE, last=until - 1, **place)
    # To its end before anything else is asked on this connection.
    for row in list(rows(connection, query)):
        _, _, begins, _, sound, length = _HEAD.unpack_from(row)
        start, end = max(begins, first), min(begins + TILE, until)
        places = row[_HEAD.size : _HEAD.size + length]
        if sound == length // 8 and places == _places(start, length // 8):
            yield _whole(row, start, length // 8)
        else:
            yield _one_by_one(connection, epoch, start, end)


def _places(start: int, count: int) -> bytes:
    return Struct(f">{count}q").pack(*range(start, start + count))


def _whole(row: bytes, start: int, count: int) -> Iterator[Entry]:
    """Entries one after the other from `start`, cut out of a tile's row."""
    places = _HEAD.size
    leaves = places + 8 * count + 4
    records = leaves + 32 * count + 4
    return zip(
        range(start, start + count),
        [row[at : at + 8] for at in range(places, places + 8 * count, 8)],
        [row[at : at + 32] for at in range(leaves, leaves + 32 * count, 32)],
        [row[at : at + 32] for at in range(records, records + 32 * count, 32)],
        strict=True,
    )


def _one_by_one(
    connection: Connection[TupleRow], epoch: int, first: int, until: int
) -> Iterator[Entry]:
    for row in list(rows(connection, _ROWS.format(epoch=epoch, first=first, until=until))):
        if len(row) != _ROW.size:
            yield None, b"", b"", b""
            continue
        _, _, place, _, leaf, _, record = _ROW.unpack(row)
        yield int.from_bytes(place, "big", signed=True), place, leaf, record
