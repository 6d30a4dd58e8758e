"""The signer inside of the worker: the weaker form, for whoever takes the worker takes the keys."""

from collections.abc import Collection, Sequence
from threading import Lock

from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.heads import rollover
from plugins.audit_trail.heads.evidence import Evidence, EvidenceMissing, Seam
from plugins.audit_trail.heads.port import Closing, NextEpoch
from plugins.audit_trail.heads.signer import HeadKeeper


class LocalSigner:
    """Signs with the keys of a folder, in whichever epoch the folder is."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._keeper: tuple[int, HeadKeeper] | None = None
        self._turn = Lock()

    def epochs(self) -> list[Epoch]:
        return self._evidence.records()

    def open(self, site: str) -> Epoch:
        with self._turn:
            return self._evidence.epoch() or self._evidence.open_log(site)

    def last(self) -> Checkpoint:
        with self._turn:
            found = self._current().last()
        if found is None:
            raise EvidenceMissing("no head is kept, not even that of the empty tree")
        return found

    def sign(self, size: int, root: bytes, proof: Sequence[bytes]) -> Checkpoint:
        with self._turn:
            return self._current().sign(size, root, proof)

    def prepare(self, site: str) -> NextEpoch:
        with self._turn:
            return rollover.prepare(self._evidence, site)

    def roll(self, site: str, closing: Closing) -> Epoch:
        with self._turn:
            return rollover.roll(self._evidence, self._current(), site, closing)

    def seams(self) -> list[Seam]:
        return self._evidence.seams()

    def thin(self, pinned: Collection[int]) -> int:
        with self._turn:
            return self._current().thin(pinned)

    def _current(self) -> HeadKeeper:
        """Of today's epoch. It is kept, for opening one reads the names of all heads."""
        record = self._evidence.epoch()
        if record is None:
            raise EvidenceMissing(f"{self._evidence.root} holds no log")
        if self._keeper is None or self._keeper[0] != record.number:
            rollover.finish(self._evidence)
            self._keeper = record.number, self._evidence.keeper(record)
        return self._keeper[1]
