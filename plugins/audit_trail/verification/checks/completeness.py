"""What never came into the log: holes in the numbers of writers, entries that were set aside."""

from plugins.audit_trail.completeness.gaps import LOST, UNDER_WAY, UNPROVEN, find_gaps
from plugins.audit_trail.events import INSTALLATION, QuarantineSettled
from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot

# Settled is what the log itself says has been settled.
_SET_ASIDE = f"""
select q.event_id, q.reason, q.set_aside_at, q.settled_at is not null and exists (
  select from audit.events e join audit.leaves l on l.event_id = e.event_id
  where e.tenant_id = {INSTALLATION.id} and e.action = '{QuarantineSettled.tag}'
    and e.event_data->>'event_id' = q.event_id::text)
from audit.quarantine q order by q.id
"""  # noqa: S608


def _verify_set_aside(snapshot: Snapshot, report: Report) -> None:
    for event_id, reason, moment, is_settled in snapshot.stream(_SET_ASIDE):
        if is_settled:
            report.settled += 1
            continue
        message = f"an entry was set aside on {moment:%Y-%m-%d %H:%M:%S%z}: {reason}"
        report.note("set-aside", message, event_id=str(event_id))


def _verify_numbers(snapshot: Snapshot, report: Report) -> None:
    """Whether events are missing that never came into the log."""
    gaps = find_gaps(snapshot.connection, snapshot.pruned.times())
    report.unproven = len(gaps.of(UNPROVEN))
    report.under_way = len(gaps.of(UNDER_WAY))
    for hole in gaps.of(LOST):
        message = f"events are missing before they came into the log; {hole}"
        seq = hole.before.seq if hole.before else 0
        report.note("writer-gap", message, seq=seq, until=hole.after.seq)
    for event in gaps.doubled:
        message = f"number {event.number} of a writer is borne by two events"
        report.note("writer-number", message, seq=event.seq, event_id=event.event_id)


CHECKS = (
    Check("set-aside", _verify_set_aside, order=50, of_epochs=False),
    Check("numbers", _verify_numbers, order=55, of_ranges=False, of_epochs=False),
)
