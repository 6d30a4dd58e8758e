"""What others said of published heads goes to the same places: the lines of witnesses, the tokens
of timestamp authorities. Whoever reads a place sees there that a head was witnessed.

A head with its lines is a file of its own, named by its size and content, for lines come later than
heads and one after the other: `epoch-000000/witnessed/<size>-<digest>.note`, and
`epoch-000000/timestamps/<size>-<digest>.tsr`.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from hashlib import sha256
from typing import Any, LiteralString

import structlog
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.heads.evidence import EvidenceMissing
from plugins.audit_trail.heads.port import SignerUnreachable
from plugins.audit_trail.heads.publishers import File, PublicationFailed, Target, folder_of

log = structlog.get_logger()

EVERY = 600.0
"""Seconds between two witnessed heads: the later one vouches for all before it."""

_WITNESSED = """
select c.epoch, c.size, c.root, c.note, array_to_string(array(
  select k.line from audit.cosignatures k where k.epoch = c.epoch and k.size = c.size
  order by k.witness, k.key_id), '')
from audit.checkpoints c
join audit.publications p on p.target = %s and (c.epoch, c.size) <= (p.epoch, p.size)
where exists (select from audit.cosignatures k where k.epoch = c.epoch and k.size = c.size)
order by c.epoch desc, c.size desc limit 1
"""
_STAMPED = """
select t.epoch, t.size, t.token from audit.timestamps t
join audit.publications p on p.target = %s and (t.epoch, t.size) <= (p.epoch, p.size)
order by t.epoch desc, t.size desc limit 1
"""

KnownHead = Callable[[int, int, bytes, bytes], Awaitable[tuple[Epoch, Checkpoint]]]
"""Epoch, size, root and note of a head to what the signer knows of it; PublicationFailed."""


class Vouching:
    """Brings what others said to one place. What is there is known by its name alone: a restart
    puts the newest there once more, which changes nothing."""

    def __init__(
        self,
        connection: AsyncConnection[TupleRow],
        target: Target,
        known_head: KnownHead,
        every: float = EVERY,
    ) -> None:
        self._connection = connection
        self._target = target
        self._known_head = known_head
        self._every = every
        self._looked_at = float("-inf")
        self._kept: set[str] = set()

    async def step(self) -> None:
        """Publish the newest of each kind, if it is time and it is not there."""
        if time.monotonic() - self._looked_at < self._every:
            return
        self._looked_at = time.monotonic()
        try:
            newest = [file async for file in self._newest()]
            await self._target.keep([file for file in newest if file.path not in self._kept])
        except (PublicationFailed, SignerUnreachable, EvidenceMissing) as fault:
            name = self._target.name
            log.warning("what others said was not published", target=name, fault=str(fault))
        else:
            self._kept = {file.path for file in newest}

    async def _newest(self) -> AsyncIterator[File]:
        row: Any = await self._one(_WITNESSED)
        if row is not None:
            number, size, root, note, lines = row
            epoch, _ = await self._known_head(number, size, bytes(root), note.encode())
            yield _file(folder_of(epoch), size, "witnessed/{}.note", (note + lines).encode())
        row = await self._one(_STAMPED)
        if row is not None:
            number, size, token = row
            yield _file(f"epoch-{number:06d}", size, "timestamps/{}.tsr", bytes(token))

    async def _one(self, query: LiteralString) -> Any:
        return await (await self._connection.execute(query, [self._target.name])).fetchone()


def _file(folder: str, size: int, path: str, content: bytes) -> File:
    name = f"{size:020d}-{sha256(content).hexdigest()[:16]}"
    return File(f"{folder}/{path.format(name)}", content)
