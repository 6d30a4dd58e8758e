"""The service that takes every head to the witnesses, each at its own pace.

It only reads what the sequencer wrote and adds lines beside it, so a witness that is slow, away or
wrong keeps nobody from writing or signing.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from psycopg import AsyncConnection

from cms.kernel.declarations import Service
from plugins.audit_trail.hashing.extension import Extension
from plugins.audit_trail.hashing.notes import (
    Checkpoint,
    KeyRefused,
    NoteRefused,
    VerifierKey,
)
from plugins.audit_trail.hashing.tree import make_proof, plan_consistency
from plugins.audit_trail.log.sequencer import LEADER, lead
from plugins.audit_trail.log.subtrees import SubtreeMissing, fetch
from plugins.audit_trail.outside.asking import Denied, Known, Line, WitnessClient
from plugins.audit_trail.outside.contradictions import contradicted, reconciled
from plugins.audit_trail.outside.standing import GOOD, Connection, Pause, one, stands
from plugins.audit_trail.outside.wire import Unanswered
from plugins.audit_trail.settings import AuditSettings, Witnesses

log = structlog.get_logger()

LOCK = (LEADER[0], 8)
AGAIN = 3600.0
"""Seconds after which a witness is asked although nothing grew: it may know more than we do."""

ATTEMPTS = 4

_NEWEST = """
select c.epoch, c.note, e.verifier_keys from audit.checkpoints c
join audit.epochs e on e.number = c.epoch
order by c.epoch desc, c.size desc limit 1
"""
_LAST = "select max(size) from audit.cosignatures where epoch = %s and witness = %s"
_STORE = """
insert into audit.cosignatures (epoch, size, witness, key_id, line, witnessed_at)
values (%s, %s, %s, %s, %s, %s) on conflict do nothing
"""


@dataclass(frozen=True)
class Newest:
    """The newest signed head of the log, and the log's keys."""

    epoch: int
    head: Checkpoint
    keys: tuple[VerifierKey, ...]


class Asker:
    """Keeps one witness up to date."""

    def __init__(
        self,
        connection: Connection,
        client: WitnessClient,
        trusted: tuple[VerifierKey, ...] = (),
        again: float = AGAIN,
    ) -> None:
        self._connection = connection
        self._client = client
        self._trusted = trusted or client.keys
        self._again = again
        self._asked_at = float("-inf")
        self._asked: tuple[int, int] | None = None

    async def step(self) -> str:
        """Ask about the newest head, unless the witness has vouched for it; how it stands."""
        size = None
        try:
            newest = await newest_head(self._connection)
            if newest is None or self._has_vouched(newest):
                return GOOD
            state, message, size = await self._ask(newest)
            if state == GOOD:
                self._asked, self._asked_at = (newest.epoch, size), time.monotonic()
        except Unanswered as fault:
            state, message = fault.state, fault.message
        except SubtreeMissing as fault:
            state, message = "log-damaged", fault.message
        name = self._client.witness.name
        await stands(self._connection, ("witness", name), state, message, size)
        return state

    def _has_vouched(self, newest: Newest) -> bool:
        is_fresh = time.monotonic() - self._asked_at < self._again
        return is_fresh and self._asked == (newest.epoch, newest.head.size)

    async def _ask(self, newest: Newest) -> tuple[str, str, int]:
        row = await one(self._connection, _LAST, newest.epoch, self._client.witness.name)
        known: int = row[0] or 0
        for _ in range(ATTEMPTS):
            if known > newest.head.size:
                # Another worker may have been here with a newer head than the one that we read.
                newest = await newest_head(self._connection) or newest
            if known > newest.head.size:
                return await self._contradicted(newest, known)
            plan = plan_consistency(known, newest.head.size)
            wanted = [at for subtrees in plan for at in subtrees]
            hashes = await fetch(self._connection, newest.epoch, wanted)
            proof = make_proof(plan, hashes.__getitem__)
            try:
                found = await self._client.ask(Extension(known, tuple(proof), newest.head))
            except Denied:
                return await self._contradicted(newest, known)
            if not isinstance(found, Known):
                await self._store(newest, list(found))
                return GOOD, f"vouches for {newest.head.size} entries", newest.head.size
            known = found.size
        raise Unanswered("unsteady", "it names another size each time that it is asked")

    async def _store(self, newest: Newest, lines: list[Line]) -> None:
        name, size = self._client.witness.name, newest.head.size
        for line in lines:
            at = datetime.fromtimestamp(line.at, UTC)
            values = (newest.epoch, size, name, line.key.key_id, line.signature.line(), at)
            await self._connection.execute(_STORE, values)
        await reconciled(self._connection, name, newest.epoch, size)

    async def _contradicted(self, newest: Newest, known: int) -> tuple[str, str, int]:
        if not known:
            raise Unanswered("refused", "it refuses the head of a log that it knows nothing of")
        message = await contradicted(
            self._connection,
            self._client,
            epoch=newest.epoch,
            head=newest.head,
            known=known,
            log_keys=newest.keys,
            trusted=self._trusted,
        )
        return "contradicts", message, known


async def newest_head(connection: Connection) -> Newest | None:
    """As it was signed, without the lines of witnesses."""
    row: Any = await one(connection, _NEWEST)
    if row is None:
        return None
    epoch, note, vkeys = row
    try:
        keys = tuple(map(VerifierKey.parse, vkeys))
        return Newest(epoch, Checkpoint.parse(note.encode()), keys)
    except (KeyRefused, NoteRefused) as fault:
        raise Unanswered("log-damaged", f"the stored head is unsound: {fault}") from None


async def run(host: Any) -> None:
    """The service: one worker asks, the others stand by."""
    settings: Witnesses = host.registry.settings(AuditSettings).witnesses
    if not settings.known:
        await asyncio.Event().wait()
    clients = [WitnessClient(one, settings.seconds) for one in settings.known]
    trusted = tuple(key for client in clients for key in client.keys)
    async with await AsyncConnection.connect(
        host.addresses.audit.worker, autocommit=True, application_name="cms-audit-witnesses"
    ) as connection:
        await lead(connection, LOCK)
        async with asyncio.TaskGroup() as group:
            for client in clients:
                group.create_task(_keep_asking(connection, client, trusted, settings.every))


async def _keep_asking(
    connection: Connection, client: WitnessClient, trusted: tuple[VerifierKey, ...], every: float
) -> None:
    asker, pause = Asker(connection, client, trusted), Pause()
    while True:
        if await asker.step() == GOOD:
            pause.reset()
            await asyncio.sleep(every)
        else:
            await pause.wait()


SERVICE = Service("audit-witnesses", run)
