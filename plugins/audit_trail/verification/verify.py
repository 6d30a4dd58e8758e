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

from plugins.audit_trail.heads.evidence import Evidence, EvidenceMissing, trusted_keys
from plugins.audit_trail.settings import AuditSettings
from plugins.audit_trail.verification.anchors import promised_head, signed_heads
from plugins.audit_trail.verification.checks import Check, all_checks
from plugins.audit_trail.verification.report import CannotVerify, Report
from plugins.audit_trail.verification.snapshot import Progress, Snapshot, Wanted

_SIZE = "select coalesce(max(seq) + 1, 0) from audit.leaves where epoch = %s"
_SEQUENCED = """
select coalesce(min(first_seq), 0), coalesce(max(last_seq) + 1, 0) from audit.batches
where epoch = %s and sequenced_at >= coalesce(%s, '-infinity'::timestamptz)
  and sequenced_at < coalesce(%s, 'infinity'::timestamptz)
"""


def verify_log(
    conninfo: str,
    folder: Path,
    *,
    lag: float = AuditSettings().most_lag,
    wanted: Wanted = Wanted(),
    tell: Progress | None = None,
    checks: Sequence[Check] | None = None,
) -> Report:
    """Compare the stored rows with every signed head. `conninfo` must be a login that may read the
    tables: the owner, or the worker. An interruption ends it with what was found until then. Raises
    CannotVerify."""
    started, report = time.monotonic(), Report()
    snapshot: Snapshot | None = None
    try:
        with psycopg.connect(conninfo, connect_timeout=10) as connection:
            snapshot = _open(connection, conninfo, Evidence(folder), report)
            snapshot.lag, snapshot.wanted = lag, wanted
            if tell is not None:
                snapshot.tell = tell
            _run(snapshot, report, all_checks() if checks is None else checks)
    except KeyboardInterrupt:
        report.interrupted = True
    except (EvidenceMissing, psycopg.Error) as fault:
        raise CannotVerify(str(fault).strip()) from fault
    report.conclude([anchor.head for anchor in snapshot.heads] if snapshot else [])
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


def _run(snapshot: Snapshot, report: Report, checks: Sequence[Check]) -> None:
    for check in checks:
        wanted = snapshot.wanted
        if not (wanted.is_whole or wanted.around or check.of_ranges):
            report.covered.left_out.append(f"the check `{check.name}`, which reads everything")
            continue
        try:
            with snapshot.connection.transaction():
                check.run(snapshot, report)
        except psycopg.errors.InsufficientPrivilege:
            raise
        except (psycopg.DataError, psycopg.ProgrammingError) as fault:
            # Nothing that we made is unreadable; whoever made it must not end the verification.
            message = f"the check `{check.name}` met what it cannot read: {str(fault).strip()}"
            report.note("unreadable", message)
        else:
            report.checks = [*report.checks, check.name]


def _open(
    connection: Connection[TupleRow], conninfo: str, evidence: Evidence, report: Report
) -> Snapshot:
    epoch = evidence.epoch()
    if epoch is None:
        raise CannotVerify(
            f"{evidence.folder} holds no signed log. Either no sequencer has run yet "
            "(start a worker: cms worker), or the folder is lost and must be restored."
        )
    report.origin = epoch.origin
    keys = trusted_keys(epoch)
    # The heads first, the snapshot after them: whatever was signed is then in the snapshot.
    heads = list(signed_heads(evidence, epoch.origin, keys, report))
    if not heads:
        raise CannotVerify(f"{evidence.folder}/heads holds no head that can be trusted")
    promised = list(promised_head(evidence, epoch.origin, heads[-1], report))
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    snapshot = Snapshot(connection, conninfo, evidence, epoch, keys, heads, promised)
    snapshot.name = snapshot.ask("select pg_export_snapshot()")[0][0]
    snapshot.size = snapshot.ask(_SIZE, epoch.number)[0][0]
    return snapshot
