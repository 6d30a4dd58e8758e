"""What the audit trail can say of signatures."""

from cms.kernel.vocabulary import AuditTag


class SigningTag(AuditTag):
    """Tags `source:subject:action`; docs/reference/audit-tags.md lists them."""

    ACCEPTANCE_READ = "review:signing_acceptance:read"
    ACCEPTANCE_RECORD = "review:signing_acceptance:record"
    ACCEPTANCE_WITHDRAW = "review:signing_acceptance:withdraw"
    CERTIFICATE_CHECK = "review:certificate:check"
    CERTIFICATE_ISSUE = "review:certificate:issue"
    CERTIFICATE_READ = "review:certificate:read"
    CERTIFICATE_SIGN = "review:certificate:sign"
    PASSKEY_ADD = "review:passkey:add"
    PASSKEY_LIST = "review:passkey:list"
    PASSKEY_REMOVE = "review:passkey:remove"
    PROOF_GIVE = "review:signing_proof:give"
    SIGNATURE_GIVE = "review:signature:give"
    SIGNATURE_READ = "review:signature:read"
    SIGNING_KEY_LIST = "review:signing_key:list"
    SIGNING_KEY_MAKE = "review:signing_key:make"
