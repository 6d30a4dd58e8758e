"""What the audit trail can say of itself."""

from cms.kernel.vocabulary import AuditTag


class AuditTrailTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    EPOCH_CLOSE = "audit:epoch:close"
    GUARD_SWITCH = "audit:guard:switch"
    LOG_PUBLISH = "audit:log:publish"
    MAINTENANCE_SAY = "audit:maintenance:say"
    PERSONAL_ERASE = "audit:personal:erase"
    PERSONAL_REPORT = "audit:personal:report"
    QUARANTINE_SETTLE = "audit:quarantine:settle"
    TRAIL_BEAT = "audit:trail:beat"
    TRAIL_READ = "audit:trail:read"
    TRAIL_SEARCH = "audit:trail:search"
    TRAIL_EXPORT = "audit:trail:export"
    TRAIL_ASK_EXPORT = "audit:trail:ask_export"
    TRAIL_FETCH_EXPORT = "audit:trail:fetch_export"
