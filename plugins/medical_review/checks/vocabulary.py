"""What the audit trail can say of content checks."""

from cms.kernel.vocabulary import AuditTag


class CheckTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    CHECK_LIST = "review:check:list"
    CHECK_OVERRIDE = "review:check:override"
    CHECK_READ = "review:check:read"
    CHECK_RUN = "review:check:run"
    CHECK_SCAN = "review:check:scan"
    MEDICINE_LOAD = "review:medicine:load"
    MEDICINE_READ = "review:medicine:read"
    RULE_ADD = "review:rule:add"
    RULE_READ = "review:rule:read"
    RULE_WEIGH = "review:rule:weigh"
