"""Which queued entries are genuine. The others are set aside and named, never sequenced or dropped.

What vouches for a queued row is the seal of the process that wrote it (hashing/queueing.py).
Whoever can write the database but has not the installation's key cannot make an event of his own
part of the log, nor put another leaf, writer or number into the place of one that waits.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from plugins.audit_trail.hashing.queueing import Sign, is_genuine, writer_key
from plugins.audit_trail.writing.writer import CLOSED_AFTER

log = structlog.get_logger()

Connection = AsyncConnection[TupleRow]

MOST_NAMED = 10

NO_SEAL = "it carries no seal of a writer"
WRONG_SEAL = "its seal is not that of its writer, number and leaf"
IN_THE_LOG = "its event is in the log already"

_SET_ASIDE = """
insert into audit.quarantine (reason, event_id, occurred_at, leaf_hash, writer_id, writer_seq, mac)
values (%s, %s, %s, %s, %s, %s, %s)
"""
_RAISE = "insert into audit.alarms (kind, message) values ('quarantine', %s)"
_KNOWN = "select event_id from audit.leaves where event_id = any (%s)"
_IS_UNIQUE = """
select exists (select from pg_index i where i.indrelid = 'audit.leaves'::regclass and i.indisunique
  and i.indkey::text = (select a.attnum::text from pg_attribute a
                        where a.attrelid = i.indrelid and a.attname = 'event_id'))
"""
_AS_HIGH = """
select from audit.writers w
join unnest(%s::text[], %s::bigint[]) as e (writer_id, number) using (writer_id)
where w.last_seq >= e.number limit 1
"""
_SEEN = """
insert into audit.writers (writer_id, last_seq)
select * from unnest(%s::text[], %s::bigint[])
on conflict (writer_id) do update set last_seq = greatest(writers.last_seq, excluded.last_seq),
  last_at = excluded.last_at, closed_at = null
"""
_CLOSE = """
update audit.writers set closed_at = now()
where closed_at is null and last_at < now() - make_interval(secs => %s)
"""
_UNSEALED = "select event_id from audit.unsealed join audit.pending using (event_id)"


class Entry(NamedTuple):
    """A row of the queue."""

    event_id: UUID
    occurred_at: datetime
    leaf: bytes
    writer_id: str | None
    number: int | None
    mac: bytes | None


class Admission:
    """Looks at each entry before it is sequenced."""

    def __init__(self, connection: Connection, sign: Sign, marker: Path) -> None:
        self._connection = connection
        self._sign = sign
        self._marker = marker
        self._unsealed: set[UUID] = set()

    async def open(self) -> None:
        """Entries of the version that sealed nothing are taken once, by the first start after it.
        That it has been is kept outside the database, whose owner could ask for it again."""
        if not self._marker.exists():
            found = await self._connection.execute(_UNSEALED)
            self._unsealed = {row[0] for row in await found.fetchall()}
            self._mark()

    def taken(self, entries: Sequence[Entry]) -> None:
        """These are in the log now."""
        if self._unsealed:
            self._unsealed.difference_update(entry.event_id for entry in entries)
            self._mark()

    async def admit(self, entries: Sequence[Entry], *, look_up: bool) -> list[Entry]:
        """The genuine ones, in their order; the others are set aside with an alarm, in the
        transaction that took them from the queue."""
        look_up = look_up or await self._may_be_known(entries)
        known = await self._in_the_log(entries) if look_up else set()
        genuine: list[Entry] = []
        refused: list[tuple[Entry, str]] = []
        for entry in entries:
            fault = IN_THE_LOG if entry.event_id in known else self._fault(entry)
            if fault is not None:
                refused.append((entry, fault))
                continue
            genuine.append(entry)
            if look_up:
                known.add(entry.event_id)
        if refused:
            await self._set_aside(refused)
        await self._see(genuine)
        return genuine

    async def close_silent(self) -> None:
        """Take writers that were silent for long for gone."""
        await self._connection.execute(_CLOSE, [CLOSED_AFTER])

    def _fault(self, entry: Entry) -> str | None:
        if entry.mac is None or entry.writer_id is None or entry.number is None:
            return None if entry.event_id in self._unsealed else NO_SEAL
        key = writer_key(self._sign, entry.writer_id)
        if is_genuine(key, entry.leaf, entry.writer_id, entry.number, entry.mac):
            return None
        return WRONG_SEAL

    async def _may_be_known(self, entries: Sequence[Entry]) -> bool:
        """Where no index forbids an event a second place in the log (TimescaleDB has unique ones
        only over the column that it cuts by): whether one stands here twice, or its writer is known
        to have come as far already. Those are looked up; all others are new. Asked anew each time,
        as a log can be moved while it grows."""
        found = await self._connection.execute(_IS_UNIQUE)
        if await found.fetchone() == (True,):
            return False
        if len({entry.event_id for entry in entries}) < len(entries):
            return True
        first: dict[str, int] = {}
        for entry in entries:
            if entry.writer_id is None or entry.number is None:
                return True
            first[entry.writer_id] = min(entry.number, first.get(entry.writer_id, entry.number))
        found = await self._connection.execute(_AS_HIGH, [list(first), list(first.values())])
        return await found.fetchone() is not None

    async def _in_the_log(self, entries: Sequence[Entry]) -> set[UUID]:
        ids = [entry.event_id for entry in entries]
        found = await self._connection.execute(_KNOWN, [ids])
        return {row[0] for row in await found.fetchall()}

    async def _set_aside(self, refused: Sequence[tuple[Entry, str]]) -> None:
        values = [(reason, *entry) for entry, reason in refused]
        async with self._connection.cursor() as cursor:
            await cursor.executemany(_SET_ASIDE, values)
        message = _alarm(refused)
        await self._connection.execute(_RAISE, [message])
        log.error("queued entries were set aside", reason=message)

    async def _see(self, entries: Sequence[Entry]) -> None:
        last: dict[str, int] = {}
        for entry in entries:
            if entry.writer_id is not None and entry.number is not None:
                last[entry.writer_id] = max(entry.number, last.get(entry.writer_id, 0))
        if last:
            await self._connection.execute(_SEEN, [list(last), list(last.values())])

    def _mark(self) -> None:
        if not self._unsealed:
            self._marker.touch()


def _alarm(refused: Sequence[tuple[Entry, str]]) -> str:
    named: list[Any] = [f"{entry.event_id} ({reason})" for entry, reason in refused[:MOST_NAMED]]
    more = len(refused) - MOST_NAMED
    rest = f" and {more} more" if more > 0 else ""
    return (
        f"{len(refused)} queued entries were set aside: {', '.join(named)}{rest}. "
        "Look at them with cms audit quarantine"
    )
