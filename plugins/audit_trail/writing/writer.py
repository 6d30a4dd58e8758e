"""Who writes: a process with an id of its own, and the numbers that it gives its events.

A number that was given out is either in the log, or taken back by a later event of the same writer
(`writer_void`), or on its way. So a row that somebody removes before it is sequenced leaves a hole.
What was rolled back is said again by every block until one that says it has committed: each event
of a writer then tells all that was rolled back when it was numbered, and of the numbers below it
only those can be missing whose transactions were open at that moment.
"""

import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from cms.kernel.work import Ending

LEAVES_AFTER = 1800.0
"""Seconds of silence after which a process begins anew, under another id."""
CLOSED_AFTER = 2 * LEAVES_AFTER
"""Seconds of silence after which the sequencer takes a writer for gone. Age decides, and no sign of
life beside the events: those that a pooled connection or a frozen process gives are wrong too
often, and a writer that is closed too late costs nothing."""

MOST_VOID = 1000
"""Numbers that one event takes back at most; the next one goes on."""


@dataclass(frozen=True, eq=False)
class Block:
    """Neighbouring numbers for the events of one transaction. `void` is told by the first."""

    writer_id: str
    first: int
    count: int
    void: tuple[int, ...] = ()

    @property
    def numbers(self) -> range:
        return range(self.first, self.first + self.count)


class Writer:
    """The numbers of this process. Nothing in here waits, so tasks cannot get into each other."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._pid, self.id, self._next, self._last_at = 0, "", 0, 0.0
        self._void: set[int] = set()
        self._unknown: list[tuple[Block, str]] = []

    def take(self, count: int) -> Block:
        """The next numbers. A forked child and a process that was silent for long begin anew."""
        now = self._clock()
        if self._pid != os.getpid() or now - self._last_at > LEAVES_AFTER:
            self._begin()
        self._last_at = now
        block = Block(self.id, self._next, count, tuple(sorted(self._void)[:MOST_VOID]))
        self._next += count
        return block

    def end(self, block: Block, ending: Ending, transaction: str | None = None) -> None:
        """What became of a block; `transaction` is its id in the database, if it got so far."""
        if block.writer_id != self.id:
            return  # of an earlier life: the report calls its holes unproven
        if ending is Ending.COMMITTED:
            self._void.difference_update(block.void)
        elif ending is Ending.ROLLED_BACK or transaction is None:
            self._void.update(block.numbers)
        else:
            self._unknown.append((block, transaction))

    def in_doubt(self) -> list[tuple[Block, str]]:
        """The blocks whose end is not known, which the caller now settles or gives back."""
        doubtful, self._unknown = self._unknown, []
        return doubtful

    def settle(self, block: Block, transaction: str, status: str | None) -> None:
        """`status` is that of `pg_xact_status`; null says that it is too old to be known."""
        if status == "committed":
            self.end(block, Ending.COMMITTED)
        elif status == "aborted":
            self.end(block, Ending.ROLLED_BACK)
        elif status is not None:
            self.end(block, Ending.UNKNOWN, transaction)

    def _begin(self) -> None:
        self._pid, self.id, self._next = os.getpid(), secrets.token_hex(8), 0
        self._void, self._unknown = set(), []
