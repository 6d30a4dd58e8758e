"""What the audit trail can say of keys and of sealed values."""

from cms.kernel.vocabulary import AuditTag


class SealingTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    KEY_DESTROY = "sealing:key:destroy"
    KEY_MAKE = "sealing:key:make"
    KEY_RETIRE = "sealing:key:retire"
    KEY_REWRAP = "sealing:key:rewrap"
    KEY_ROTATE = "sealing:key:rotate"
    VALUE_ERASE = "sealing:value:erase"
    VALUE_OPEN = "sealing:value:open"
    VALUE_RESEAL = "sealing:value:reseal"
    VALUE_SEAL = "sealing:value:seal"
