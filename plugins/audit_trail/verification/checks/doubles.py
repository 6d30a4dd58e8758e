"""One event, one entry: on a hypertable no constraint can say so, so the verification does."""

from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot

_COUNTS = """
select (select count(*) from audit.leaves) + (select count(*) from audit.pending),
       (select count(*) from audit.events)
"""
_DOUBLES = """
select min(seq), max(seq), event_id from audit.leaves
group by event_id having count(*) > 1 order by 1
"""


def _verify_doubles(snapshot: Snapshot, report: Report) -> None:
    # That every event is in an entry or in the queue, and every entry has its event, is looked at
    # elsewhere: if the numbers are the same as well, no event can be there twice.
    ((entries, events),) = snapshot.ask(_COUNTS)
    if entries - snapshot.pruned.left(snapshot.connection) == events:
        return
    for first, last, event_id in snapshot.stream(_DOUBLES):
        message = f"one event is entry {first} and entry {last}: somebody queued it again"
        report.note("event-doubled", message, seq=last, event_id=str(event_id))


CHECKS = (Check("doubles", _verify_doubles, order=46, of_ranges=False),)
