"""Reads what is exported: the entries in the order of the log, and the log's records and heads."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import text

from cms.database.work import UnitOfWork
from cms.errors import NotFound
from plugins.audit_trail.exports.asked import Asked
from plugins.audit_trail.hashing.canonical import canonical_bytes, timestamp
from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.hashing.tree import Coordinate
from plugins.audit_trail.log.subtrees import read
from plugins.audit_trail.verification.rebuild import TRAIL_FORM, canonical_of

CHUNK = 2_000
NODES_AT_ONCE = 1_000

_LOGS = """
select number, origin, opened_at, schema_version, hash_algorithm, verifier_keys,
       closing_checkpoint, note
from audit.logs() order by number
"""
# No index leads from a leaf to its event, so the planner must not begin with the leaves: with old
# statistics it would compare each of them with each event. COALESCE keeps the view's outer join,
# and so the events first.
_ENTRIES = f"""
select e.epoch, e.seq, e.leaf_hash, e.previous_record_hash, e.record_hash, {TRAIL_FORM}
from audit.trail e
where e.tenant_id = :tenant and coalesce(e.seq, -1) >= 0
  and (coalesce(e.epoch, -1) < :newest
       or coalesce(e.epoch, -1) = :newest and coalesce(e.seq, 0) < :size)
"""  # noqa: S608
_COUNT = (
    "select count(*) from audit.trail e where e.tenant_id = :tenant and coalesce(e.seq, -1) >= 0"
)


class Log(msgspec.Struct, frozen=True):
    """One epoch of the log with the newest head that was signed in it."""

    epoch: Epoch
    note: bytes
    head: Checkpoint

    @property
    def record(self) -> bytes:
        """The bytes whose hash stands before the first entry."""
        return canonical_bytes(msgspec.structs.asdict(self.epoch))


class Stamp(msgspec.Struct, frozen=True):
    """An earlier head whose time an authority has fixed (RFC 3161), as it was stamped."""

    epoch: int
    size: int
    note: bytes
    authority: str
    token: bytes

    @property
    def name(self) -> str:
        """The file without its ending."""
        return f"heads/{self.epoch}-{self.size}"


class Entry(msgspec.Struct, frozen=True):
    """One event: its place, its stored hashes, and the bytes that its leaf hashes."""

    epoch: int
    seq: int
    leaf: str
    links: tuple[str, str]
    canonical: bytes


async def read_logs(work: UnitOfWork) -> dict[int, Log]:
    """All epochs by number; NotFound before the first head was signed."""
    rows = await work.audit.all(_LOGS)
    logs = {}
    for row in rows:
        epoch = Epoch(
            origin=row.origin,
            number=row.number,
            opened_at=timestamp(row.opened_at),
            schema_version=row.schema_version,
            hash_algorithm=row.hash_algorithm,
            verifier_keys=list(row.verifier_keys),
            closing_checkpoint=row.closing_checkpoint,
        )
        note = row.note.encode()
        logs[row.number] = Log(epoch, note, Checkpoint.parse(note))
    if not logs:
        raise NotFound("signed head", "yet")
    return logs


async def read_stamps(work: UnitOfWork) -> list[Stamp]:
    """The newest of each authority in each epoch."""
    rows = await work.audit.all("select epoch, size, note, authority, token from audit.stamps()")
    return [
        Stamp(row.epoch, row.size, row.note.encode(), row.authority, bytes(row.token))
        for row in rows
    ]


async def count_entries(work: UnitOfWork, asked: Asked, newest: int) -> int:
    """How many events the conditions meet now; for progress, not for evidence."""
    conditions, values = asked.conditions(newest)
    row = await work.audit.one(_COUNT + conditions, {"tenant": work.tenant_id, **values})
    return int(row[0])


async def read_entries(
    work: UnitOfWork, asked: Asked, logs: Mapping[int, Log]
) -> AsyncGenerator[list[Entry], None]:
    """The events below a signed head, in the order of the log, some at a time: however many there
    are, only these are in memory."""
    newest = max(logs)
    conditions, values = asked.conditions(newest)
    wanted = text(_ENTRIES + conditions + " order by e.epoch, e.seq")
    values |= {"tenant": work.tenant_id, "newest": newest, "size": logs[newest].head.size}
    session = work.audit.session
    streamed = await session.stream(wanted, values, execution_options={"yield_per": CHUNK})
    try:
        async for rows in streamed.partitions(CHUNK):
            yield [_entry(row) for row in rows]
    finally:
        await streamed.close()


async def read_nodes(
    work: UnitOfWork, epoch: int, wanted: Iterable[Coordinate]
) -> dict[Coordinate, bytes]:
    """The hashes over what is not exported."""
    found: dict[Coordinate, bytes] = {}
    left = iter(wanted)
    while some := list(islice(left, NODES_AT_ONCE)):
        found.update(await read(work, epoch, some))
    return found


def _entry(row: Any) -> Entry:
    epoch, seq, leaf, previous, record, *columns = row
    return Entry(epoch, seq, leaf, (previous, record), canonical_of(columns))
