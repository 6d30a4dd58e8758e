"""What the audit trail can say of itself."""

from cms.kernel.vocabulary import AuditTag


class AuditTrailTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    EPOCH_CLOSE = "audit:epoch:close"
    GUARD_SWITCH = "audit:guard:switch"
    HOLD_PLACE = "audit:hold:place"
    HOLD_READ = "audit:hold:read"
    HOLD_RELEASE = "audit:hold:release"
    LOG_PUBLISH = "audit:log:publish"
    MAINTENANCE_SAY = "audit:maintenance:say"
    PERSONAL_ERASE = "audit:personal:erase"
    PERSONAL_EXPIRE = "audit:personal:expire"
    PERSONAL_REPORT = "audit:personal:report"
    QUARANTINE_SETTLE = "audit:quarantine:settle"
    RANGE_APPROVE = "audit:range:approve"
    RANGE_PRUNE = "audit:range:prune"
    RANGE_READ = "audit:range:read"
    RETENTION_READ = "audit:retention:read"
    RETENTION_SET = "audit:retention:set"
    TRAIL_ASK_EXPORT = "audit:trail:ask_export"
    TRAIL_BEAT = "audit:trail:beat"
    TRAIL_EXPORT = "audit:trail:export"
    TRAIL_FETCH_EXPORT = "audit:trail:fetch_export"
    TRAIL_READ = "audit:trail:read"
    TRAIL_SEARCH = "audit:trail:search"
