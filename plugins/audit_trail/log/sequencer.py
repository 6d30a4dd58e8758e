"""Puts committed events into their order: one process, twenty times a second, never in the way.

Writers leave (event, leaf hash) in a queue inside their own transaction. Taking everything that is
visible by DELETE … RETURNING has no hole for rows that commit late, and needs no lock on writers
(facts of the audit trail §4).
"""

import asyncio
import time
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import psycopg
import structlog
from psycopg import AsyncConnection, IsolationLevel

from cms.kernel.declarations import Service
from cms.kernel.events import Event
from plugins.audit_trail.hashing.leaf import genesis_hash, record_hashes
from plugins.audit_trail.hashing.notes import KeyRefused
from plugins.audit_trail.hashing.queueing import Sign
from plugins.audit_trail.hashing.tree import Frontier
from plugins.audit_trail.heads.evidence import Evidence, EvidenceMissing
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.heads.port import HeadPort, SignerUnreachable
from plugins.audit_trail.heads.remote import signer_of
from plugins.audit_trail.heads.signer import HeadRefused, HeadsUnreadable
from plugins.audit_trail.log import epochs
from plugins.audit_trail.log.admission import Admission, Entry
from plugins.audit_trail.log.growth import Growth
from plugins.audit_trail.log.recovery import Connection, Log, LogDamaged, recover
from plugins.audit_trail.log.review import review
from plugins.audit_trail.log.signing import Signing
from plugins.audit_trail.log.subtrees import keep
from plugins.audit_trail.settings import AuditSettings, audit_folder
from plugins.audit_trail.storage.store import open_store

log = structlog.get_logger()

# Session locks of two keys: "CMS" in ASCII, and the first of the trail's.
LEADER = (0x434D53, 1)

STAND_BY = 1.0
EVERY = 3600.0
CLOSE_EVERY = 60.0
AFTER_SILENCE = 5.0
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
_IS_THERE = """
select exists (select from audit.pending),
       exists (select from audit.rollovers where done_at is null)
"""
_URGENT = "select audit.is_urgent(%s::uuid[], %s::timestamptz[], %s::text[])"
_RAISE = """
insert into audit.alarms (message) select %s::text
where not exists (select from audit.alarms where cleared_at is null and message = %s::text)
"""
_CLEAR = "update audit.alarms set cleared_at = now() where cleared_at is null and kind = 'log'"


class Sequencer:
    """The leader of one log. Whatever fails ends it; the next start goes on from what is stored.

    A signer that does not answer is no failure of it: heads follow when the signer is back."""

    def __init__(
        self,
        connection: Connection,
        state: Log,
        settings: AuditSettings,
        admission: Admission,
        urgent: Collection[str] = (),
    ) -> None:
        self._connection = connection
        self._log = state
        self._settings = settings
        self._admission = admission
        self._urgent = list(urgent)
        self.signing = Signing(connection, settings.checkpoint)

    @property
    def state(self) -> Log:
        return self._log

    async def step(self) -> bool:
        """Sequence what waits, sign when it is time; whether a full batch was taken."""
        taken = 0
        waits, wants_to_roll = await self._what_is_there()
        if waits:
            taken = await self.sequence()
        await self.signing.step(self._log)
        if wants_to_roll and taken < self._settings.batch:
            await self.roll()
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
            is_urgent = await self._is_urgent(admitted)
        # In memory only after the commit: had it failed, the next batch would build on air.
        self._log.tree, self._log.last_record = tree, last_record
        self._log.growth.extend(leaves)
        self._admission.taken(admitted)
        if is_urgent:
            self.signing.hurry()
        return len(waiting)

    async def close_silent(self) -> None:
        await self._admission.close_silent()

    async def roll(self) -> bool:
        """Close the epoch if that was asked for and all of it is signed; whether it was."""
        if not await self.signing.sign(self._log):
            return False
        old, signer = self._log.epoch, self._log.signer
        wanted = await epochs.asked(self._connection, old, self._log.tree)
        if wanted is None:
            return False
        epoch = await epochs.roll(self._connection, signer, old, wanted)
        head = await asyncio.to_thread(signer.last)
        genesis = genesis_hash(epoch)
        self._log = Log(epoch, signer, head, Frontier(), genesis, Growth(Frontier()))
        await self.signing.keep(self._log, head, is_urgent=True)
        log.info("a new epoch of the log", number=epoch.number, origin=epoch.origin)
        return True

    async def finish(self) -> None:
        """Before the end: sequence and sign what was committed until now."""
        while await self.sequence():
            pass
        await self.signing.sign(self._log)

    async def _what_is_there(self) -> tuple[bool, bool]:
        row: Any = await (await self._connection.execute(_IS_THERE)).fetchone()
        return bool(row[0]), bool(row[1])

    async def _is_urgent(self, entries: Sequence[Entry]) -> bool:
        """Whether one of them is not to wait for its head, nor for that to be published."""
        if self.signing.is_hurrying:
            return True
        ids = [entry.event_id for entry in entries]
        moments = [entry.occurred_at for entry in entries]
        found = await self._connection.execute(_URGENT, (ids, moments, self._urgent))
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
    connection = await AsyncConnection.connect(
        host.addresses.audit.worker, autocommit=True, application_name="cms-audit-sequencer"
    )
    async with connection:
        # Under REPEATABLE READ a batch would not see what committed while it waited.
        await connection.set_isolation_level(IsolationLevel.READ_COMMITTED)
        await lead(connection)
        try:
            await _sequence(connection, host, settings)
        except SignerUnreachable as fault:
            log.warning("the log cannot go on without its signer", fault=str(fault))
            await asyncio.sleep(AFTER_SILENCE)
        except Damage as damage:
            await raise_alarm(connection, str(damage))
            # The host starts a service again at once, and after an alarm it reads the whole log.
            await asyncio.sleep(AFTER_ALARM)


async def lead(connection: Connection, key: tuple[int, int] = LEADER) -> None:
    """Return once this session is the only one of its kind; the lock ends with the session."""
    while True:
        # Tried again and again: a session that waits inside one statement holds back VACUUM.
        locked = await connection.execute("select pg_try_advisory_lock(%s, %s)", key)
        row: Any = await locked.fetchone()
        if row[0]:
            return
        await asyncio.sleep(STAND_BY)


async def open_sequencer(
    connection: Connection,
    evidence: Evidence,
    site: str,
    settings: AuditSettings,
    sign: Sign,
    *,
    signer: HeadPort | None = None,
    urgent: Collection[str] = (),
) -> Sequencer:
    """Recover the log and finish what an earlier process left; raises one of `Damage`. `sign` is
    the installation's keyed hash, which the seals of queued entries are checked with. Without a
    `signer` it signs itself, with the keys of the folder."""
    state = await recover(connection, signer or LocalSigner(evidence), site)
    admission = Admission(connection, sign, evidence.folder / SEALED)
    await admission.open()
    sequencer = Sequencer(connection, state, settings, admission, urgent)
    await sequencer.signing.keep(state, state.head)
    await sequencer.signing.sign(state)
    await connection.execute(_CLEAR)
    return sequencer


def urgent_tags(events: Iterable[type[Event]]) -> frozenset[str]:
    """What the vocabulary calls urgent; what is critical is so without saying it."""
    return frozenset(kind.tag for kind in events if kind.is_urgent)


async def raise_alarm(connection: Connection, message: str) -> None:
    """Say it loudly, and where every process can see it; an alarm stays until a start succeeds."""
    log.error("the audit log is damaged, nothing is sequenced", reason=message)
    await connection.execute(_RAISE, [message, message])


async def _sequence(connection: Connection, host: Any, settings: AuditSettings) -> None:
    evidence = Evidence(audit_folder(host.settings))
    sequencer = await open_sequencer(
        connection,
        evidence,
        urlsplit(host.settings.url).netloc,
        settings,
        host.secret.digest,
        signer=signer_of(settings, evidence),
        urgent=urgent_tags(host.registry.events.values()),
    )
    state = sequencer.state
    reviewing = asyncio.create_task(
        review(
            host.addresses.audit.worker,
            state.epoch,
            state.head,
            Frontier(state.tree.size, state.tree.hashes),
        )
    )
    rarely = Rarely(connection, sequencer, settings)
    try:
        while True:
            await rarely.step()
            if reviewing.done():
                reviewing.result()
            if not await sequencer.step():
                await asyncio.sleep(settings.tick)
    except asyncio.CancelledError:
        # What the cancelled step left half done, the next start finds and finishes.
        with suppress(psycopg.Error, SignerUnreachable, *Damage):
            await sequencer.finish()
        raise
    finally:
        reviewing.cancel()


class Rarely:
    """What is done once an hour, and once a minute."""

    def __init__(
        self, connection: Connection, sequencer: Sequencer, settings: AuditSettings
    ) -> None:
        self._connection = connection
        self._sequencer = sequencer
        self._settings = settings
        self._done_at = self._closed_at = float("-inf")

    async def step(self) -> None:
        now = time.monotonic()
        if now - self._closed_at >= CLOSE_EVERY:
            self._closed_at = now
            await self._sequencer.close_silent()
        if now - self._done_at < EVERY:
            return
        self._done_at = now
        await _make_room(self._connection, self._settings)
        await thin(self._connection, self._sequencer.state)


async def thin(connection: Connection, state: Log) -> None:
    """Remove superfluous heads (heads/thinning.py): here, and where the signer keeps them."""
    await connection.execute("select audit.thin_heads()")
    found = await connection.execute("select audit.pinned_heads(%s)", [state.epoch.number])
    pinned = [size for (size,) in await found.fetchall()]
    with suppress(SignerUnreachable):
        await asyncio.to_thread(state.signer.thin, pinned)


async def _make_room(connection: Connection, settings: AuditSettings) -> None:
    try:
        store = await open_store(connection, settings.periods)
        await store.make_room(connection)
    except psycopg.errors.LockNotAvailable:
        # There are months of room; somebody's long query will have ended by the next hour.
        log.warning("no room was made for the coming months; trying again in an hour")


SERVICE = Service("audit-sequencer", run)
