"""What a policy can know of medical content, and the one rule that every site starts with."""

from cms.kernel.decisions import Question
from cms.kernel.declarations import PolicyAttribute, PolicyRule
from plugins.medical_review.articles.kinds import REVIEWED

# Application passwords may draft and submit. What a person puts her name to needs herself.
SIGNING_NEEDS_SIGN_IN = PolicyRule(
    "signing_needs_sign_in",
    "R",
    """
    forbid (
        principal,
        action in [Action::"review.decide", Action::"post.publish_reviewed"],
        resource
    ) unless { context.satisfied.contains("signed_in") };
    """,
    "Approving medical content, and publishing it, needs a person who has signed in with a "
    "factor; an application password may draft and submit.",
    obligation="signed_in",
)

# 21 CFR 11.200 (a): whoever signs proves again who she is, unless she has just done so.
SIGNING_NEEDS_RECENT_SIGN_IN = PolicyRule(
    "signing_needs_recent_sign_in",
    "R",
    """
    forbid (
        principal,
        action in [
            Action::"signature.give", Action::"signing_proof.give", Action::"passkey.add",
            Action::"passkey.list", Action::"passkey.remove", Action::"signing_acceptance.record",
            Action::"signing_acceptance.withdraw"
        ],
        resource
    ) unless { context.satisfied.contains("recent_sign_in") };
    """,
    "Putting one's name to something, and changing what one signs with or which signatures are "
    "accepted, needs a sign-in of the last 15 minutes.",
    obligation="recent_sign_in",
)


def _is_medical(question: Question) -> bool | None:
    """By what the site declares; a question that is only tried out may name just the type."""
    told = question.attributes.get("is_reviewed")
    if told is not None:
        return bool(told)
    post_type = question.attributes.get("post_type")
    return post_type in REVIEWED if post_type is not None else None


MEDICAL_CONTEXT = PolicyAttribute(
    "medical_context",
    "Bool",
    "Whether the object is medical content: a post of a reviewed type.",
    provide=_is_medical,
)

POLICIES = (SIGNING_NEEDS_SIGN_IN, SIGNING_NEEDS_RECENT_SIGN_IN)
ATTRIBUTES = (MEDICAL_CONTEXT,)
