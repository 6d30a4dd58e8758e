"""What the audit trail can say of policies."""

from cms.kernel.vocabulary import AuditTag


class ZeroTrustTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    POLICY_EXPLAIN = "zero_trust:policy:explain"
    POLICY_LIST = "zero_trust:policy:list"
