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
)
