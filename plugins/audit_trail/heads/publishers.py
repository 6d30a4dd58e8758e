"""What a place is that signed heads are published to, and what it may ask for.

A kind of place is a module of its own (publish_folder.py, publish_bucket.py) that gives objects of
`Target`; targets.py makes them from the settings. Heads come in their order, each one until it is
there: whatever a target raises is told to the operator and tried again, later and later.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from plugins.audit_trail.hashing.canonical import canonical_bytes
from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.heads.evidence import Seam


class PublicationFailed(Exception):
    """The head did not get there; the message says why, and it is tried again."""


class PublicationConflict(PublicationFailed):
    """There is another file under the name of one of ours: somebody published another history, or
    the place is also written by another installation. Trying again will not help."""


@dataclass(frozen=True)
class File:
    """What stays as it is once it is there; `path` is relative to the place."""

    path: str
    content: bytes


@dataclass(frozen=True)
class Publication:
    """A signed head to be published. `since` is the size of the head of this epoch that is there
    already, 0 when there is none. `seam` ties this epoch to the one before."""

    epoch: Epoch
    head: Checkpoint
    note: bytes
    since: int
    seam: Seam | None = None


class LogReader(Protocol):
    """The hashes of the log, for whoever publishes more than the head itself."""

    def tiles(self, publication: Publication) -> AsyncIterator[File]:
        """The tiles that came since (C2SP tlog-tiles), each compared with the head's root."""

    async def proof(self, epoch: int, old: int, new: int) -> Sequence[bytes]:
        """Proof that the tree of `old` entries is the start of that of `new` (RFC 9162 §2.1.4)."""


class Target(Protocol):
    """One place. `name` is how the database and the operator know it; it holds no credentials."""

    @property
    def name(self) -> str: ...

    async def publish(self, publication: Publication, log: LogReader) -> str:
        """Return once the head is there for good. The answer is what an operator should know about
        the place, such as that nothing keeps files there from being deleted; or nothing."""

    async def keep(self, files: Sequence[File]) -> None:
        """Put files there that say more of heads which are there."""


def folder_of(epoch: Epoch) -> str:
    """Each epoch is a log of its own, with a folder of its own at every place."""
    return f"epoch-{epoch.number:06d}"


def files_of(publication: Publication) -> list[File]:
    """The head, after what an outsider needs to check it when it is the first: keys, epoch, the
    seam to the epoch before."""
    folder, epoch, seam = folder_of(publication.epoch), publication.epoch, publication.seam
    files = []
    if publication.since == 0:
        keys = "".join(f"{key}\n" for key in epoch.verifier_keys)
        files += [File(f"{folder}/keys", keys.encode()), File(f"{folder}/epoch", _record(epoch))]
        if seam is not None:
            files.append(File(f"{folder}/closing-of-last", seam.closing.encode()))
        if seam is not None and seam.succession is not None:
            files.append(File(f"{folder}/succession", seam.succession.encode()))
    files.append(File(f"{folder}/heads/{publication.head.size:020d}.note", publication.note))
    return files


def _record(epoch: Epoch) -> bytes:
    return canonical_bytes(msgspec.structs.asdict(epoch))
