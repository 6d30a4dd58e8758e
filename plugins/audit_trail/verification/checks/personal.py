"""What lies sealed beside the events: unaltered, or erased by an order that the log tells of."""

from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.commitments import check_commitments
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot


def _verify(snapshot: Snapshot, report: Report) -> None:
    report.personal = check_commitments(snapshot.connection, report)


CHECKS = (Check("personal", _verify, order=60, of_ranges=False, of_epochs=False),)
