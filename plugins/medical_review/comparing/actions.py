"""What can be done here: reading what changed."""

from cms.kernel.actions import Action
from cms.kernel.vocabulary import AuditTag
from plugins.medical_review.reviewing.reading import VIEW


class ComparingTag(AuditTag):
    """What the trail can say of comparisons."""

    REVISION_COMPARE = "review:revision:compare"


COMPARING_ACTIONS = (
    Action(
        "revision.compare",
        "review",
        ComparingTag.REVISION_COMPARE,
        VIEW,
        True,
        "See what changed between two revisions of a reviewed post",
    ),
)
