"""Publishes signed heads: in order, each until it is there, never in the way of sequencing.

How far each place has come stands in `audit.publications`, so a restart goes on from there. Each
place has a loop and a connection of its own: one that hangs holds up no other.
"""

import asyncio
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from cms.kernel.declarations import Service
from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import Checkpoint, NoteRefused
from plugins.audit_trail.heads.evidence import Evidence, EvidenceMissing, Seam, trusted_keys
from plugins.audit_trail.heads.port import HeadPort, SignerUnreachable
from plugins.audit_trail.heads.publishers import Publication, PublicationFailed, Target
from plugins.audit_trail.heads.remote import signer_of
from plugins.audit_trail.heads.targets import targets_of
from plugins.audit_trail.log.subtrees import SubtreeMissing
from plugins.audit_trail.publication.stored_log import StoredLog
from plugins.audit_trail.publication.vouching import Vouching
from plugins.audit_trail.settings import AuditSettings, audit_folder

log = structlog.get_logger()

LEADER = (0x434D53, 7)
TICK = 0.5
STAND_BY = 2.0
LONGEST_PAUSE = 300

# A position that is no head of ours was written by somebody else: then it begins anew, and finds
# there what it has published.
_POSITION = """
select k.epoch, k.size, extract(epoch from now() - p.at)::float8, p.next_attempt > now()
from audit.publications p
left join audit.checkpoints k on k.epoch = p.epoch and k.size = p.size where p.target = %s
"""
# The next head that is not there. Of those that wait the newest is enough, for it vouches for them
# all; but an epoch's last one is never passed over, nor is one of the next published before it.
_NEXT = """
with position as (select %s::integer as epoch, %s::bigint as size),
first as (
  select c.epoch, c.size from audit.checkpoints c, position p
  where (c.epoch, c.size) > (p.epoch, p.size) order by c.epoch, c.size limit 1
),
newest as (
  select c.epoch, c.size from audit.checkpoints c, first f
  where c.epoch = f.epoch order by c.size desc limit 1
)
select c.epoch, c.size, c.root, c.note,
       f.epoch < (select max(number) from audit.epochs)
       or exists (select from audit.checkpoints u, position p
                  where u.epoch = f.epoch and u.urgent
                    and (u.epoch, u.size) > (p.epoch, p.size))
from first f, newest n, audit.checkpoints c
where c.epoch = f.epoch and c.size = case when %s then f.size else n.size end
"""
_DONE = """
insert into audit.publications (target, epoch, size, at, notice)
values (%s, %s, %s, now(), nullif(%s, ''))
on conflict (target) do update set epoch = excluded.epoch, size = excluded.size, at = now(),
  notice = excluded.notice, attempts = 0, last_error = null, next_attempt = null
"""
_FAILED = """
insert into audit.publications (target, attempts, last_error, next_attempt)
values (%(target)s, 1, %(fault)s, now() + make_interval(secs => 1))
on conflict (target) do update set attempts = publications.attempts + 1, last_error = %(fault)s,
  next_attempt = now() + make_interval(
    secs => least(power(2, least(publications.attempts, 20)), %(longest)s))
"""

Connection = AsyncConnection[TupleRow]


class _Position(NamedTuple):
    epoch: int
    size: int
    age: float
    is_waiting: bool


class Publisher:
    """Brings the heads to one place."""

    def __init__(
        self, connection: Connection, signer: HeadPort, target: Target, every: float
    ) -> None:
        self._connection = connection
        self._signer = signer
        self._target = target
        self._every = every
        self._epochs: dict[int, Epoch] = {}
        self._seams: dict[int, Seam] = {}

    async def step(self) -> bool:
        """Publish one head, if one waits and it is time; whether there may be more."""
        position = await self._position()
        if position.is_waiting:
            return False
        each = self._every <= 0
        values = (position.epoch, position.size, each)
        row: Any = await (await self._connection.execute(_NEXT, values)).fetchone()
        if row is None:
            return False
        epoch, size, root, note, is_urgent = row
        if not (is_urgent or each or position.age >= self._every):
            return False
        try:
            publication = await self._publication(epoch, size, root, note.encode(), position)
            notice = await self._target.publish(publication, StoredLog(self._connection))
        except (PublicationFailed, SignerUnreachable, EvidenceMissing, SubtreeMissing) as fault:
            await self._failed(str(fault))
            return False
        await self._connection.execute(_DONE, (self._target.name, epoch, size, notice))
        return True

    async def _position(self) -> _Position:
        found = await self._connection.execute(_POSITION, [self._target.name])
        row: Any = await found.fetchone()
        if row is None:
            return _Position(0, -1, float("inf"), is_waiting=False)
        epoch, size, age, is_waiting = row
        if epoch is None:
            return _Position(0, -1, float("inf"), bool(is_waiting))
        return _Position(epoch, size, age, bool(is_waiting))

    async def _publication(
        self, number: int, size: int, root: bytes, note: bytes, position: _Position
    ) -> Publication:
        epoch, head = await self.known_head(number, size, root, note)
        since = max(position.size, 0) if position.epoch == number else 0
        return Publication(epoch, head, note, since, self._seams.get(number))

    async def known_head(
        self, number: int, size: int, root: bytes, note: bytes
    ) -> tuple[Epoch, Checkpoint]:
        """The head, once the signer's own record of the epoch says that it is one: what stands in
        the database may have been changed there, and what is published cannot be taken back.
        PublicationFailed when it is none."""
        if number not in self._epochs:
            self._epochs = {e.number: e for e in await asyncio.to_thread(self._signer.epochs)}
            self._seams = {s.number: s for s in await asyncio.to_thread(self._signer.seams)}
        epoch = self._epochs.get(number)
        if epoch is None:
            raise PublicationFailed(f"the signer knows no epoch {number}: cms audit verify")
        try:
            head = Checkpoint.parse(note)
            signed = head.signers(trusted_keys(epoch))
        except NoteRefused as fault:
            raise PublicationFailed(f"the stored head of {size} entries: {fault}") from fault
        if len(signed) != len(epoch.verifier_keys) or (head.origin, head.size, head.root) != (
            epoch.origin, size, root,
        ):  # fmt: skip
            raise PublicationFailed(
                f"the stored head of {size} entries is not the one that was signed: "
                "cms audit verify"
            )
        return epoch, head

    async def _failed(self, fault: str) -> None:
        log.warning("a signed head was not published", target=self._target.name, fault=fault)
        values = {"target": self._target.name, "fault": fault[:500], "longest": LONGEST_PAUSE}
        await self._connection.execute(_FAILED, values)


async def run(host: Any) -> None:
    """The service: one process publishes, to all places at once, until cancelled."""
    settings = host.registry.settings(AuditSettings)
    signer = signer_of(settings, Evidence(audit_folder(host.settings)))
    targets = targets_of(settings.publish)
    if not targets:
        await asyncio.Event().wait()
    async with AsyncExitStack() as opened:
        first = await opened.enter_async_context(await _connect(host))
        await _lead(first)
        async with asyncio.TaskGroup() as loops:
            for target in targets:
                connection = await opened.enter_async_context(await _connect(host))
                publisher = Publisher(connection, signer, target, settings.publish.every)
                vouching = Vouching(connection, target, publisher.known_head)
                loops.create_task(_publish(publisher, vouching))


async def _publish(publisher: Publisher, vouching: Vouching) -> None:
    while True:
        if not await publisher.step():
            await vouching.step()
            await asyncio.sleep(TICK)


async def _connect(host: Any) -> Connection:
    return await AsyncConnection.connect(
        host.addresses.audit.worker, autocommit=True, application_name="cms-audit-publisher"
    )


async def _lead(connection: psycopg.AsyncConnection[Any]) -> None:
    while True:
        locked = await connection.execute("select pg_try_advisory_lock(%s, %s)", LEADER)
        row: Any = await locked.fetchone()
        if row[0]:
            return
        await asyncio.sleep(STAND_BY)


PUBLISHER = Service("audit-publisher", run)
