"""Numbers that a writer gave out and that are nowhere: neither in an event nor taken back.

A chain proves that nothing was changed, never that everything is there. A row that was removed
before it came into the log leaves a hole among the numbers of its writer, and this names it with
the entries around it. What a hole proves depends on what its writer did afterwards (writer.py):
every event tells all numbers that were rolled back before it, so below it only those are missing
whose transactions were open at that moment. Hence a hole is

    lost        the writer went on for longer than any transaction is open, and took it back in none
                of its events; or there are more holes than it can have transactions. A finding.
    unproven    the writer ended with it: killed in the middle of a transaction, or something was
                removed in its last moments. Nobody can tell, and this says so.
    under way   the writer lives, and its next event will tell.
    pruned      it reaches into a time whose events went as the log tells (retention/).

Events of version 1 say nothing about what was rolled back and are not counted.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from cms.host import CONNECTIONS

FLIGHT = timedelta(seconds=60)
"""No transaction stays open for so long once its events are numbered: the commit is next."""

WAIT = timedelta(days=1)
"""An event is in the log by then, so its writer is known no later than that after it."""

MOST_OPEN = 4 * CONNECTIONS
"""Holes that transactions can have left open: one for each connection, and where closing steps of a
unit of work tell more events, some for one."""

CHUNK = 5_000

LOST, UNPROVEN, UNDER_WAY, PRUNED = "lost", "unproven", "under way", "pruned"

Times = Sequence[tuple[datetime, datetime]]
"""Each from its beginning to before its end."""

# An entry that was set aside has no number: else a forged one would fill the hole of another.
_EVENTS = """
audit.events e where e.schema_version >= 2 and not exists (
  select from audit.quarantine q where q.event_id = e.event_id
  and not exists (select from audit.leaves l where l.event_id = q.event_id))
"""
# Counting and summing tell in one pass who has a hole or a rollback; the others are done with.
_WRITERS = f"""
select count(*) over (), writer_id, is_whole from (
  select writer_id, present = last + 1 and total = last * (last + 1) / 2
    and squares = last * (last + 1) * (2 * last + 1) / 6 as is_whole
  from (
    select e.writer_id, count(*) as present, max(e.writer_seq)::numeric as last,
           sum(e.writer_seq) as total, sum(e.writer_seq * e.writer_seq::numeric) as squares
    from {_EVENTS} group by e.writer_id
  ) counted
) w
"""  # noqa: S608
_NUMBERS = f"""
select e.writer_id, e.writer_seq, e.event_id, e.occurred_at,
       array(select v from unnest(e.writer_void) v where v is not null)
from {_EVENTS} and e.writer_id = any (%s)
order by e.writer_id, e.writer_seq
"""  # noqa: S608
_STANDING = """
select writer_id, closed_at is not null, opened_at from audit.writers where writer_id = any (%s)
"""
_PLACES = "select event_id, seq from audit.leaves where event_id = any (%s)"


class Neighbour(msgspec.Struct):
    """The event on one side of a hole; `seq` is its entry, null while it waits."""

    number: int
    event_id: str
    occurred_at: datetime
    seq: int | None = None

    def __str__(self) -> str:
        place = "a waiting event" if self.seq is None else f"entry {self.seq}"
        return f"{place} of {self.occurred_at:%Y-%m-%d %H:%M:%S} UTC"


class Hole(msgspec.Struct, kw_only=True):
    """The numbers `first` … `last` of a writer are nowhere."""

    writer_id: str
    first: int
    last: int
    standing: str = UNDER_WAY
    before: Neighbour | None = None
    after: Neighbour

    def __str__(self) -> str:
        numbers = str(self.first) if self.first == self.last else f"{self.first} to {self.last}"
        since = f"after {self.before}" if self.before else "from the beginning"
        place = f"{since}, before {self.after}"
        return f"{self.standing}: writer {self.writer_id}, numbers {numbers}, {place}"

    def overlaps(self, times: Times, opened_at: datetime | None) -> bool:
        """Whether what is missing here may have happened in one of these times. A writer whose
        first event came into the log after them has lost nothing to them."""
        if self.before is not None:
            begins = self.before.occurred_at
        elif opened_at is not None:
            begins = opened_at - WAIT
        else:
            return False
        return any(since <= self.after.occurred_at and begins < until for since, until in times)


class GapReport(msgspec.Struct):
    """`doubled` are numbers that two events of a writer bear: one of them is not its own."""

    writers: int = 0
    holes: list[Hole] = []
    doubled: list[Neighbour] = []

    def of(self, standing: str) -> list[Hole]:
        return [hole for hole in self.holes if hole.standing == standing]


def find_gaps(connection: Connection[Any], pruned: Times = ()) -> GapReport:
    """Every hole of every writer, in the snapshot of this connection; the owner's rights. `pruned`:
    the times whose events went as the log tells."""
    report = GapReport()
    suspicious = []
    for count, writer_id, is_whole in connection.execute(_WRITERS):
        report.writers = count
        if not is_whole:
            suspicious.append(writer_id)
    if suspicious:
        known = {row[0]: row[1:] for row in connection.execute(_STANDING, [suspicious])}
        for line in _lines(_numbers(connection, suspicious)):
            report.doubled += line.doubled
            is_closed, opened_at = known.get(line.writer_id, (False, None))
            report.holes += line.judged(pruned, opened_at, is_closed=is_closed)
        _find_places(connection, report)
    return report


class _Line:
    """The numbers of one writer in their order."""

    def __init__(self, writer_id: str) -> None:
        self.writer_id = writer_id
        self.doubled: list[Neighbour] = []
        self._last: Neighbour | None = None
        self._reached: datetime | None = None
        self._holes: list[tuple[Hole, datetime]] = []
        self._void: set[int] = set()

    def add(self, event: Neighbour, void: Iterable[int]) -> None:
        self._void.update(void)
        expected = 0 if self._last is None else self._last.number + 1
        self._reached = max(self._reached or event.occurred_at, event.occurred_at)
        if event.number < expected:
            self.doubled.append(event)
        elif event.number > expected:
            hole = Hole(writer_id=self.writer_id, first=expected, last=event.number - 1,
                        before=self._last, after=event)  # fmt: skip
            self._holes.append((hole, self._reached))
        self._last = event

    def judged(self, pruned: Times, opened_at: datetime | None, *, is_closed: bool) -> list[Hole]:
        """The holes that nobody took back, each with what it proves."""
        void = sorted(self._void)
        left = [(part, at) for hole, at in self._holes for part in self._without_void(hole, void)]
        ends = self._reached
        open_ones = []
        for hole, at in left:
            if hole.overlaps(pruned, opened_at):
                hole.standing = PRUNED
            elif ends is not None and ends - at > FLIGHT:
                hole.standing = LOST
            else:
                hole.standing = UNPROVEN if is_closed else UNDER_WAY
                open_ones.append(hole)
        if len(open_ones) > MOST_OPEN:
            for hole in open_ones:
                hole.standing = LOST
        return [hole for hole, _ in left]

    def _without_void(self, hole: Hole, void: list[int]) -> Iterator[Hole]:
        """What is left of the hole; by the numbers taken back, for the hole itself may be huge."""
        first = hole.first
        for number in void[bisect_left(void, hole.first) : bisect_right(void, hole.last)]:
            if number > first:
                yield msgspec.structs.replace(hole, first=first, last=number - 1)
            first = number + 1
        if first <= hole.last:
            yield msgspec.structs.replace(hole, first=first)


def _lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[_Line]:
    line: _Line | None = None
    for writer_id, number, event_id, occurred_at, void in rows:
        if line is None or line.writer_id != writer_id:
            if line is not None:
                yield line
            line = _Line(writer_id)
        line.add(Neighbour(number, str(event_id), occurred_at), void)
    if line is not None:
        yield line


def _numbers(connection: Connection[Any], writers: list[str]) -> Iterator[tuple[Any, ...]]:
    with connection.transaction(), connection.cursor(name="numbers") as cursor:
        cursor.itersize = CHUNK
        cursor.execute(_NUMBERS, [writers])
        yield from cursor


def _find_places(connection: Connection[Any], report: GapReport) -> None:
    sides = [side for hole in report.holes for side in (hole.before, hole.after) if side]
    sides += report.doubled
    found = connection.execute(_PLACES, [[UUID(side.event_id) for side in sides]])
    places = {str(event_id): seq for event_id, seq in found}
    for side in sides:
        side.seq = places.get(side.event_id)
