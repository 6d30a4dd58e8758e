"""The policies that every site with registrations starts with."""

from cms.kernel.declarations import PolicyRule

SOURCES_ANNOUNCE = PolicyRule(
    "sources_announce",
    "P",
    """
        permit (
            principal is Anonymous,
            action == Action::"registration.announce",
            resource
        ) when { principal.tenant == resource.tenant };
        """,
    "A source that has not signed in may send a webhook. Its signature is checked by the use case, "
    "and it only has the register asked again.",
)

# Who confirms is the second pair of eyes that somebody's right to sign rests on: an unattended
# screen, or an application that acts for her, is no person who looks.
CONFIRMING_NEEDS_PASSWORD = PolicyRule(
    "confirming_needs_recent_sign_in",
    "R",
    """
    forbid (
        principal,
        action in [Action::"proof.confirm", Action::"council.confirm"],
        resource
    ) unless { context.satisfied.contains("recent_sign_in") };
    """,
    "Confirming, as the second person, a manual proof or a correction by which somebody may sign "
    "needs the password again, within a quarter of an hour.",
    obligation="recent_sign_in",
)

POLICIES = (SOURCES_ANNOUNCE, CONFIRMING_NEEDS_PASSWORD)
