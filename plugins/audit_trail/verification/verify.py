"""Verifies the log from its stored rows against what was signed; trusts no stored hash.

It shares no code with what writes the log: see rebuild.py. What is looked at stands in `checks/`.
Everything is read inside one snapshot, so the sequencer goes on.
"""

import time
from pathlib import Path

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow

from plugins.audit_trail.heads.evidence import Evidence, EvidenceMissing
from plugins.audit_trail.outside.trust import Trust
from plugins.audit_trail.settings import AuditSettings
from plugins.audit_trail.verification.checks import all_checks
from plugins.audit_trail.verification.epochs import kept_epochs
from plugins.audit_trail.verification.report import CannotVerify, Report
from plugins.audit_trail.verification.snapshot import Snapshot


def verify_log(
    conninfo: str,
    folder: Path,
    *,
    lag: float = AuditSettings().most_lag,
    trust: Trust = Trust(),
) -> Report:
    """Compare every stored row with every signed head. `conninfo` must be a login that may read the
    tables: the owner. `trust`: whose cosignatures and timestamps are believed. Raises
    CannotVerify."""
    started, report = time.monotonic(), Report()
    try:
        with psycopg.connect(conninfo, connect_timeout=10) as connection:
            snapshots = _open(connection, Evidence(folder), lag, report)
            for snapshot in snapshots:
                snapshot.trust = trust
            for check in all_checks():
                for snapshot in snapshots if check.of_epochs else snapshots[-1:]:
                    report.epoch = snapshot.epoch.number if check.of_epochs else 0
                    check.run(snapshot, report)
    except (EvidenceMissing, psycopg.Error) as fault:
        raise CannotVerify(str(fault).strip()) from fault
    report.conclude()
    report.seconds = round(time.monotonic() - started, 3)
    return report


def _open(
    connection: Connection[TupleRow], evidence: Evidence, lag: float, report: Report
) -> list[Snapshot]:
    """One for each epoch, all of the same moment."""
    # The heads first, the snapshot after them: whatever was signed is then in the snapshot.
    epochs = kept_epochs(evidence, report)
    if not epochs:
        raise CannotVerify(
            f"{evidence.root} holds no signed log. Either no sequencer has run yet "
            "(start a worker: cms worker), or the folder is lost and must be restored."
        )
    for kept in epochs:
        if not kept.heads:
            raise CannotVerify(f"{kept.folder.path}/heads holds no head that can be trusted")
    report.origin = epochs[-1].record.origin
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    return [
        Snapshot(
            connection, evidence, kept.record, kept.keys, list(kept.anchors()), lag, kept, epochs
        )
        for kept in epochs
    ]
