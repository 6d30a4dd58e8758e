"""After a range went as told, everything goes on; what went otherwise is found and named."""

from uuid import UUID

import psycopg
import pytest

from plugins.audit_trail.completeness.gaps import LOST, PRUNED, find_gaps
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.heads.local import LocalSigner
from plugins.audit_trail.log import recovery
from plugins.audit_trail.log.epochs import LogDamaged
from plugins.audit_trail.log.review import review
from plugins.audit_trail.log.sequencer import raise_alarm
from plugins.audit_trail.retention import ranges
from plugins.audit_trail.verification import columns
from plugins.audit_trail.verification.checks import columns as columns_check
from plugins.audit_trail.verification.pruned import read_pruned, signed_sizes
from plugins.audit_trail.verification.snapshot import Wanted
from plugins.audit_trail.verification.telling import told
from tests.plugins.audit_trail.retention.conftest import PART, approve, owner, pruned

pytestmark = pytest.mark.asyncio


def proposed(house):
    with owner(house) as connection:
        pruning = ranges.propose(connection, PART)
    approve(house, pruning, 1, 2)
    return pruning


@pytest.fixture
async def gone(old, tmp_path):
    """The 600 events of March 2016 went: two whole tiles, and 88 entries of the third."""
    await pruned(old, proposed(old), tmp_path)
    return old


def kinds(report):
    return {finding.kind: finding.count for finding in report.findings}


@pytest.mark.parametrize("by", [("python",), ("sql",), ("python", "sql")])
async def test_it_verifies_and_says_what_went_and_who_told(gone, by) -> None:
    report = gone.verify(wanted=Wanted(by=by))
    assert report.verdict == "green", told(report)
    ((event_id, seq),) = gone.ask(
        "select e.event_id, l.seq from audit.events e join audit.leaves l using (event_id) "
        "where e.action = 'audit:range:prune'"
    )
    said = told(report)
    assert (
        "entries 0 to 599 were pruned: 600 events of 2016-03-01 to 2016-04-01, told by entry "
        f"{seq} (event {event_id}); their hashes are proven, their content is in the archive"
    ) in said
    assert report.entries == gone.ask("select max(seq) + 1 from audit.leaves")[0][0]
    assert report.unproven == 0
