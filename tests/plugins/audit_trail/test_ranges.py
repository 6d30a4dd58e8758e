"""A part of the log, proven by what is stored around it; how far an interrupted run came."""

import psycopg
import pytest

from plugins.audit_trail.verification import columns
from plugins.audit_trail.verification.checks import columns as pool
from plugins.audit_trail.verification.snapshot import Wanted
from plugins.audit_trail.verification.telling import told
from tests.plugins.audit_trail.conftest import House


async def test_a_range_is_proven_and_the_report_says_what_was_left_out(house: House):
    await house.sequence(3, 4, 5)
    report = house.verify(wanted=Wanted(4, 6))
    assert (report.verdict, report.entries) == ("green", 2)
    assert (report.covered.first, report.covered.rebuilt) == (4, 6)
    assert report.proven is not None
    assert report.proven.size == 7, "the first head over the range"
    assert "entries 0 to 3: the stored hashes of their subtrees, not their entries" in told(report)
    assert "entries 6 to 11: the stored hashes" in told(report)
    house.tamper("update audit.events set actor_id = 9 where event_id = "
                 "(select event_id from audit.leaves where seq = 1)")  # fmt: skip
    assert house.verify(wanted=Wanted(4, 6)).is_green, "it was not asked for"
    assert house.verify(wanted=Wanted(0, 2)).first.seq == 1
    house.tamper("update audit.leaves set leaf_hash = sha256('x') where seq = 1")
    found = {finding.kind for finding in house.verify(wanted=Wanted(4, 6)).findings}
    assert "range-unproven" in found


async def test_an_interrupted_run_says_how_far_it_came(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    await house.sequence(3, 4)
    monkeypatch.setitem(columns.RANGE, "python", 2)

    def stop(what: str, done: int, total: int) -> None:
        if what.startswith("columns") and done >= 4:
            raise KeyboardInterrupt

    report = house.verify(tell=stop)
    assert (report.verdict, report.interrupted) == ("unknown", True)
    assert "interrupted: entries 0 to 3 were rebuilt from their columns" in told(report)


async def test_processes_share_one_snapshot(house: House, monkeypatch: pytest.MonkeyPatch):
    await house.sequence(3, 4)
    monkeypatch.setattr(pool, "FEWEST_FOR_PROCESSES", 0)
    monkeypatch.setitem(columns.RANGE, "python", 2)
    report = house.verify(wanted=Wanted(by=("python", "sql"), jobs=2))
    assert (report.verdict, report.covered.rebuilt) == ("green", 7)
    assert report.covered.by == ["python", "sql"]
    with psycopg.connect(house.owner_url) as connection:
        connection.execute("alter table audit.events disable trigger user")
        connection.execute("update audit.events set actor_id = 9 where event_id = "
                           "(select event_id from audit.leaves where seq = 5)")  # fmt: skip
    report = house.verify(wanted=Wanted(by=("python", "sql"), jobs=2))
    assert [(f.kind, f.seq, f.count) for f in report.findings] == [("event-altered", 5, 1)]
