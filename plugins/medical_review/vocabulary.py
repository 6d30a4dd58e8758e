"""What the audit trail can say of reviews."""

from cms.kernel.vocabulary import AuditTag


class ReviewTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    ARTICLE_AFFECTED = "review:article:affected"
    REVIEW_DECIDE = "review:review:decide"
    REVIEW_HISTORY = "review:review:history"
    REVIEW_LIST = "review:review:list"
    REVIEW_OPEN = "review:review:open"
    REVIEW_READ = "review:review:read"
    REVIEW_SUBMIT = "review:review:submit"
    REVIEW_WITHDRAW = "review:review:withdraw"
