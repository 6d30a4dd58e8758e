"""What the audit trail can say of field groups and their values."""

from cms.kernel.vocabulary import AuditTag


class FieldsTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    GROUP_APPLY = "fields:group:apply"
    GROUP_FORM = "fields:group:form"
    GROUP_LIST = "fields:group:list"
    GROUP_READ = "fields:group:read"
    GROUP_REMOVE = "fields:group:remove"
    GROUP_SAVE = "fields:group:save"
    PAGE_EDIT = "fields:page:edit"
    PAGE_READ = "fields:page:read"
    TYPE_LIST = "fields:type:list"
    VALUES_CHANGE = "fields:values:change"
