"""What the audit trail can say of the library and of what texts rest on."""

from cms.kernel.vocabulary import AuditTag


class ReferenceTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    REFERENCE_ADD = "review:reference:add"
    REFERENCE_CHANGE = "review:reference:change"
    REFERENCE_LIST = "review:reference:list"
    REFERENCE_MERGE = "review:reference:merge"
    REFERENCE_READ = "review:reference:read"
    REFERENCE_REINSTATE = "review:reference:reinstate"
    REFERENCE_RETRACT = "review:reference:retract"
    REFERENCE_STYLE = "review:reference:style"
    REFERENCE_WATCH = "review:reference:watch"
