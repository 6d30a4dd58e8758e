"""Every entry from the columns of its event, by ranges, in as many processes as are wanted."""

import signal
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from psycopg import sql

from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.columns import RANGE, Flaw, Rebuilding, Rebuilt
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot, open_again

FEWEST_FOR_PROCESSES = 1 << 17
"""Below it, starting another process takes longer than it saves."""

_WHAT = {
    "event-missing": "has no event of this id and time any more",
    "event-altered": "has other columns than were hashed",
    "event-doubled": "has its event twice: a key of audit.events is gone",
}
_EVENT = "select event_id from audit.leaves where epoch = %s and seq = %s"


def _verify(snapshot: Snapshot, report: Report) -> None:
    for by in snapshot.wanted.by:
        # Behind a gap nothing is in its place any more.
        until = report.covered.placed
        progress = _Progress(snapshot, report, by)
        with _rebuilding(snapshot, by, until) as results:
            for made in results:
                progress.add(made)
                for kind, flaw in (
                    ("event-missing", made.missing),
                    ("event-altered", made.altered),
                    ("event-doubled", made.doubled),
                ):
                    _note(snapshot, report, kind, flaw, by)
        report.covered.by = [*report.covered.by, by]


def _note(snapshot: Snapshot, report: Report, kind: str, flaw: Flaw, by: str) -> None:
    if not flaw.count:
        return
    known = next((f for f in report.findings if f.kind == kind), None)
    if by != snapshot.wanted.by[0]:
        # The second implementation says the same again; only what it alone says is new.
        if known is not None and known.seq is not None and flaw.seq is not None:
            return
        kind = f"{kind}-by-{by}"
        known = next((f for f in report.findings if f.kind == kind), None)
    if known is None or known.seq is None or (flaw.seq or 0) < known.seq:
        event: list[Any] = snapshot.ask(_EVENT, snapshot.epoch.number, flaw.seq)
        what = _WHAT[kind.partition("-by-")[0]]
        message = f"entry {flaw.seq} {what}"
        if known is not None:
            known.seq, known.message, known.count = flaw.seq, message, known.count + flaw.count
            known.event_id = str(event[0][0])
            return
        place = {"seq": flaw.seq, "event_id": str(event[0][0])}
        report.note(kind, message, count=flaw.count, **place)
    else:
        known.count += flaw.count


class _Progress:
    """How far it is without a hole: ranges end in any order."""

    def __init__(self, snapshot: Snapshot, report: Report, by: str) -> None:
        self._snapshot, self._report, self._by = snapshot, report, by
        self._done = 0
        self._ended: dict[int, int] = {}
        self._is_first = by == snapshot.wanted.by[0]
        if self._is_first:
            report.covered.rebuilt = snapshot.wanted.first

    def add(self, made: Rebuilt) -> None:
        self._done += made.until - made.first
        self._ended[made.first] = made.until
        covered = self._report.covered
        while self._is_first and covered.rebuilt in self._ended:
            covered.rebuilt = self._ended[covered.rebuilt]
        total = covered.placed - self._snapshot.wanted.first
        self._snapshot.tell(f"columns by {self._by}", self._done, total)


def _ranges(first: int, until: int, step: int) -> Iterator[tuple[int, int]]:
    """Cut at multiples of the step, so that each is whole subtrees."""
    while first < until:
        end = min((first // step + 1) * step, until)
        yield first, end
        first = end


@contextmanager
def _rebuilding(snapshot: Snapshot, by: str, until: int) -> Iterator[Iterator[Rebuilt]]:
    wanted = list(_ranges(snapshot.wanted.first, until, RANGE[by]))
    entries = until - snapshot.wanted.first
    explained = snapshot.pruned.explaining(snapshot.epoch.number)
    if by == "sql" or snapshot.wanted.jobs == 1 or entries < FEWEST_FOR_PROCESSES:
        # PostgreSQL has processes of its own.
        workers = f"set local max_parallel_workers_per_gather = {max(snapshot.wanted.jobs, 1)}"
        snapshot.connection.execute(sql.SQL(workers))
        rebuilding = Rebuilding(snapshot.connection, snapshot.epoch.number, by, explained)
        yield (rebuilding.run(first, until) for first, until in wanted)
        return
    with ProcessPoolExecutor(
        snapshot.wanted.jobs,
        # A fork would share this process's connections.
        mp_context=get_context("spawn"),
        initializer=_open,
        initargs=(snapshot.conninfo, snapshot.name, snapshot.epoch.number, by, explained),
    ) as pool:
        futures = [pool.submit(_run, first, until) for first, until in wanted]
        try:
            yield map(Future.result, as_completed(futures))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_worker: dict[str, Rebuilding] = {}


def _open(conninfo: str, name: str, epoch: int, by: str, explained: str | None) -> None:
    """In a worker process: the same snapshot once more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that waits for us answers it
    _worker["rebuilding"] = Rebuilding(open_again(conninfo, name), epoch, by, explained)


def _run(first: int, until: int) -> Rebuilt:
    return _worker["rebuilding"].run(first, until)


CHECKS = (Check("columns", _verify, order=30),)
