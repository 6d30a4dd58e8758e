"""Carries events into the trail's own database, in the order of their time.

A row is removed from the outbox only after the other database has committed it, and that one takes
no event twice. So either database may be away, and the carrier killed, at any moment: what waits,
waits in the database whose transaction it belongs to.
"""

import asyncio
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from cms.kernel.declarations import Service
from plugins.audit_trail.settings import AuditSettings

log = structlog.get_logger()

# Session locks of two keys: "CMS" in ASCII, and the second of the trail's.
CARRIER = (0x434D53, 2)

BATCH = 1_000
STAND_BY = 1.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 5.0

_WAITING = """
select transaction::text, event_id, entry::text from audit.outbox
order by occurred_at, event_id limit %s
"""
_TAKE_OVER = "select audit.take_over(%s::json[])"
_GONE = """
delete from audit.outbox o using unnest(%s::text[], %s::uuid[]) as g (transaction, event_id)
where o.transaction = g.transaction::xid8 and o.event_id = g.event_id
"""

Connection = AsyncConnection[TupleRow]


async def carry(here: Connection, there: Connection, most: int = BATCH) -> int:
    """One batch; how many rows it took from the outbox."""
    waiting: list[Any] = await (await here.execute(_WAITING, [most])).fetchall()
    if not waiting:
        return 0
    transactions, ids, entries = (list(column) for column in zip(*waiting, strict=True))
    await there.execute(_TAKE_OVER, [entries])
    await here.execute(_GONE, (transactions, ids))
    return len(waiting)


async def run(host: Any) -> None:
    """The service: carry until cancelled, where the trail has a database of its own."""
    if host.addresses.own_audit is None:
        await asyncio.Event().wait()
    pause = SHORTEST_PAUSE
    while True:
        try:
            async with await _connect(host.addresses.worker) as here:
                await _lead(here)
                async with await _connect(host.addresses.audit.worker) as there:
                    pause = SHORTEST_PAUSE
                    await _carry(here, there, host.registry.settings(AuditSettings).tick)
        except psycopg.OperationalError as fault:
            log.warning("events wait for the database of the trail", fault=type(fault).__name__)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


async def _carry(here: Connection, there: Connection, tick: float) -> None:
    while True:
        if await carry(here, there) < BATCH:
            await asyncio.sleep(tick)


async def _connect(url: str) -> Connection:
    # Each statement commits by itself: the other database first, then this one.
    return await AsyncConnection.connect(
        url, autocommit=True, application_name="cms-audit-carrier", connect_timeout=5
    )


async def _lead(here: Connection) -> None:
    """Return once this session is the only carrier; two would only do the same work twice."""
    while True:
        found = await here.execute("select pg_try_advisory_lock(%s, %s)", CARRIER)
        row: Any = await found.fetchone()
        if row[0]:
            return
        await asyncio.sleep(STAND_BY)


CARRYING = Service("audit-carrier", run)
