"""Packs closed ranges, on a connection of its own: the sequencer waits for nothing."""

import asyncio
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection

from cms.kernel.declarations import Service
from plugins.audit_trail.settings import AuditSettings
from plugins.audit_trail.storage.store import Connection, Periods, open_store

log = structlog.get_logger()

LOCK = (0x434D53, 3)
"""Session lock: one worker packs, however many there are. The sequencer's is (…, 1)."""

EVERY = 3600.0


async def run(host: Any) -> None:
    """The service: once an hour, pack what has closed."""
    periods = host.registry.settings(AuditSettings).periods
    while True:
        connection = await AsyncConnection.connect(
            host.addresses.audit.worker, autocommit=True, application_name="cms-audit-storage"
        )
        async with connection:
            try:
                await keep(connection, periods)
            except psycopg.errors.LockNotAvailable:
                log.warning("a closed range is in use and was not packed; trying again in an hour")
        await asyncio.sleep(EVERY)


async def keep(connection: Connection, periods: Periods) -> list[str]:
    """Pack every closed range, each in a transaction of its own; their names."""
    locked = await (
        await connection.execute("select pg_try_advisory_lock(%s, %s)", LOCK)
    ).fetchone()
    if not (locked and locked[0]):
        return []
    store = await open_store(connection, periods)
    sealed = []
    while (name := await store.seal(connection)) is not None:
        log.info("a closed range of the trail is packed", range=name)
        sealed.append(name)
    await connection.execute("select pg_advisory_unlock(%s, %s)", LOCK)
    return sealed


SERVICE = Service("audit-storage", run)
