"""The loop of the worker that counts the days and watches for alerts."""

import asyncio
from typing import Any

import structlog
from psycopg import AsyncConnection

from cms.kernel.actors import SYSTEM, RequestFacts
from cms.kernel.declarations import Service
from plugins.audit_trail.alerts.watch import watch
from plugins.audit_trail.events import INSTALLATION

log = structlog.get_logger()

TICK = 1.0
ROLLED_AT_ONCE = 20_000

Place = tuple[int, int]
Connection = AsyncConnection[Any]

_LAST = "select epoch, seq from audit.last_place()"
_ROLL = "select audit.roll_up(%s)"
_TENANTS = "select * from audit.tenants_between(%s, %s, %s, %s)"
_ALARM = "select coalesce(max(id), 0) from audit.alarms"


class Rounds:
    """Goes from site to site, first to all of them, then to those where something happened. What
    it remembers only saves work: where each site stands is in the database."""

    def __init__(self, host: Any, connection: Connection) -> None:
        self._host = host
        self._connection = connection
        self._seen: Place | None = None
        self._alarm = 0
        self._late: set[int] = set()

    async def go(self) -> None:
        """One round: count what is new, and hold it against everybody's rules."""
        while await self._one(_ROLL, ROLLED_AT_ONCE) == ROLLED_AT_ONCE:
            pass
        row = await self._row(_LAST)
        place: Place = (0, -1) if row is None else (row[0], row[1])
        alarm = await self._one(_ALARM)
        for tenant_id in await self._whom(place, alarm):
            try:
                await self._watch(tenant_id, place)
                self._late.discard(tenant_id)
            except Exception:
                # One site's trouble must not keep the others from being watched.
                log.exception("the rules of a site could not be looked at", tenant=tenant_id)
                self._late.add(tenant_id)
        self._seen, self._alarm = place, alarm

    async def _whom(self, place: Place, alarm: int) -> set[int]:
        if self._seen is None or alarm != self._alarm:
            return {tenant.id for tenant in await self._host.tenants.all()}
        if self._seen == place:
            return set(self._late)
        found = await self._connection.execute(_TENANTS, (*self._seen, *place))
        # The installation's own events belong to no site; what is grave there is an alarm as well.
        return self._late | {row[0] for row in await found.fetchall()} - {INSTALLATION.id}

    async def _watch(self, tenant_id: int, place: Place) -> None:
        tenant = await self._host.tenants.by_id(tenant_id)
        is_more = True
        while is_more:
            facts = RequestFacts(request_id=self._host.new_request_id(), channel="worker")
            async with self._host.shop.work(tenant, SYSTEM, facts) as work:
                is_more = await watch(work, *place)

    async def _row(self, query: Any, *values: Any) -> Any:
        return await (await self._connection.execute(query, values)).fetchone()

    async def _one(self, query: Any, *values: Any) -> int:
        row = await self._row(query, *values)
        return int(row[0])


async def run(host: Any) -> None:
    """The service: a round a second until cancelled."""
    connection = await AsyncConnection.connect(
        host.addresses.audit.worker, autocommit=True, application_name="cms-audit-watch"
    )
    async with connection:
        rounds = Rounds(host, connection)
        while True:
            await rounds.go()
            await asyncio.sleep(TICK)


SERVICE = Service("audit-watch", run)
