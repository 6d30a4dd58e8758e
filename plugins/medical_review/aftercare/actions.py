"""What can be done with texts after their publication."""

from cms.kernel.actions import Action
from plugins.medical_review.aftercare.amendments import CORRECT, RETRACT
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

INHERITED_ACTIONS = (
    Action(
        "inherited.list",
        "review",
        AftercareTag.INHERITED_LIST,
        VIEW,
        True,
        "See the board of texts that were public before they came here",
    ),
    Action(
        "inherited.plan",
        "review",
        AftercareTag.INHERITED_PLAN,
        OVERSEE,
        False,
        "Plan by when inherited texts are reviewed",
    ),
    Action(
        "inherited.assign",
        "review",
        AftercareTag.INHERITED_ASSIGN,
        OVERSEE,
        False,
        "Give inherited texts to a reviewer",
    ),
    Action(
        "inherited.scan",
        "review",
        AftercareTag.INHERITED_SCAN,
        OVERSEE,
        False,
        "Have the content rules look at inherited texts",
    ),
)

AMENDING_ACTIONS = (
    Action(
        "correction.make",
        "review",
        AftercareTag.TEXT_CORRECT,
        CORRECT,
        False,
        "Tell readers what was wrong in a published text",
    ),
    Action(
        "retraction.make",
        "review",
        AftercareTag.TEXT_RETRACT,
        RETRACT,
        False,
        "Retract a published text",
    ),
    Action(
        "retraction.lift",
        "review",
        AftercareTag.TEXT_REINSTATE,
        RETRACT,
        False,
        "Reinstate a text that another person has retracted",
    ),
)
