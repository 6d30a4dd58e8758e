"""What the audit trail can say of itself."""

from cms.kernel.vocabulary import AuditTag


class AuditTrailTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    LOG_PUBLISH = "audit:log:publish"
    PERSONAL_ERASE = "audit:personal:erase"
    PERSONAL_REPORT = "audit:personal:report"
    TRAIL_READ = "audit:trail:read"
