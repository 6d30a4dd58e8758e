"""What the audit trail can say of medical texts themselves."""

from cms.kernel.vocabulary import AuditTag


class ArticleTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    HEAD_HOT_FIX = "review:head:hot_fix"
    HEAD_LIST = "review:head:list"
    HEAD_REBASE = "review:head:rebase"
    SET_PUBLISH = "review:set:publish"
    SPECIALTY_LIST = "review:specialty:list"
    TARGET_LIST = "review:target:list"
