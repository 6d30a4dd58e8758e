"""What can be done with links for reviewers from outside, and the rule that lets their holders."""

from cms.kernel.actions import Action
from cms.kernel.declarations import PolicyRule
from plugins.medical_review.reviewing.claims import ASSIGN
from plugins.medical_review.workflows.vocabulary import WorkflowTag as Tag

INVITATION_ACTIONS = (
    Action(
        "invitation.make",
        "invitation",
        Tag.INVITATION_MAKE,
        ASSIGN,
        False,
        "Ask somebody without an account to judge a text",
    ),
    Action(
        "invitation.read", "invitation", Tag.INVITATION_READ, None, False, "Read the text of a link"
    ),
    Action("invitation.code", "invitation", Tag.INVITATION_CODE, None, False, "Ask for a code"),
    Action(
        "invitation.decide",
        "invitation",
        Tag.EXTERNAL_DECIDE,
        None,
        False,
        "Decide on the text of a link, with a code",
    ),
)

GUESTS_DECIDE = PolicyRule(
    "guests_decide",
    "P",
    """
        permit (
            principal is Anonymous,
            action in [
                Action::"invitation.read",
                Action::"invitation.code",
                Action::"invitation.decide"
            ],
            resource
        ) when { principal.tenant == resource.tenant };
        """,
    "Who holds a link for one text may read it, and decide with a code that was sent to her; link "
    "and code are checked by the use case.",
)
