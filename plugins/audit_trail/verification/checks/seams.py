"""Each epoch continues the one before; entries of epochs that the heads do not know are said."""

from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.epochs import verify_seams
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot

_BEYOND = "select count(*) from audit.leaves where epoch > %s"


def _verify(snapshot: Snapshot, report: Report) -> None:
    verify_seams(snapshot.epochs, report)
    ((beyond,),) = snapshot.ask(_BEYOND, snapshot.epoch.number)
    if beyond:
        report.remarks.append(
            f"{beyond} entries are of later epochs than these heads know, and were not verified"
        )


CHECKS = (Check("seams", _verify, order=40, of_epochs=False),)
