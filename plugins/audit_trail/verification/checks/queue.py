"""Events that are not in the log: those that wait for it, and those that nobody told it of."""

from typing import Any

from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.rebuild import FORM, leaf_of
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot

_WAITING = f"""
select p.event_id, p.leaf_hash, e.event_id is not null,
       p.occurred_at < now() - make_interval(secs => %s), {FORM}
from audit.pending p
left join audit.events e on e.occurred_at = p.occurred_at and e.event_id = p.event_id
order by p.occurred_at, p.event_id
"""  # noqa: S608
_OUTSIDE = """
select e.event_id, e.occurred_at::text from audit.events e
where not exists (select from audit.leaves l
                  where l.event_id = e.event_id and l.occurred_at = e.occurred_at)
  and not exists (select from audit.pending p
                  where p.event_id = e.event_id and p.occurred_at = e.occurred_at)
  and not exists (select from audit.quarantine q where q.event_id = e.event_id)
order by e.occurred_at, e.event_id
"""


def _verify_waiting(snapshot: Snapshot, report: Report) -> None:
    for row in snapshot.stream(_WAITING, snapshot.lag):
        event_id, leaf, has_event, is_late, *columns = row
        report.waiting += 1
        place: dict[str, Any] = {"event_id": str(event_id)}
        if not has_event:
            report.note("waiting-orphan", "a queued entry has no event", **place)
        elif leaf_of(columns) != leaf:
            message = "the stored columns of a queued event are not what was hashed"
            report.note("waiting-altered", message, **place)
        if is_late:
            message = f"an event waits for the log for more than {snapshot.lag:g} s: cms worker?"
            report.note("waiting-late", message, **place)


def _verify_outside(snapshot: Snapshot, report: Report) -> None:
    for event_id, moment in snapshot.stream(_OUTSIDE):
        message = f"the event of {moment} is in no entry and in no queue"
        report.note("event-outside", message, event_id=str(event_id))


CHECKS = (
    Check("waiting", _verify_waiting, order=40, of_epochs=False),
    Check("outside", _verify_outside, order=45, of_ranges=False, of_epochs=False),
)
