"""What the audit trail can say of imports and exports."""

from cms.kernel.vocabulary import AuditTag


class ExchangeTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    EXPORT_WRITE = "exchange:export:write"
    IMPORT_END = "exchange:import:end"
    IMPORT_ERASE_ORIGINALS = "exchange:import:erase_originals"
    IMPORT_START = "exchange:import:start"
    ORIGINAL_KEEP = "exchange:original:keep"
