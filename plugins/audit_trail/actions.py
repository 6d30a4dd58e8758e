"""What can be done with the trail; retention brings its own actions."""

from cms.kernel.actions import Action
from plugins.audit_trail.alerts.rules import MANAGE_ALERTS
from plugins.audit_trail.erasing.erase import ERASE
from plugins.audit_trail.exports.making import EXPORT as MANAGE_COMPLIANCE
from plugins.audit_trail.officers.opening import OPEN
from plugins.audit_trail.officers.purposes import DOWNLOAD, VIEW
from plugins.audit_trail.vocabulary import AuditTrailTag

ACTIONS = (
    Action(
        "audit.verify",
        "audit_log",
        AuditTrailTag.VERIFICATION_ASK,
        MANAGE_COMPLIANCE,
        summary="Have the log verified from its columns against the signed heads",
    ),
    Action(
        "audit.export",
        "audit_trail",
        AuditTrailTag.TRAIL_EXPORT,
        MANAGE_COMPLIANCE,
        reads=False,
        summary="Export events with their proof, to be checked by outsiders",
    ),
    Action(
        "audit.fetch_export",
        "audit_trail",
        AuditTrailTag.TRAIL_FETCH_EXPORT,
        MANAGE_COMPLIANCE,
        reads=True,
        summary="See one's own exports and fetch their files",
    ),
    Action(
        "audit.erase",
        "audit_trail",
        AuditTrailTag.PERSONAL_ERASE,
        ERASE,
        summary="Erase what the trail holds sealed of a person, on a recorded order",
    ),
    Action(
        "audit.report",
        "audit_trail",
        AuditTrailTag.PERSONAL_REPORT,
        OPEN,
        reads=True,
        summary="Put together everything that the trail tells of a person",
    ),
    Action(
        "audit.publish",
        "audit_log",
        AuditTrailTag.LOG_PUBLISH,
        None,
        reads=True,
        summary="See the signed heads and the hashes of the log, which say nothing of anybody",
    ),
    Action(
        "audit.read",
        "audit_trail",
        AuditTrailTag.TRAIL_READ,
        VIEW,
        reads=True,
        summary="See who did what to which content, and the signed heads of the log",
    ),
    Action(
        "audit.download",
        "audit_trail",
        AuditTrailTag.TRAIL_DOWNLOAD,
        DOWNLOAD,
        reads=True,
        summary="Get any number of events as a file",
    ),
    Action(
        "audit.search",
        "audit_trail",
        AuditTrailTag.SEARCH_SAVE,
        VIEW,
        summary="Save, change and remove searches of one's own",
    ),
    Action(
        "audit.alerts",
        "audit_trail",
        AuditTrailTag.ALERT_LIST,
        VIEW,
        reads=True,
        summary="See alerts and the rules that raise them",
    ),
    Action(
        "audit.alert",
        "audit_trail",
        AuditTrailTag.ALERT_RULE_SAVE,
        MANAGE_ALERTS,
        summary="Change the rules that raise alerts, and acknowledge alerts",
    ),
)
