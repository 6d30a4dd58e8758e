"""What the audit trail can say of texts after their publication."""

from cms.kernel.vocabulary import AuditTag


class AftercareTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    CASE_TEXTS_NOTE = "review:case_texts:note"
    INHERITED_ASSIGN = "review:inherited:assign"
    INHERITED_LIST = "review:inherited:list"
    INHERITED_PLAN = "review:inherited:plan"
    INHERITED_SCAN = "review:inherited:scan"
    PUBLICATION_RECORD = "review:publication:record"
    PUBLICATION_END = "review:publication:end"
    RULES_READ = "review:aftercare:read"
    RULES_SET = "review:aftercare:set"
    UPKEEP_ESCALATE = "review:upkeep:escalate"
    UPKEEP_LIST = "review:upkeep:list"
    UPKEEP_OVERDUE = "review:upkeep:overdue"
    UPKEEP_PLAN = "review:upkeep:plan"
    UPKEEP_REMIND = "review:upkeep:remind"
    UPKEEP_RENEW = "review:upkeep:renew"
    UPKEEP_SET = "review:upkeep:set"
    REOPENING_CLOSE = "review:reopening:close"
    REOPENING_OPEN = "review:reopening:open"
    NOTICE_LIFT = "review:public_notice:lift"
    NOTICE_PLACE = "review:public_notice:place"
    TEXT_CORRECT = "review:text:correct"
    TEXT_REINSTATE = "review:text:reinstate"
    TEXT_RETRACT = "review:text:retract"
