"""Who works with the trail, and what each may do unless a site says otherwise."""

from cms.fields.rights import CAPABILITIES as FIELD_CAPABILITIES
from cms.kernel.declarations import Role
from plugins.audit_trail.alerts.rules import MANAGE_ALERTS
from plugins.audit_trail.erasing.erase import ERASE
from plugins.audit_trail.exports.making import EXPORT as MANAGE_COMPLIANCE
from plugins.audit_trail.officers.opening import OPEN
from plugins.audit_trail.officers.purposes import CAPABILITIES as PURPOSES
from plugins.audit_trail.officers.purposes import DOWNLOAD, VIEW
from plugins.audit_trail.retention.rights import CAPABILITIES as RETENTION
from plugins.audit_trail.retention.rights import MANAGE as MANAGE_RETENTION
from plugins.audit_trail.retention.rights import ORDER as ORDER_PROTECTION

# She sees to registrations and reads what policies decide; other plugins ask for these by name.
_OF_OTHER_ROOMS = frozenset({"view_registrations", "manage_registrations", "manage_policies"})

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
            MANAGE_RETENTION,
            "audit_for_compliance",
            "audit_for_data_protection",
            "audit_for_security",
            *FIELD_CAPABILITIES,
            *_OF_OTHER_ROOMS,
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
        {
            "read",
            VIEW,
            OPEN,
            ERASE,
            DOWNLOAD,
            MANAGE_ALERTS,
            MANAGE_RETENTION,
            ORDER_PROTECTION,
            "audit_for_data_protection",
        }
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

ROLES = (COMPLIANCE_OFFICER, DATA_PROTECTION_OFFICER, SECURITY_OFFICER, EXTERNAL_AUDITOR)

CAPABILITIES = {
    **PURPOSES,
    **RETENTION,
    DOWNLOAD: "Get events of the audit trail as a file",
    MANAGE_ALERTS: "Change the rules of audit alerts, and acknowledge alerts",
    VIEW: "Read the audit trail of the site",
    OPEN: "See the personal values of the audit trail",
    ERASE: "Erase personal values of the audit trail",
    MANAGE_COMPLIANCE: "Answer for the site's compliance",
}

GRANTS = {
    "administrator": frozenset(
        {VIEW, MANAGE_COMPLIANCE, MANAGE_RETENTION, DOWNLOAD, MANAGE_ALERTS, *PURPOSES}
    )
}
