"""What the audit trail can say of files."""

from cms.kernel.vocabulary import AuditTag


class MediaTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    FILE_ERASE = "media:file:erase"
    FILE_ORIGINAL = "media:file:original"
    FILE_REMOVE = "media:file:remove"
    FILE_RENEW = "media:file:renew"
    FILE_SERVE = "media:file:serve"
    FILE_UPLOAD = "media:file:upload"
    ITEM_DELETE = "media:item:delete"
    ITEM_EDIT = "media:item:edit"
    ITEM_LIST = "media:item:list"
    ITEM_READ = "media:item:read"
