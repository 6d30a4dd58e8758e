"""What a verification looks at: one moment of the database, and the heads that were signed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection
from psycopg.rows import TupleRow

from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import VerifierKey
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.outside.trust import Trust
from plugins.audit_trail.verification.anchors import Anchor
from plugins.audit_trail.verification.epochs import KeptEpoch

CHUNK = 5_000

Rows = Iterator[tuple[Any, ...]]


@dataclass
class Snapshot:
    """One REPEATABLE READ transaction of a login that may read the tables, and the folder of signed
    heads, whose signatures are verified: every head here is to be believed. It is of one epoch,
    `kept`; `epochs` are all of them."""

    connection: Connection[TupleRow]
    evidence: Evidence
    epoch: Epoch
    keys: tuple[VerifierKey, ...]
    heads: list[Anchor]
    lag: float
    kept: KeptEpoch
    epochs: list[KeptEpoch]
    trust: Trust = field(default_factory=Trust)
    _names: int = field(default=0, init=False)

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """All rows of a small answer."""
        return self.connection.execute(query, values).fetchall()

    def stream(self, query: str, *values: Any) -> Rows:
        """The rows of an answer of any size, a few thousand at a time."""
        self._names += 1
        with self.connection.cursor(name=f"verify_{self._names}") as cursor:
            cursor.itersize = CHUNK
            cursor.execute(query, values)
            yield from cursor
