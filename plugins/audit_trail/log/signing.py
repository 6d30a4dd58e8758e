"""When heads are signed, and what happens while the signer is slow or gone: sequencing goes on."""

import asyncio
import time
from dataclasses import dataclass

import structlog

from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.hashing.tree import Frontier, make_proof, plan_consistency
from plugins.audit_trail.heads.port import SignerUnreachable
from plugins.audit_trail.heads.signer import HeadRefused
from plugins.audit_trail.log.recovery import Connection, Log
from plugins.audit_trail.log.subtrees import fetch

log = structlog.get_logger()

PATIENCE = 0.25
"""Seconds that a batch waits for the head before it; then it goes on without."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 15.0

_CHECKPOINT = """
insert into audit.checkpoints (epoch, size, root, note, urgent) values (%s, %s, %s, %s, %s)
on conflict (epoch, size) do nothing
"""


@dataclass
class _Asked:
    """A head that the signer was asked for."""

    task: "asyncio.Task[Checkpoint]"
    tree: Frontier
    is_urgent: bool


class Signing:
    """Asks for one head at a time, and keeps the notes where officers can read them."""

    def __init__(self, connection: Connection, interval: float) -> None:
        self._connection = connection
        self._interval = interval
        self._signed_at = float("-inf")
        self._asked: _Asked | None = None
        self._pause = SHORTEST_PAUSE
        self._not_before = float("-inf")
        self._is_urgent = False

    def hurry(self) -> None:
        """The next head is not to wait for its time."""
        self._is_urgent = True

    @property
    def is_hurrying(self) -> bool:
        return self._is_urgent

    def is_due(self) -> bool:
        """Whether a head is to be signed by its time, urgent or not."""
        now = time.monotonic()
        return now >= self._not_before and now - self._signed_at >= self._interval

    async def step(self, state: Log) -> None:
        """Ask when it is time; take the answer when it is there."""
        if self._asked is None and state.growth:
            now = time.monotonic()
            if self.is_due() or (self._is_urgent and now >= self._not_before):
                self._ask(state)
        if self._asked is not None:
            await self._look(state, PATIENCE)

    async def sign(self, state: Log) -> bool:
        """Wait until all that is sequenced is signed; False when the signer does not answer."""
        while state.growth or self._asked is not None:
            if self._asked is None:
                self._ask(state)
            if not await self._look(state, None):
                return False
        return True

    async def keep(self, state: Log, head: Checkpoint, *, is_urgent: bool = False) -> None:
        """Keep a copy of the note in the database."""
        note = head.encode().decode()
        values = (state.epoch.number, head.size, head.root, note, is_urgent)
        await self._connection.execute(_CHECKPOINT, values)

    def _ask(self, state: Log) -> None:
        tree = Frontier(state.tree.size, state.tree.hashes)
        sign = state.signer.sign
        task = asyncio.create_task(
            asyncio.to_thread(sign, tree.size, tree.root(), state.growth.proof())
        )
        self._asked = _Asked(task, tree, self._is_urgent)
        self._is_urgent = False

    async def _look(self, state: Log, patience: float | None) -> bool:
        """Whether there was no trouble; an answer that is still to come is none."""
        asked = self._asked
        if asked is None or not (await asyncio.wait({asked.task}, timeout=patience))[0]:
            return True
        self._asked = None
        try:
            head = await self._answer(state, asked)
        except SignerUnreachable as fault:
            self._is_urgent |= asked.is_urgent
            self._wait_longer(str(fault))
            return False
        self._pause, self._signed_at = SHORTEST_PAUSE, time.monotonic()
        await self.keep(state, head, is_urgent=asked.is_urgent)
        state.growth = state.growth.since(asked.tree)
        return True

    async def _answer(self, state: Log, asked: _Asked) -> Checkpoint:
        try:
            return asked.task.result()
        except HeadRefused:
            # It may have signed one that it could not answer: then the proof begins elsewhere.
            last = await asyncio.to_thread(state.signer.last)
            if last.size == state.growth.signed_size or last.size > asked.tree.size:
                raise
        wanted = plan_consistency(last.size, asked.tree.size)
        at = [coordinate for part in wanted for coordinate in part]
        found = await fetch(self._connection, state.epoch.number, at)
        proof = make_proof(wanted, found.__getitem__)
        return await asyncio.to_thread(state.signer.sign, asked.tree.size, asked.tree.root(), proof)

    def _wait_longer(self, fault: str) -> None:
        log.warning("no head was signed; events go on into the log", fault=fault)
        self._not_before = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
