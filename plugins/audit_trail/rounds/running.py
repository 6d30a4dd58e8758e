"""One verification in a process of its own, which yields to everything else on the machine.

The sequencer ticks twenty times a second in the worker; hashing beside it in one process would make
it late. The process writes how far it is and what came out into its row.
"""

import os
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from plugins.audit_trail.verification.report import CannotVerify, Report
from plugins.audit_trail.verification.snapshot import Wanted
from plugins.audit_trail.verification.verify import verify_log

NICENESS = 10
TELL_EVERY = 1.0

_PROGRESS = "update audit.verifications set done = %s, total = %s where id = %s"
_END = """
update audit.verifications
set state = %s, ended_at = now(), verdict = %s, report = %s::json, total = %s, done = %s,
  until_seq = coalesce(until_seq, nullif(greatest(%s, first_seq), first_seq))
where id = %s
"""


class Task(msgspec.Struct, frozen=True):
    """What the process is to do."""

    id: UUID
    conninfo: str
    folder: str
    lag: float
    wanted: Wanted


def verify(task: Task) -> None:
    """Run it and keep the report; called in the process made for it."""
    os.nice(NICENESS)
    with psycopg.connect(task.conninfo, autocommit=True) as connection:
        told_at = 0.0

        def tell(what: str, done: int, total: int) -> None:
            nonlocal told_at
            if what.startswith("columns") and time.monotonic() - told_at >= TELL_EVERY:
                told_at = time.monotonic()
                connection.execute(_PROGRESS, [done, total, task.id])

        try:
            report = verify_log(
                task.conninfo, Path(task.folder), lag=task.lag, wanted=task.wanted, tell=tell
            )
        except CannotVerify as fault:
            unknown: Any = msgspec.json.encode({"verdict": "unknown", "reason": str(fault)})
            connection.execute(_END, ["failed", "unknown", unknown.decode(), 0, 0, 0, task.id])
            return
        covered = report.covered
        placed, rebuilt = covered.placed - covered.first, covered.rebuilt - covered.first
        said = _without_ids(report)
        values = ["ended", report.verdict, said, placed, rebuilt, covered.placed, task.id]
        connection.execute(_END, values)


def _without_ids(report: Report) -> str:
    """Places in the log are the same for all tenants; ids of events are somebody's."""
    for finding in (*report.findings, *report.warnings):
        finding.event_id = None
    return msgspec.json.encode(report).decode()
