"""What the audit trail can say of policies."""

from cms.kernel.vocabulary import AuditTag


class ZeroTrustTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    DECISION_LIST = "zero_trust:decision:list"
    DECISION_READ = "zero_trust:decision:read"
    DECISION_WHY = "zero_trust:decision:why"
    POLICY_EXPLAIN = "zero_trust:policy:explain"
    POLICY_LIST = "zero_trust:policy:list"
