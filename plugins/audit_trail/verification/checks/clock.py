"""The time that an entry claims, beside the time at which the log took it in."""

from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot

MOST_SKEW = "1 hour"
_SKEWED = """
select count(*), min(l.seq) from audit.batches b join audit.leaves l
  on l.epoch = b.epoch and l.seq between b.first_seq and b.last_seq
where b.epoch = %s and b.last_seq >= %s and b.first_seq < %s
  and l.occurred_at not between b.sequenced_at - %s::interval and b.sequenced_at + %s::interval
"""


def _verify(snapshot: Snapshot, report: Report) -> None:
    first, until = snapshot.wanted.first, snapshot.until
    values = (snapshot.epoch.number, first, until, MOST_SKEW, MOST_SKEW)
    [(count, seq)] = snapshot.ask(_SKEWED, *values)
    if count:
        message = (
            f"{count} entries claim a time more than {MOST_SKEW} away from that of their batch, "
            f"the first is entry {seq}: a clock was wrong, or they waited"
        )
        report.warn("clock-skew", message, seq=seq)


CHECKS = (Check("clock", _verify, order=62),)
