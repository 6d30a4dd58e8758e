"""Who may do what with checks."""

from cms.content.permissions import require
from cms.kernel.work import ReadableWork
from plugins.medical_review.reviewing.reading import VIEW

OVERRIDE = "override_content_checks"
WEIGH = "weigh_content_checks"
MANAGE = "manage_content_checks"

CHECK_CAPABILITIES = {
    OVERRIDE: "Override a finding of the content checks for one text, with a signature",
    WEIGH: "Choose how much rules weigh that no statute fixes",
    MANAGE: "Add rule sets, load lists of medicines, have many posts scanned",
}
# Counsel weighs rules; who runs the site brings them in. Neither is the other.
CHECK_GRANTS = {"administrator": frozenset({MANAGE})}


def require_writer(work: ReadableWork, action: str) -> None:
    """Whoever writes or reviews may see the rules and try a text on them."""
    is_able = any(work.actor.has(name) for name in ("edit_posts", VIEW, MANAGE, WEIGH))
    require(is_able, action, "Sorry, the checks are for those who write or review.")


def person_of(work: ReadableWork, capability: str, action: str) -> int:
    """The person who acts, with this right; a job or a command answers for nothing."""
    is_able = work.actor.has(capability) and work.actor.user_id is not None
    require(is_able, action, f"Sorry, this needs the capability {capability}.")
    return work.actor.user_id or 0
