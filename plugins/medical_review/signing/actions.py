"""What can be done with signatures."""

from cms.kernel.actions import Action
from plugins.medical_review.signing.vocabulary import SigningTag

ACTIONS = (
    Action(
        "signature.give",
        "signature",
        SigningTag.SIGNATURE_GIVE,
        "read",
        False,
        "Put one's name to something; who may decide, override or correct is asked there",
    ),
    Action(
        "signature.read",
        "signature",
        SigningTag.SIGNATURE_READ,
        "view_reviews",
        True,
        "See a signature with all that it rests on",
    ),
    Action(
        "signing_key.list",
        "signing_key",
        SigningTag.SIGNING_KEY_LIST,
        None,
        True,
        "Get the public keys that signatures are checked with",
    ),
    Action("passkey.add", "passkey", SigningTag.PASSKEY_ADD, "read", False, "Sign with a passkey"),
    Action(
        "passkey.list", "passkey", SigningTag.PASSKEY_LIST, "read", True, "See one's own passkeys"
    ),
    Action(
        "passkey.remove",
        "passkey",
        SigningTag.PASSKEY_REMOVE,
        "read",
        False,
        "Sign with a passkey no more; who oversees compliance also one that somebody lost",
    ),
    Action(
        "signing_proof.give",
        "signing_proof",
        SigningTag.PROOF_GIVE,
        "read",
        False,
        "Sign with a key of one's own what one is about to put one's name to",
    ),
    Action(
        "signing_acceptance.read",
        "signing_acceptance",
        SigningTag.ACCEPTANCE_READ,
        "read",
        True,
        "See whether passkey signatures are accepted as advanced",
    ),
    Action(
        "signing_acceptance.record",
        "signing_acceptance",
        SigningTag.ACCEPTANCE_RECORD,
        "manage_compliance",
        False,
        "Accept passkey signatures as advanced",
    ),
    Action(
        "signing_acceptance.withdraw",
        "signing_acceptance",
        SigningTag.ACCEPTANCE_WITHDRAW,
        "manage_compliance",
        False,
        "Accept passkey signatures as advanced no more",
    ),
    Action(
        "certificate.read",
        "certificate",
        SigningTag.CERTIFICATE_READ,
        "view_reviews",
        True,
        "Get the certificate of a published text",
    ),
    Action(
        "certificate.sign",
        "certificate",
        SigningTag.CERTIFICATE_SIGN,
        "view_reviews",
        False,
        "Bring back a certificate that was signed with one of ICP-Brasil",
    ),
    Action(
        "certificate.check",
        "certificate",
        SigningTag.CERTIFICATE_CHECK,
        None,
        True,
        "Ask by its hash who approved a text, and whether readers still have it",
    ),
)
