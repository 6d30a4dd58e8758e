"""What the audit trail can say of sites and their options."""

from cms.kernel.vocabulary import AuditTag


class TenancyTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    OPTION_EDIT = "tenancy:option:edit"
    OPTION_READ = "tenancy:option:read"
    OPTION_SET = "tenancy:option:set"
    REST_SITE_READ = "rest:site:read"
    TENANT_FOUND = "tenancy:tenant:found"
