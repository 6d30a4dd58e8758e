"""Beside the sequencer: signs of life, and events of what the owner did by hand and why.

A log of which nobody hears anything may be quiet or dead. The sign of life makes the difference
visible to whoever holds the heads: it is an entry like any other, and one is missing.
"""

import asyncio
import time
from typing import Any

from psycopg import AsyncConnection
from sqlalchemy import text

from cms.database.work import UnitOfWork
from cms.kernel.actors import SYSTEM, RequestFacts
from cms.kernel.declarations import Service
from plugins.audit_trail.events import INSTALLATION, MaintenanceSaid, TrailAlive
from plugins.audit_trail.settings import AuditSettings

LOOK_EVERY = 5.0
"""Seconds; a connection of its own each time costs less than one that idles."""

_STANDING = text("select size, waiting from audit.standing()")
_SAID = """
select transaction::text, said_at, role, application, reason
from audit.maintenance where told_at is null order by said_at
"""
_TOLD = "update audit.maintenance set told_at = now() where transaction = %s::xid8"


def installation_work(host: Any, channel: str) -> UnitOfWork:
    """A unit of work for what belongs to no publisher."""
    facts = RequestFacts(request_id=host.new_request_id(), channel=channel)
    work: UnitOfWork = host.shop.work(INSTALLATION, SYSTEM, facts)
    return work


async def beat(host: Any) -> None:
    """One sign of life."""
    every = int(host.registry.settings(AuditSettings).heartbeat)
    async with installation_work(host, "worker") as work:
        found = await work.audit.one(_STANDING)
        await work.emit(TrailAlive(entries=found.size, waiting=found.waiting, every=every))


async def tell_maintenance(host: Any) -> None:
    """Make an event of each reason that the owner gave, in either database. It is marked after
    that: a kill in between tells it twice, never not at all."""
    for url in dict.fromkeys((host.worker_url, host.addresses.audit.worker)):
        await _tell_maintenance(host, url)


async def _tell_maintenance(host: Any, url: str) -> None:
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        for row in await (await connection.execute(_SAID)).fetchall():
            transaction, said_at, role, application, reason = row
            async with installation_work(host, "worker") as work:
                await work.emit(
                    MaintenanceSaid(
                        transaction=transaction,
                        said_at=said_at.isoformat(),
                        role=role,
                        application=application,
                        reason=reason,
                    )
                )
            await connection.execute(_TOLD, [transaction])


async def run(host: Any) -> None:
    """The service: until cancelled."""
    every = host.registry.settings(AuditSettings).heartbeat
    beaten_at = float("-inf")
    while True:
        if every and time.monotonic() - beaten_at >= every:
            beaten_at = time.monotonic()
            await beat(host)
        await tell_maintenance(host)
        await asyncio.sleep(LOOK_EVERY)


UPKEEP = Service("audit-upkeep", run)
