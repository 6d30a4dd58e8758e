"""What the rest of the trail asks of its storage, whichever of the two drivers keeps it.

The tables have the same names, columns, triggers and rights in both, so whoever writes or reads
rows needs no driver. It is needed by whoever makes room, seals, lists and drops whole ranges.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

Connection = AsyncConnection[TupleRow]

NATIVE, TIMESCALE = "native", "timescaledb"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Which driver keeps the trail. `version`, `edition` (`timescale` or `apache`) and `telemetry`
    are those of the extension, if this database has it, used or not."""

    driver: str
    version: str | None = None
    edition: str | None = None
    telemetry: str | None = None

    @property
    def has_columnstore(self) -> bool:
        return self.driver == TIMESCALE and self.edition == "timescale"


STANDING = """
select case when c.relkind = 'p' then 'native' else 'timescaledb' end,
       x.extversion,
       case when x.oid is not null then current_setting('timescaledb.license', true) end,
       case when x.oid is not null then current_setting('timescaledb.telemetry_level', true) end
from pg_class c left join pg_extension x on x.extname = 'timescaledb'
where c.oid = 'audit.events'::regclass
"""
"""Asks no more than any login may read."""


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of `events` (`since` … `until`) or of `leaves` (`first` … `last`), which goes whole
    or not at all. Without bounds it holds what no other piece does."""

    table: str
    name: str
    since: datetime | None = None
    until: datetime | None = None
    first: int | None = None
    last: int | None = None
    is_sealed: bool = False
    bytes: int = 0


@dataclass(frozen=True)
class Periods:
    """How finely native partitions are cut, and after which time a closed range is sealed."""

    months: int = 1
    seal_after: timedelta = timedelta(days=90)


class AuditStore(Protocol):
    """One of the two drivers. The sequencer's login makes room and seals; to drop takes the owner,
    and only retention does it, after its checks."""

    name: str

    async def make_room(self, connection: Connection) -> list[str]:
        """Prepare for the events of the coming months; the names of what was made."""

    async def seal(self, connection: Connection) -> str | None:
        """Pack the oldest closed range that is not packed yet; its name, None when there is none.
        Verification and proofs go on reading what was packed."""

    async def ranges(self, connection: Connection) -> list[Range]:
        """Every piece of both tables, the oldest first."""

    async def drop_events(self, connection: Connection, gone: Range) -> None:
        """Take a range of events away. No row trigger sees it."""

    async def drop_leaves(self, connection: Connection, epoch: int, below: int) -> int:
        """Take away leaves before `below` that can go; the first seq that is still there."""


async def standing(connection: Connection) -> Standing:
    """Which driver this database has."""
    row = await (await connection.execute(STANDING)).fetchone()
    if row is None:
        raise LookupError("there is no audit trail in this database: run cms db upgrade")
    return Standing(driver=row[0], version=row[1], edition=row[2], telemetry=row[3])


async def open_store(connection: Connection, periods: Periods) -> AuditStore:
    """The driver of this database."""
    from plugins.audit_trail.storage.native import NativeStore
    from plugins.audit_trail.storage.timescale import TimescaleStore

    found = await standing(connection)
    if found.driver == NATIVE:
        return NativeStore(periods)
    return TimescaleStore(periods, has_columnstore=found.has_columnstore)
