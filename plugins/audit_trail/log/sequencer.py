"""Puts committed events into their order: one process, twenty times a second, never in the way.

Writers leave (event, leaf hash) in a queue inside their own transaction. Taking everything that is
visible by DELETE … RETURNING has no hole for rows that commit late, and needs no lock on writers
(facts of the audit trail §4).
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import psycopg
import structlog
from psycopg import AsyncConnection, IsolationLevel

from cms.kernel.declarations import Service
from cms.settings import Settings
from plugins.audit_trail.hashing.leaf import record_hashes
from plugins.audit_trail.hashing.notes import Checkpoint, KeyRefused
from plugins.audit_trail.hashing.queueing import Sign
from plugins.audit_trail.hashing.tree import Frontier
from plugins.audit_trail.heads.evidence import Evidence, EvidenceMissing
from plugins.audit_trail.heads.signer import HeadRefused, HeadsUnreadable
from plugins.audit_trail.log.admission import Admission, Entry
from plugins.audit_trail.log.growth import Growth
from plugins.audit_trail.log.recovery import Connection, Log, LogDamaged, recover
from plugins.audit_trail.log.subtrees import keep
from plugins.audit_trail.settings import AuditSettings, audit_folder

log = structlog.get_logger()

# Session locks of two keys: "CMS" in ASCII, and the first of the trail's.
LEADER = (0x434D53, 1)

STAND_BY = 1.0
PARTITIONS_EVERY = 3600.0
CLOSE_EVERY = 60.0
AFTER_ALARM = 60.0

Damage = (LogDamaged, EvidenceMissing, HeadRefused, HeadsUnreadable, KeyRefused)

SEALED = "sealed"
"""A file of the folder: no entry without a seal is taken any more."""

_TAKE = """
delete from audit.pending p using (
  select transaction, event_id from audit.pending order by occurred_at, event_id limit %s) t
where p.transaction = t.transaction and p.event_id = t.event_id
returning p.event_id, p.occurred_at, p.leaf_hash, p.writer_id, p.writer_seq, p.mac
"""
_LEAVES = """
insert into audit.leaves (epoch, seq, event_id, occurred_at, leaf_hash, record_hash)
select %s, g.* from unnest(%s::bigint[], %s::uuid[], %s::timestamptz[], %s::bytea[], %s::bytea[]) g
"""
_BATCH = """
insert into audit.batches (epoch, first_seq, last_seq, root, frontier) values (%s, %s, %s, %s, %s)
"""
_CHECKPOINT = """
insert into audit.checkpoints (epoch, size, root, note) values (%s, %s, %s, %s)
on conflict (epoch, size) do nothing
"""
_RAISE = """
insert into audit.alarms (message) select %s::text
where not exists (select from audit.alarms where cleared_at is null and message = %s::text)
"""
_CLEAR = "update audit.alarms set cleared_at = now() where cleared_at is null and kind = 'log'"


class Sequencer:
    """The leader of one log. Whatever fails ends it; the next start goes on from what is stored."""

    def __init__(
        self, connection: Connection, state: Log, settings: AuditSettings, admission: Admission
    ) -> None:
        self._connection = connection
        self._log = state
        self._settings = settings
        self._admission = admission
        self._signed_at = float("-inf")

    async def step(self) -> bool:
        """Sequence what waits, sign when it is time; whether a full batch was taken."""
        taken = 0
        if await self._is_something_waiting():
            taken = await self.sequence()
        if self._log.growth and time.monotonic() - self._signed_at >= self._settings.checkpoint:
            await self.sign()
        return taken == self._settings.batch

    async def sequence(self) -> int:
        """One batch: queue to leaves, with the root over all of them, in one transaction; how many
        entries it took from the queue."""
        try:
            return await self._sequence(look_up=False)
        except psycopg.errors.UniqueViolation:
            # An entry that is in the log already, put back into the queue; or a second sequencer.
            return await self._sequence(look_up=True)

    async def _sequence(self, *, look_up: bool) -> int:
        async with self._connection.transaction():
            found = await self._connection.execute(_TAKE, [self._settings.batch])
            waiting = [Entry(*row) for row in await found.fetchall()]
            waiting.sort(key=lambda entry: entry[:2])
            admitted = await self._admission.admit(waiting, look_up=look_up)
            if not admitted:
                return len(waiting)
            leaves = [entry.leaf for entry in admitted]
            tree = Frontier(self._log.tree.size, self._log.tree.hashes)
            completed = tree.extend(leaves)
            last_record = await self._store(admitted, leaves, tree)
            await keep(self._connection, self._log.epoch.number, completed)
        # In memory only after the commit: had it failed, the next batch would build on air.
        self._log.tree, self._log.last_record = tree, last_record
        self._log.growth.extend(leaves)
        self._admission.taken(admitted)
        return len(waiting)

    async def close_silent(self) -> None:
        await self._admission.close_silent()

    async def sign(self) -> None:
        """Sign today's head, and keep a copy of the note where officers can read it."""
        tree, growth = self._log.tree, self._log.growth
        sign = self._log.keeper.sign
        head = await asyncio.to_thread(sign, tree.size, tree.root(), growth.proof())
        self._signed_at = time.monotonic()
        await self.publish(head)
        self._log.growth = Growth(Frontier(tree.size, tree.hashes))

    async def publish(self, head: Checkpoint) -> None:
        values = (self._log.epoch.number, head.size, head.root, head.encode().decode())
        await self._connection.execute(_CHECKPOINT, values)

    async def finish(self) -> None:
        """Before the end: sequence and sign what was committed until now."""
        while await self.sequence():
            pass
        if self._log.growth:
            await self.sign()

    async def _is_something_waiting(self) -> bool:
        found = await self._connection.execute("select exists (select from audit.pending)")
        row: Any = await found.fetchone()
        return bool(row[0])

    async def _store(
        self, entries: Sequence[Entry], leaves: Sequence[bytes], tree: Frontier
    ) -> bytes:
        first, epoch = self._log.tree.size, self._log.epoch.number
        records = list(record_hashes(self._log.last_record, first, leaves))
        ids = [entry.event_id for entry in entries]
        moments = [entry.occurred_at for entry in entries]
        seqs = list(range(first, tree.size))
        await self._connection.execute(_LEAVES, (epoch, seqs, ids, moments, list(leaves), records))
        edge = list(tree.hashes)
        await self._connection.execute(_BATCH, (epoch, first, tree.size - 1, tree.root(), edge))
        return records[-1]


async def run(host: Any) -> None:
    """The service: wait to be the leader, then sequence until cancelled."""
    settings = host.registry.settings(AuditSettings)
    evidence = Evidence(audit_folder(host.settings))
    connection = await AsyncConnection.connect(
        host.worker_url, autocommit=True, application_name="cms-audit-sequencer"
    )
    async with connection:
        # Under REPEATABLE READ a batch would not see what committed while it waited.
        await connection.set_isolation_level(IsolationLevel.READ_COMMITTED)
        await lead(connection)
        try:
            await _sequence(connection, evidence, host.settings, settings, host.secret.digest)
        except Damage as damage:
            await raise_alarm(connection, str(damage))
            # The host starts a service again at once, and a start reads the whole log.
            await asyncio.sleep(AFTER_ALARM)


async def lead(connection: Connection) -> None:
    """Return once this session is the only sequencer; the lock ends with the session."""
    while True:
        # Tried again and again: a session that waits inside one statement holds back VACUUM.
        locked = await connection.execute("select pg_try_advisory_lock(%s, %s)", LEADER)
        row: Any = await locked.fetchone()
        if row[0]:
            return
        await asyncio.sleep(STAND_BY)


async def open_sequencer(
    connection: Connection, evidence: Evidence, site: str, settings: AuditSettings, sign: Sign
) -> Sequencer:
    """Recover the log and finish what an earlier process left; raises one of `Damage`. `sign` is
    the installation's keyed hash, which the seals of queued entries are checked with."""
    state = await recover(connection, evidence, site)
    admission = Admission(connection, sign, evidence.folder / SEALED)
    await admission.open()
    sequencer = Sequencer(connection, state, settings, admission)
    head = await asyncio.to_thread(state.keeper.last)
    if head is not None:
        await sequencer.publish(head)
    if state.growth:
        await sequencer.sign()
    await connection.execute(_CLEAR)
    return sequencer


async def raise_alarm(connection: Connection, message: str) -> None:
    """Say it loudly, and where every process can see it; an alarm stays until a start succeeds."""
    log.error("the audit log is damaged, nothing is sequenced", reason=message)
    await connection.execute(_RAISE, [message, message])


async def _sequence(
    connection: Connection,
    evidence: Evidence,
    house: Settings,
    settings: AuditSettings,
    sign: Sign,
) -> None:
    site = urlsplit(house.url).netloc
    sequencer = await open_sequencer(connection, evidence, site, settings, sign)
    partitions_at = closed_at = float("-inf")
    try:
        while True:
            if time.monotonic() - partitions_at >= PARTITIONS_EVERY:
                partitions_at = time.monotonic()
                await _make_partitions(connection)
            if time.monotonic() - closed_at >= CLOSE_EVERY:
                closed_at = time.monotonic()
                await sequencer.close_silent()
            if not await sequencer.step():
                await asyncio.sleep(settings.tick)
    except asyncio.CancelledError:
        # What the cancelled step left half done, the next start finds and finishes.
        with suppress(psycopg.Error, *Damage):
            await sequencer.finish()
        raise


async def _make_partitions(connection: Connection) -> None:
    try:
        await connection.execute("select audit.make_partitions()")
    except psycopg.errors.LockNotAvailable:
        # There are months of room; somebody's long query will have ended by the next hour.
        log.warning("no room was made for the coming months; trying again in an hour")


SERVICE = Service("audit-sequencer", run)
