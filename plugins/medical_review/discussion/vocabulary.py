"""What the audit trail can say of discussions."""

from cms.kernel.vocabulary import AuditTag


class DiscussionTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    COMMENT_DELETE = "review:comment:delete"
    COMMENT_EDIT = "review:comment:edit"
    COMMENT_MENTION = "review:comment:mention"
    COMMENT_WRITE = "review:comment:write"
    SUGGESTION_ACCEPT = "review:suggestion:accept"
    SUGGESTION_REJECT = "review:suggestion:reject"
    THREAD_OPEN = "review:thread:open"
    THREAD_READ = "review:thread:read"
    THREAD_REOPEN = "review:thread:reopen"
    THREAD_RESOLVE = "review:thread:resolve"
