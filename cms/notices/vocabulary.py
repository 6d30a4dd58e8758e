"""What the audit trail can say of notices."""

from cms.kernel.vocabulary import AuditTag


class NoticesTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    NOTICE_FORGET = "notices:notice:forget"
    NOTICE_LIST = "notices:notice:list"
    NOTICE_MAIL = "notices:notice:mail"
    NOTICE_RETRY = "notices:notice:retry"
    NOTICE_MARK = "notices:notice:mark"
    PREFERENCE_CHANGE = "notices:preference:change"
    PREFERENCE_READ = "notices:preference:read"
