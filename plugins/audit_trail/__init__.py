"""A trail that even its administrator cannot rewrite unseen: a transparency log in PostgreSQL."""

from cms.fields.rights import CAPABILITIES as FIELD_CAPABILITIES
from cms.kernel.actions import Action
from cms.kernel.declarations import Role
from cms.kernel.plugin import Plugin
from plugins.audit_trail.completeness.upkeep import UPKEEP
from plugins.audit_trail.events import EVENTS
from plugins.audit_trail.health import CHECKS
from plugins.audit_trail.log.sequencer import SERVICE
from plugins.audit_trail.officers.reading import MANAGE_COMPLIANCE, VIEW
from plugins.audit_trail.rounds.service import WATCHMAN
from plugins.audit_trail.settings import AuditSettings
from plugins.audit_trail.writing.recording import connect

COMPLIANCE_OFFICER = Role(
    name="compliance_officer",
    label="Compliance officer",
    capabilities=frozenset({"read", VIEW, MANAGE_COMPLIANCE, *FIELD_CAPABILITIES}),
    medical_scope={"content_types": ["all"], "compliance_oversight": True},
    compliance_level="admin",
)

ACTIONS = (
    Action(
        "audit.verify",
        "audit_log",
        "audit:verification:ask",
        MANAGE_COMPLIANCE,
        summary="Have the log verified from its columns against the signed heads",
    ),
    Action(
        "audit.publish",
        "audit_log",
        "audit:log:publish",
        None,
        reads=True,
        summary="See the signed heads and the hashes of the log, which say nothing of anybody",
    ),
    Action(
        "audit.read",
        "audit_trail",
        "audit:trail:read",
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
    roles=(COMPLIANCE_OFFICER,),
    capabilities={
        VIEW: "Read the audit trail of the site",
        MANAGE_COMPLIANCE: "Answer for the site's compliance",
    },
    grants={"administrator": frozenset({VIEW, MANAGE_COMPLIANCE})},
    actions=ACTIONS,
    events=EVENTS,
    upgraded="plugins.audit_trail.completeness.guard:follow_settings",
    services=(SERVICE, UPKEEP, WATCHMAN),
    settings=AuditSettings,
    health=CHECKS,
    connect=connect,
)
