"""What the audit trail can say of people, their applications and sessions."""

from cms.kernel.vocabulary import AuditTag


class IdentityTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    APPLICATION_PASSWORD_CREATE = "identity:application_password:create"  # noqa: S105 - a word, not a secret
    APPLICATION_PASSWORD_DELETE = "identity:application_password:delete"  # noqa: S105 - a word, not a secret
    APPLICATION_PASSWORD_EDIT = "identity:application_password:edit"  # noqa: S105 - a word, not a secret
    APPLICATION_PASSWORD_LIST = "identity:application_password:list"  # noqa: S105 - a word, not a secret
    APPLICATION_PASSWORD_USE = "identity:application_password:use"  # noqa: S105 - a word, not a secret
    INVITATION_ACCEPT = "identity:invitation:accept"
    INVITATION_END = "identity:invitation:end"
    INVITATION_LIST = "identity:invitation:list"
    INVITATION_MAIL = "identity:invitation:mail"
    INVITATION_MAKE = "identity:invitation:make"
    PASSWORD_ASK = "identity:password:ask"  # noqa: S105 - a word, not a secret
    PASSWORD_CHOOSE = "identity:password:choose"  # noqa: S105 - a word, not a secret
    PASSWORD_MAIL = "identity:password:mail"  # noqa: S105 - a word, not a secret
    ROLE_DELETE = "identity:role:delete"
    ROLE_EDIT = "identity:role:edit"
    ROLE_LIST = "identity:role:list"
    ROLES_FOUND = "identity:roles:found"
    SESSION_ASK = "identity:session:ask"
    SESSION_END = "identity:session:end"
    SESSION_FORGET = "identity:session:forget"
    SESSION_LIST = "identity:session:list"
    SESSION_NEW_AGENT = "identity:session:new_agent"
    SESSION_REFUSE = "identity:session:refuse"
    SESSION_RENEW = "identity:session:renew"
    SESSION_SIGN_IN = "identity:session:sign_in"
    SESSION_SIGN_OUT = "identity:session:sign_out"
    SESSION_WORK = "identity:session:work"
    USER_CREATE = "identity:user:create"
    USER_CREDENTIALS = "identity:user:credentials"
    USER_DELETE = "identity:user:delete"
    USER_EDIT = "identity:user:edit"
    USER_EDIT_SELF = "identity:user:edit_self"
    USER_FACTORS = "identity:user:factors"
    USER_LIST = "identity:user:list"
    USER_PROMOTE = "identity:user:promote"
    USER_READ = "identity:user:read"
    USER_READ_SELF = "identity:user:read_self"
    USER_SIGN_OUT = "identity:user:sign_out"
    USER_UNLOCK = "identity:user:unlock"
