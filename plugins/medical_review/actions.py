"""What can be done with reviews."""

from cms.kernel.actions import Action
from plugins.medical_review.reviewing.reading import VIEW
from plugins.medical_review.vocabulary import ReviewTag
from plugins.medical_review.workflows.shipped import APPROVE

ACTIONS = (
    Action("review.list", "review", ReviewTag.REVIEW_LIST, VIEW, True, "See what waits for review"),
    Action("review.read", "review", ReviewTag.REVIEW_READ, VIEW, True, "Read a text under review"),
    Action(
        "review.history",
        "review",
        ReviewTag.REVIEW_HISTORY,
        VIEW,
        True,
        "See the reviews of a post, and what still stands in the way of its publication",
    ),
    Action(
        "review.submit", "review", ReviewTag.REVIEW_SUBMIT, "edit_post", False, "Submit for review"
    ),
    Action(
        "review.decide",
        "review",
        ReviewTag.REVIEW_DECIDE,
        # A seat of the stage says which capability it really needs.
        APPROVE,
        False,
        "Approve a text, or send it back",
    ),
    Action(
        "article.affected",
        "post",
        ReviewTag.ARTICLE_AFFECTED,
        "manage_compliance",
        True,
        "See which texts carry a professional",
    ),
)
