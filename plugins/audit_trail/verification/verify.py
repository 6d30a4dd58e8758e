"""Verifies the log from its stored rows against what was signed; trusts no stored hash.

It shares no code with what writes the log: see rebuild.py. What is looked at stands in `checks/`.
Everything is read inside one snapshot, by however many processes, and the sequencer goes on.
"""

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow

from plugins.audit_trail.heads.evidence import Evidence, EvidenceMissing
from plugins.audit_trail.outside.trust import Trust
from plugins.audit_trail.settings import AuditSettings
from plugins.audit_trail.verification.anchors import promised_head
from plugins.audit_trail.verification.checks import Check, all_checks
from plugins.audit_trail.verification.epochs import Witnessing, kept_epochs
from plugins.audit_trail.verification.pruned import Pruned, read_pruned
from plugins.audit_trail.verification.report import CannotVerify, Report
from plugins.audit_trail.verification.snapshot import Progress, Snapshot, Wanted

_SIZE = "select coalesce(max(seq) + 1, 0) from audit.leaves where epoch = %s"
_SEQUENCED = """
select coalesce(min(first_seq), 0), coalesce(max(last_seq) + 1, 0) from audit.batches
where epoch = %s and sequenced_at >= coalesce(%s, '-infinity'::timestamptz)
  and sequenced_at < coalesce(%s, 'infinity'::timestamptz)
"""
_LINES = """
select size, string_agg(line, '' order by witness, key_id) from audit.cosignatures
where epoch = %s group by size
"""


def verify_log(
    conninfo: str,
    folder: Path,
    *,
    lag: float = AuditSettings().most_lag,
    wanted: Wanted = Wanted(),
    tell: Progress | None = None,
    checks: Sequence[Check] | None = None,
    trust: Trust = Trust(),
) -> Report:
    """Compare the stored rows with every signed head. `conninfo` must be a login that may read the
    tables: the owner, or the worker. `trust`: whose cosignatures and timestamps are believed. A
    range is one of the newest epoch. An interruption ends it with what was found until then. Raises
    CannotVerify."""
    started, report = time.monotonic(), Report()
    snapshots: list[Snapshot] = []
    try:
        with psycopg.connect(conninfo, connect_timeout=10) as connection:
            snapshots = _open(connection, conninfo, Evidence(folder), report, trust)
            for snapshot in snapshots:
                snapshot.lag, snapshot.wanted, snapshot.trust = lag, wanted, trust
                if tell is not None:
                    snapshot.tell = tell
            _run(snapshots, report, all_checks() if checks is None else checks)
    except KeyboardInterrupt:
        report.interrupted = True
    except (EvidenceMissing, psycopg.Error) as fault:
        raise CannotVerify(str(fault).strip()) from fault
    report.conclude([anchor.head for anchor in snapshots[-1].heads] if snapshots else [])
    report.seconds = round(time.monotonic() - started, 3)
    return report


def entries_between(
    conninfo: str, folder: Path, since: datetime | None, until: datetime | None
) -> tuple[int, int]:
    """The first entry that was put into the log in this time, and the one after the last."""
    epoch = Evidence(folder).epoch()
    try:
        with psycopg.connect(conninfo, connect_timeout=10) as connection:
            values = [epoch.number if epoch else 0, since, until]
            row: Any = connection.execute(_SEQUENCED, values).fetchone()
    except psycopg.Error as fault:
        raise CannotVerify(str(fault).strip()) from fault
    return int(row[0]), int(row[1])


def _run(snapshots: Sequence[Snapshot], report: Report, checks: Sequence[Check]) -> None:
    wanted = snapshots[-1].wanted
    for check in checks:
        if not (wanted.is_whole or wanted.around or check.of_ranges):
            report.covered.left_out.append(f"the check `{check.name}`, which reads everything")
            continue
        of_each = check.of_epochs and wanted.is_whole
        for snapshot in snapshots if of_each else snapshots[-1:]:
            report.epoch = snapshot.epoch.number if check.of_epochs else 0
            _look(snapshot, report, check)
        report.checks = [*report.checks, check.name]


def _look(snapshot: Snapshot, report: Report, check: Check) -> None:
    try:
        with snapshot.connection.transaction():
            check.run(snapshot, report)
    except psycopg.errors.InsufficientPrivilege:
        raise
    except (psycopg.DataError, psycopg.ProgrammingError) as fault:
        # Nothing that we made is unreadable; whoever made it must not end the verification.
        message = f"the check `{check.name}` met what it cannot read: {str(fault).strip()}"
        report.note("unreadable", message)


def _witnessing(connection: Connection[TupleRow], trust: Trust) -> Witnessing:
    def lines(epoch: int) -> dict[int, str]:
        with connection.transaction():
            return dict(connection.execute(_LINES, [epoch]).fetchall())

    return Witnessing([key for key, _ in trust.keys().values()], lines)


def _open(
    connection: Connection[TupleRow],
    conninfo: str,
    evidence: Evidence,
    report: Report,
    trust: Trust,
) -> list[Snapshot]:
    """One for each epoch, all of the same moment."""
    # The heads first, the snapshot after them: whatever was signed is then in the snapshot.
    epochs = kept_epochs(evidence, report, _witnessing(connection, trust))
    if not epochs:
        raise CannotVerify(
            f"{evidence.root} holds no signed log. Either no sequencer has run yet "
            "(start a worker: cms worker), or the folder is lost and must be restored."
        )
    for kept in epochs:
        if not kept.heads:
            raise CannotVerify(f"{kept.folder.path}/heads holds no head that can be trusted")
    report.origin = epochs[-1].record.origin
    made = []
    for kept in epochs:
        heads = list(kept.anchors())
        report.epoch = kept.record.number
        promised = list(promised_head(kept.folder, kept.record.origin, heads[-1], report))
        made.append(
            Snapshot(
                connection,
                conninfo,
                evidence,
                kept.record,
                kept.keys,
                heads,
                promised,
                kept,
                epochs,
            )
        )
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    name = made[-1].ask("select pg_export_snapshot()")[0][0]
    signed = {kept.record.number: max(h.size for h in kept.believed) for kept in epochs}
    pruned = _pruned(connection, signed)
    for snapshot in made:
        number = snapshot.epoch.number
        snapshot.name, snapshot.pruned = name, pruned
        snapshot.size = max(snapshot.ask(_SIZE, number)[0][0], pruned.end(number))
    return made


def _pruned(connection: Connection[TupleRow], signed: dict[int, int]) -> Pruned:
    try:
        with connection.transaction():
            return read_pruned(connection, signed)
    except psycopg.errors.InsufficientPrivilege:
        raise
    except (psycopg.DataError, psycopg.ProgrammingError):
        # Nothing that cannot be read is believed: whatever is gone is then missing.
        return Pruned()
