"""TimescaleDB from 2.28 on: events by time, leaves by their place; packed where the licence allows.

What is packed or dropped, and when, is decided here and by retention; no policy of the extension
touches evidence. One refreshes the counts of days.
"""

from psycopg import sql

from plugins.audit_trail.storage.native import delete_leaves, first_leaf
from plugins.audit_trail.storage.store import TIMESCALE, Connection, Periods, Range

_HOME = """
select n.nspname from pg_extension x join pg_namespace n on n.oid = x.extnamespace
where x.extname = 'timescaledb'
"""
_RANGES = """
select c.hypertable_name, format('%I.%I', c.chunk_schema, c.chunk_name), c.is_compressed,
       c.range_start, c.range_end, c.range_start_integer, c.range_end_integer - 1, s.total_bytes
from timescaledb_information.chunks c
join (select * from {size}('audit.events')
      union all select * from {size}('audit.leaves')) s using (chunk_schema, chunk_name)
where c.hypertable_schema = 'audit' and c.hypertable_name in ('events', 'leaves')
order by c.hypertable_name, c.range_start, c.range_start_integer
"""
_OTHERS = "select from audit.leaves where epoch <> %s and seq < %s limit 1"


class TimescaleStore:
    """Chunks, which the extension makes when their first row comes."""

    name = TIMESCALE

    def __init__(self, periods: Periods, *, has_columnstore: bool) -> None:
        self._periods, self._has_columnstore = periods, has_columnstore

    async def make_room(self, connection: Connection) -> list[str]:
        """Chunks come by themselves; how long the next ones are goes by how much is written."""
        chosen = await connection.execute("select audit.choose_chunks()")
        return [row[0] for row in await chosen.fetchall()]

    async def seal(self, connection: Connection) -> str | None:
        if not self._has_columnstore:
            return None
        sealed = await connection.execute("select audit.seal_range(%s)", [self._periods.seal_after])
        row = await sealed.fetchone()
        return row[0] if row else None

    async def ranges(self, connection: Connection) -> list[Range]:
        size = await _function(connection, "chunks_detailed_size")
        rows = await (await connection.execute(sql.SQL(_RANGES).format(size=size))).fetchall()
        return [
            Range(table=table, name=name, is_sealed=is_sealed, since=since, until=until,
                  first=first, last=last, bytes=size)
            for table, name, is_sealed, since, until, first, last, size in rows
        ]  # fmt: skip

    async def drop_events(self, connection: Connection, gone: Range) -> None:
        if gone.table != "events" or gone.until is None:
            raise ValueError(f"{gone.name} is no range of events with an end")
        drop = await _function(connection, "drop_chunks")
        await connection.execute(
            sql.SQL("select {}('audit.events', older_than => %s, newer_than => %s)").format(drop),
            (gone.until, gone.since),
        )

    async def drop_leaves(self, connection: Connection, epoch: int, below: int) -> int:
        others = await connection.execute(_OTHERS, (epoch, below))
        if await others.fetchone() is not None:
            # Epochs count from zero each: a chunk may hold leaves of two.
            return await delete_leaves(connection, epoch, below)
        drop = await _function(connection, "drop_chunks")
        await connection.execute(
            sql.SQL("select {}('audit.leaves', older_than => %s::bigint)").format(drop), [below]
        )
        return await first_leaf(connection, epoch, below)


async def _function(connection: Connection, name: str) -> sql.Composable:
    row = await (await connection.execute(_HOME)).fetchone()
    if row is None:
        raise LookupError("the extension timescaledb is gone from this database")
    return sql.Identifier(row[0], name)
