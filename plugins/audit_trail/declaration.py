"""A trail that even its administrator cannot rewrite unseen: a transparency log in PostgreSQL."""

from cms.kernel.plugin import Plugin
from plugins.audit_trail.actions import ACTIONS
from plugins.audit_trail.alerts.letters import JOBS as LETTERS
from plugins.audit_trail.alerts.models import MODELS as ALERT_MODELS
from plugins.audit_trail.alerts.service import SERVICE as WATCH
from plugins.audit_trail.completeness.upkeep import UPKEEP
from plugins.audit_trail.crossing.carrier import CARRYING
from plugins.audit_trail.crossing.health import CROSSING_CHECKS
from plugins.audit_trail.erasing.events import ERASING_EVENTS
from plugins.audit_trail.events import EVENTS
from plugins.audit_trail.exports.events import EVENTS as EXPORT_EVENTS
from plugins.audit_trail.exports.jobs import JOBS as EXPORTS
from plugins.audit_trail.heads.health import HEAD_CHECKS
from plugins.audit_trail.health import CHECKS
from plugins.audit_trail.log.sequencer import SERVICE
from plugins.audit_trail.menu import MENU, PANELS, PLACES
from plugins.audit_trail.officers.models import Search
from plugins.audit_trail.outside.cosigning import SERVICE as WITNESSES
from plugins.audit_trail.outside.health import OUTSIDE_CHECKS
from plugins.audit_trail.outside.stamping import SERVICE as TIMESTAMPS
from plugins.audit_trail.policies import POLICIES
from plugins.audit_trail.publication.service import PUBLISHER
from plugins.audit_trail.retention.events import RETENTION_EVENTS
from plugins.audit_trail.retention.expiring import EXPIRING
from plugins.audit_trail.retention.rights import RETENTION_ACTIONS
from plugins.audit_trail.roles import CAPABILITIES, GRANTS, ROLES
from plugins.audit_trail.rounds.service import WATCHMAN
from plugins.audit_trail.settings import AuditSettings
from plugins.audit_trail.storage.health import CHECKS as STORAGE_CHECKS
from plugins.audit_trail.storage.keeper import SERVICE as KEEPER
from plugins.audit_trail.vocabulary import AuditTrailTag
from plugins.audit_trail.writing.recording import connect

plugin = Plugin(
    slug="audit_trail",
    summary="Keeps every event in a log whose past cannot be changed unseen",
    api_prefix="audit",
    command="plugins.audit_trail.cli:audit",
    migrations="plugins.audit_trail.migrations",
    routes="plugins.audit_trail.routes:routes",
    screens="plugins.audit_trail.screens:SCREENS",
    menu=MENU,
    panels=PANELS,
    places=PLACES,
    well_known="plugins.audit_trail.proving.publishing:well_known",
    demo="plugins.audit_trail.demo:seed",
    models=(Search, *ALERT_MODELS),
    roles=ROLES,
    capabilities=CAPABILITIES,
    grants=GRANTS,
    vocabulary=(AuditTrailTag,),
    actions=(*ACTIONS, *RETENTION_ACTIONS),
    events=(*EVENTS, *ERASING_EVENTS, *EXPORT_EVENTS, *RETENTION_EVENTS),
    jobs=(*EXPORTS, *LETTERS, EXPIRING),
    upgraded="plugins.audit_trail.completeness.guard:follow_settings",
    services=(
        CARRYING,
        SERVICE,
        UPKEEP,
        KEEPER,
        PUBLISHER,
        WITNESSES,
        TIMESTAMPS,
        WATCH,
        WATCHMAN,
    ),
    settings=AuditSettings,
    policies=POLICIES,
    health=(*CHECKS, *CROSSING_CHECKS, *HEAD_CHECKS, *OUTSIDE_CHECKS, *STORAGE_CHECKS),
    connect=connect,
)
