"""What the audit trail can say of jobs."""

from cms.kernel.vocabulary import AuditTag


class JobsTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    JOB_LIST = "jobs:job:list"
    JOB_RETRY = "jobs:job:retry"
