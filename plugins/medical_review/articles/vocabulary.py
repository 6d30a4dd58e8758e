"""What the audit trail can say of medical texts themselves."""

from cms.kernel.vocabulary import AuditTag


class ArticleTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    SPECIALTY_LIST = "review:specialty:list"
