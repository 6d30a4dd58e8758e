"""The processes that the kill suite of the trail kills: `writer` and `sequencer`.

python -m tests.journeys.trail_processes ROLE DATA_DIR ADDRESSES_JSON NAME

A writer changes a row and tells of it in one transaction, over and over, several at once; 3 in 100
it rolls back when the event already has its number. What the database acknowledged it prints.
"""

import asyncio
import json
import random
import signal
import sys
from typing import Any

from asyncpg import InterfaceError, PostgresError
from sqlalchemy.exc import SQLAlchemyError

from cms import core
from cms.host import Addresses, Host, open_host
from cms.jobs.worker import _keep_running
from cms.kernel.actors import SYSTEM, RequestFacts
from cms.kernel.events import Event, Subject
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry
from cms.settings import Settings
from plugins.audit_trail import plugin as audit_trail
from plugins.audit_trail.log.sequencer import SERVICE
from plugins.audit_trail.writing import recording

AT_ONCE = 3
ROLLBACKS = 0.03
LARGEST = 1_000_000
"""Deeds of one process; its name times this is where its numbers begin."""

_AWAY = (SQLAlchemyError, PostgresError, InterfaceError, OSError)


class Done(Event, frozen=True, kw_only=True):
    """A deed was done."""

    tag = "test:deed:do"
    deed: int

    def subject(self) -> Subject:
        return Subject("deed", self.deed)


deeds = Plugin(slug="deeds", events=(Done,))


class ChangedMyMind(Exception):
    """On purpose."""


class Writer:
    """Until it is told to stop, and then once more, so that nothing stays untold."""

    def __init__(self, host: Host, tenant: Any, name: int) -> None:
        self.host, self.tenant = host, tenant
        self.next = name * LARGEST
        self.chance = random.Random(name)
        self.stopped = asyncio.Event()

    async def run(self) -> None:
        await asyncio.gather(*(self._work() for _ in range(AT_ONCE)))
        await self._do(is_kept=True)

    async def _work(self) -> None:
        while not self.stopped.is_set():
            try:
                await self._do(is_kept=self.chance.random() >= ROLLBACKS)
            except ChangedMyMind:
                pass
            except _AWAY:
                # The server is away: whoever asked would have seen an error.
                await asyncio.sleep(0.05)

    async def _do(self, *, is_kept: bool) -> None:
        self.next += 1
        deed = self.next
        facts = RequestFacts(self.host.new_request_id())
        async with self.host.shop.work(self.tenant, SYSTEM, facts) as work:
            await work.execute(f"insert into deeds.done values ({deed})")
            await work.emit(Done(deed=deed))
            if not is_kept:
                work.before_commit("zz-mind", change_mind)
        print("kept", deed, recording._writer.id, flush=True)


async def change_mind() -> None:
    raise ChangedMyMind


async def _tenant(host: Host) -> Any:
    while True:
        try:
            return await host.tenants.by_slug("clinica")
        except _AWAY:
            await asyncio.sleep(0.05)


async def main(role: str, data_dir: str, addresses: str, name: int) -> None:
    settings = Settings(data_dir=data_dir)
    quick = {"audit_trail": {"checkpoint": 0.02, "tick": 0.01}}
    registry = Registry([core.plugin, audit_trail, deeds], quick)
    async with open_host(settings, Addresses(**json.loads(addresses)), registry) as host:
        if role == "sequencer":
            await _keep_running(host, SERVICE)
        writer = Writer(host, await _tenant(host), name)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, writer.stopped.set)
        await writer.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4], int(sys.argv[4])))
