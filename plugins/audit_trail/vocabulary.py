"""What the audit trail can say of itself."""

from cms.kernel.vocabulary import AuditTag


class AuditTrailTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    ALERT_ACKNOWLEDGE = "audit:alert:acknowledge"
    ALERT_LIST = "audit:alert:list"
    ALERT_MAIL = "audit:alert:mail"
    ALERT_RAISE = "audit:alert:raise"
    ALERT_RULE_REMOVE = "audit:alert_rule:remove"
    ALERT_RULE_SAVE = "audit:alert_rule:save"
    LOG_PUBLISH = "audit:log:publish"
    PERSONAL_ERASE = "audit:personal:erase"
    PERSONAL_REPORT = "audit:personal:report"
    SEARCH_REMOVE = "audit:search:remove"
    SEARCH_SAVE = "audit:search:save"
    TRAIL_DOWNLOAD = "audit:trail:download"
    TRAIL_READ = "audit:trail:read"
