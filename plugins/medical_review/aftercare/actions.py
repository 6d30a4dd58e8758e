"""What can be done with texts after their publication."""

from cms.kernel.actions import Action
from plugins.medical_review.aftercare.vocabulary import AftercareTag
from plugins.medical_review.reviewing.deciding import APPROVE
from plugins.medical_review.reviewing.reading import OVERSEE, VIEW

UPKEEP_ACTIONS = (
    Action(
        "upkeep.list",
        "review",
        AftercareTag.UPKEEP_LIST,
        VIEW,
        True,
        "See which texts are to be reviewed again, and when",
    ),
    Action(
        "upkeep.set",
        "review",
        AftercareTag.UPKEEP_SET,
        APPROVE,
        False,
        "Move the next review of a text to another day",
    ),
    Action(
        "upkeep.ask",
        "review",
        AftercareTag.REOPENING_OPEN,
        "edit_posts",
        False,
        "Have a live text reviewed again as it is",
    ),
    Action(
        "reopening.dismiss",
        "review",
        AftercareTag.REOPENING_CLOSE,
        APPROVE,
        False,
        "Say why a reopened text need not be judged again",
    ),
    Action(
        "aftercare.read",
        "review",
        AftercareTag.RULES_READ,
        VIEW,
        True,
        "Read the rules of aftercare",
    ),
    Action(
        "aftercare.set",
        "review",
        AftercareTag.RULES_SET,
        OVERSEE,
        False,
        "Change the rules of aftercare",
    ),
)
