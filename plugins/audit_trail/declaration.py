"""A trail that even its administrator cannot rewrite unseen: a transparency log in PostgreSQL."""

from cms.fields.rights import CAPABILITIES as FIELD_CAPABILITIES
from cms.kernel.actions import Action
from cms.kernel.declarations import Role
from cms.kernel.plugin import Plugin
from plugins.audit_trail.completeness.upkeep import UPKEEP
from plugins.audit_trail.crossing.carrier import CARRYING
from plugins.audit_trail.crossing.health import CROSSING_CHECKS
from plugins.audit_trail.erasing.erase import ERASE
from plugins.audit_trail.erasing.events import ERASING_EVENTS
from plugins.audit_trail.events import EVENTS
from plugins.audit_trail.exports.events import EVENTS as EXPORT_EVENTS
from plugins.audit_trail.exports.jobs import JOBS
from plugins.audit_trail.exports.making import EXPORT as MANAGE_COMPLIANCE
from plugins.audit_trail.heads.health import HEAD_CHECKS
from plugins.audit_trail.health import CHECKS
from plugins.audit_trail.log.sequencer import SERVICE
from plugins.audit_trail.officers.reading import OPEN, VIEW
from plugins.audit_trail.outside.cosigning import SERVICE as WITNESSES
from plugins.audit_trail.outside.health import OUTSIDE_CHECKS
from plugins.audit_trail.outside.stamping import SERVICE as TIMESTAMPS
from plugins.audit_trail.publication.service import PUBLISHER
from plugins.audit_trail.retention.events import RETENTION_EVENTS
from plugins.audit_trail.retention.expiring import EXPIRING
from plugins.audit_trail.retention.rights import CAPABILITIES as RETENTION_CAPABILITIES
from plugins.audit_trail.retention.rights import MANAGE as MANAGE_RETENTION
from plugins.audit_trail.retention.rights import ORDER as ORDER_PROTECTION
from plugins.audit_trail.retention.rights import RETENTION_ACTIONS
from plugins.audit_trail.settings import AuditSettings
from plugins.audit_trail.storage.health import CHECKS as STORAGE_CHECKS
from plugins.audit_trail.storage.keeper import SERVICE as KEEPER
from plugins.audit_trail.vocabulary import AuditTrailTag
from plugins.audit_trail.writing.recording import connect

COMPLIANCE_OFFICER = Role(
    name="compliance_officer",
    label="Compliance officer",
    capabilities=frozenset(
        {"read", VIEW, OPEN, MANAGE_COMPLIANCE, MANAGE_RETENTION, *FIELD_CAPABILITIES}
    ),
    medical_scope={"content_types": ["all"], "compliance_oversight": True},
    compliance_level="admin",
)

DATA_PROTECTION_OFFICER = Role(
    name="data_protection_officer",
    label="Data protection officer",
    capabilities=frozenset({"read", VIEW, OPEN, ERASE, MANAGE_RETENTION, ORDER_PROTECTION}),
    medical_scope={"content_types": [], "compliance_oversight": True},
    compliance_level="admin",
)

ACTIONS = (
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
    roles=(COMPLIANCE_OFFICER, DATA_PROTECTION_OFFICER),
    capabilities={
        VIEW: "Read the audit trail of the site",
        OPEN: "See the personal values of the audit trail",
        ERASE: "Erase personal values of the audit trail",
        MANAGE_COMPLIANCE: "Answer for the site's compliance",
        **RETENTION_CAPABILITIES,
    },
    grants={"administrator": frozenset({VIEW, MANAGE_COMPLIANCE, MANAGE_RETENTION})},
    vocabulary=(AuditTrailTag,),
    actions=(*ACTIONS, *RETENTION_ACTIONS),
    events=(*EVENTS, *ERASING_EVENTS, *EXPORT_EVENTS, *RETENTION_EVENTS),
    jobs=(*JOBS, EXPIRING),
    upgraded="plugins.audit_trail.completeness.guard:follow_settings",
    services=(CARRYING, SERVICE, UPKEEP, KEEPER, PUBLISHER, WITNESSES, TIMESTAMPS),
    settings=AuditSettings,
    health=(*CHECKS, *CROSSING_CHECKS, *HEAD_CHECKS, *OUTSIDE_CHECKS, *STORAGE_CHECKS),
    connect=connect,
)
