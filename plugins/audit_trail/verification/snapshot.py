"""What a verification looks at: one moment of the database, and the heads that were signed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import Connection, IsolationLevel, sql
from psycopg.rows import TupleRow

from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import VerifierKey
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.outside.trust import Trust
from plugins.audit_trail.verification.anchors import Anchor
from plugins.audit_trail.verification.epochs import KeptEpoch
from plugins.audit_trail.verification.pruned import Pruned

CHUNK = 5_000

Rows = Iterator[tuple[Any, ...]]
Progress = Callable[[str, int, int], None]
"""Told what is being done, how many entries of it are done, and of how many."""


@dataclass(frozen=True)
class Wanted:
    """What a caller wants verified: the entries `first` … `until - 1`, all when nothing is said,
    rebuilt by `python`, by `sql` or by both, with so many processes. `around`: checks that must
    read everything run for a range too."""

    first: int = 0
    until: int | None = None
    by: tuple[str, ...] = ("python",)
    jobs: int = 1
    around: bool = False

    @property
    def is_whole(self) -> bool:
        return self.first == 0 and self.until is None


def _quiet(what: str, done: int, total: int) -> None:
    """Nobody looks."""


@dataclass
class Snapshot:
    """One REPEATABLE READ transaction of a login that may read the tables, and the folder of signed
    heads, whose signatures are verified: every head here is to be believed. It is of one epoch,
    `kept`; `epochs` are all of them. `conninfo` and `name` open the same snapshot once more, in
    another process. `pruned`: what went, and was told of. `trust`: whose cosignatures and
    timestamps are believed."""

    connection: Connection[TupleRow]
    conninfo: str
    evidence: Evidence
    epoch: Epoch
    keys: tuple[VerifierKey, ...]
    heads: list[Anchor]
    promised: list[Anchor]
    kept: KeptEpoch
    epochs: list[KeptEpoch]
    pruned: Pruned = field(default_factory=Pruned)
    trust: Trust = field(default_factory=Trust)
    lag: float = 0.0
    wanted: Wanted = field(default_factory=Wanted)
    tell: Progress = field(default=_quiet)
    name: str = ""
    size: int = 0
    _cursors: int = field(default=0, init=False)

    @property
    def until(self) -> int:
        """The end of what is wanted; no more than is stored."""
        return self.size if self.wanted.until is None else min(self.wanted.until, self.size)

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a small answer."""
        return self.connection.execute(query, values).fetchall()

    def stream(self, query: str, *values: Any) -> Rows:
        """The rows of an answer of any size, a few thousand at a time."""
        self._cursors += 1
        with self.connection.cursor(name=f"verify_{self._cursors}") as cursor:
            cursor.itersize = CHUNK
            cursor.execute(query, values)
            yield from cursor

    @contextmanager
    def again(self) -> Iterator[Connection[TupleRow]]:
        """The same snapshot on a connection of its own, for what is read beside something else."""
        connection = open_again(self.conninfo, self.name)
        try:
            yield connection
        finally:
            connection.close()  # nothing to commit, and a COPY may be half read


def open_again(conninfo: str, name: str) -> Connection[TupleRow]:
    """A connection of its own inside an exported snapshot."""
    connection = psycopg.connect(conninfo, connect_timeout=10)
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    connection.execute(sql.SQL("set transaction snapshot {}").format(sql.Literal(name)))
    return connection
