"""A trail that even its administrator cannot rewrite unseen: a transparency log in PostgreSQL."""

from cms.fields.rights import CAPABILITIES as FIELD_CAPABILITIES
from cms.kernel.actions import Action
from cms.kernel.declarations import Role
from cms.kernel.plugin import Plugin
from plugins.audit_trail.alerts.letters import JOBS
from plugins.audit_trail.alerts.models import MODELS as ALERT_MODELS
from plugins.audit_trail.alerts.rules import MANAGE_ALERTS
from plugins.audit_trail.alerts.service import SERVICE as WATCH
from plugins.audit_trail.erasing.erase import ERASE
from plugins.audit_trail.erasing.events import ERASING_EVENTS
from plugins.audit_trail.events import EVENTS
from plugins.audit_trail.health import CHECKS
from plugins.audit_trail.log.sequencer import SERVICE
from plugins.audit_trail.officers.models import Search
from plugins.audit_trail.officers.opening import OPEN
from plugins.audit_trail.officers.purposes import CAPABILITIES, DOWNLOAD, VIEW
from plugins.audit_trail.settings import AuditSettings
from plugins.audit_trail.vocabulary import AuditTrailTag
from plugins.audit_trail.writing.recording import connect

MANAGE_COMPLIANCE = "manage_compliance"

COMPLIANCE_OFFICER = Role(
    name="compliance_officer",
    label="Compliance officer",
    capabilities=frozenset(
        {
            "read",
            VIEW,
            OPEN,
            DOWNLOAD,
            MANAGE_ALERTS,
            MANAGE_COMPLIANCE,
            "audit_for_compliance",
            "audit_for_data_protection",
            "audit_for_security",
            *FIELD_CAPABILITIES,
        }
    ),
    medical_scope={"content_types": ["all"], "compliance_oversight": True},
    compliance_level="admin",
)
# Who answers to data subjects (LGPD, art. 41).
DATA_PROTECTION_OFFICER = Role(
    name="data_protection_officer",
    label="Data protection officer",
    capabilities=frozenset(
        {"read", VIEW, OPEN, ERASE, DOWNLOAD, MANAGE_ALERTS, "audit_for_data_protection"}
    ),
    medical_scope={"content_types": [], "compliance_oversight": True},
    compliance_level="admin",
)
SECURITY_OFFICER = Role(
    name="security_officer",
    label="Security officer",
    capabilities=frozenset({"read", VIEW, MANAGE_ALERTS, "audit_for_security"}),
    compliance_level="admin",
)
# Comes for a time: who gives the role says until when, and 30 days is what it is given for.
EXTERNAL_AUDITOR = Role(
    name="external_auditor",
    label="External auditor",
    capabilities=frozenset({"read", VIEW, DOWNLOAD, "audit_externally"}),
    compliance_level="admin",
    days=30,
)

ACTIONS = (
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

plugin = Plugin(
    slug="audit_trail",
    summary="Keeps every event in a log whose past cannot be changed unseen",
    api_prefix="audit",
    command="plugins.audit_trail.cli:audit",
    migrations="plugins.audit_trail.migrations",
    routes="plugins.audit_trail.routes:routes",
    well_known="plugins.audit_trail.proving.publishing:well_known",
    demo="plugins.audit_trail.demo:seed",
    models=(Search, *ALERT_MODELS),
    roles=(COMPLIANCE_OFFICER, DATA_PROTECTION_OFFICER, SECURITY_OFFICER, EXTERNAL_AUDITOR),
    capabilities={
        **CAPABILITIES,
        DOWNLOAD: "Get events of the audit trail as a file",
        MANAGE_ALERTS: "Change the rules of audit alerts, and acknowledge alerts",
        VIEW: "Read the audit trail of the site",
        OPEN: "See the personal values of the audit trail",
        ERASE: "Erase personal values of the audit trail",
        MANAGE_COMPLIANCE: "Answer for the site's compliance",
    },
    grants={
        "administrator": frozenset(
            {VIEW, MANAGE_COMPLIANCE, DOWNLOAD, MANAGE_ALERTS, *CAPABILITIES}
        )
    },
    vocabulary=(AuditTrailTag,),
    actions=ACTIONS,
    events=(*EVENTS, *ERASING_EVENTS),
    jobs=JOBS,
    services=(SERVICE, WATCH),
    settings=AuditSettings,
    health=CHECKS,
    connect=connect,
)
