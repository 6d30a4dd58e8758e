"""What the trail asks of whoever touches what cannot be undone."""

from cms.kernel.declarations import PolicyRule

# A destroyed key comes back from nowhere: an unattended screen must not be enough.
ERASING_NEEDS_RECENT_SIGN_IN = PolicyRule(
    "erasing_needs_recent_sign_in",
    "R",
    """
    forbid (
        principal,
        action == Action::"audit.erase",
        resource
    ) unless { context.satisfied.contains("recent_sign_in") };
    """,
    "Erasing what the trail holds sealed of a person needs a sign-in of the last 15 minutes.",
    obligation="recent_sign_in",
)

POLICIES = (ERASING_NEEDS_RECENT_SIGN_IN,)
