"""The default: a partition of events for each month, leaves in one table. Needs no extension."""

from psycopg import sql

from plugins.audit_trail.storage.store import NATIVE, Connection, Periods, Range

AHEAD = 3
"""Periods for which there is room before they begin."""

_RANGES = """
select c.oid::regclass::text, pg_total_relation_size(c.oid),
       (regexp_match(pg_get_expr(c.relpartbound, c.oid), $$FROM \\('([^']+)'\\)$$))[1]::timestamptz,
       (regexp_match(pg_get_expr(c.relpartbound, c.oid), $$TO \\('([^']+)'\\)$$))[1]::timestamptz
from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'audit.events'::regclass
order by 3 nulls last
"""
_LEAVES = "select pg_total_relation_size('audit.leaves')"
_FIRST = "select coalesce(min(seq), %s) from audit.leaves where epoch = %s"


class NativeStore:
    """Months, or quarters where there are few events."""

    name = NATIVE

    def __init__(self, periods: Periods) -> None:
        self._periods = periods

    async def make_room(self, connection: Connection) -> list[str]:
        made = await connection.execute(
            "select audit.make_partitions(%s, %s)", (AHEAD, self._periods.months)
        )
        return [row[0] for row in await made.fetchall()]

    async def seal(self, connection: Connection) -> str | None:  # noqa: ARG002
        """Nothing: PostgreSQL has no packed form that can still be read row by row."""
        return None

    async def ranges(self, connection: Connection) -> list[Range]:
        found = await (await connection.execute(_RANGES)).fetchall()
        events = [
            Range(table="events", name=name, since=since, until=until, bytes=size)
            for name, size, since, until in found
        ]
        row = await (await connection.execute(_LEAVES)).fetchone()
        return [*events, Range(table="leaves", name="audit.leaves", bytes=row[0] if row else 0)]

    async def drop_events(self, connection: Connection, gone: Range) -> None:
        if gone.table != "events" or gone.until is None:
            raise ValueError(f"{gone.name} is no range of events with an end")
        piece = sql.Identifier(*gone.name.split("."))
        await connection.execute(
            sql.SQL("alter table audit.events detach partition {}").format(piece)
        )
        await connection.execute(sql.SQL("drop table {}").format(piece))

    async def drop_leaves(self, connection: Connection, epoch: int, below: int) -> int:
        return await delete_leaves(connection, epoch, below)


async def delete_leaves(connection: Connection, epoch: int, below: int) -> int:
    """Row by row, past the trigger that stops everybody else; the space is used again."""
    async with connection.transaction():
        await connection.execute("alter table audit.leaves disable trigger only_grows")
        await connection.execute(
            "delete from audit.leaves where epoch = %s and seq < %s", (epoch, below)
        )
        await connection.execute("alter table audit.leaves enable trigger only_grows")
    return await first_leaf(connection, epoch, below)


async def first_leaf(connection: Connection, epoch: int, otherwise: int) -> int:
    """The oldest leaf of an epoch that is there."""
    row = await (await connection.execute(_FIRST, (otherwise, epoch))).fetchone()
    return int(row[0]) if row else otherwise
