"""What can be done with workflows, and around a review that is under way."""

from cms.kernel.actions import Action
from plugins.medical_review.reviewing.claims import ASSIGN
from plugins.medical_review.reviewing.reading import VIEW
from plugins.medical_review.workflows.keeping import MANAGE
from plugins.medical_review.workflows.vocabulary import WorkflowTag as Tag

WORKFLOW_ACTIONS = (
    Action("workflow.read", "workflow", Tag.WORKFLOW_READ, VIEW, True, "Read the workflows"),
    Action("workflow.create", "workflow", Tag.WORKFLOW_CREATE, MANAGE, False, "Make a workflow"),
    Action(
        "workflow.validate",
        "workflow",
        Tag.WORKFLOW_VALIDATE,
        MANAGE,
        True,
        "Find out whether a workflow could be kept",
    ),
    Action(
        "workflow.bind", "workflow", Tag.WORKFLOW_BIND, MANAGE, False, "Say which texts take which"
    ),
    Action("review.board", "review", Tag.BOARD_READ, VIEW, True, "See what waits in which stage"),
    Action(
        "review.next",
        "review",
        Tag.REVIEW_NEXT,
        "edit_post",
        True,
        "See what one may do next with a text, and what stands in the way of the rest",
    ),
    Action("review.claim", "review", Tag.CLAIM_TAKE, VIEW, False, "Take a review up, or give back"),
    Action("review.assign", "review", Tag.CLAIM_GIVE, ASSIGN, False, "Give a review to somebody"),
    Action(
        "review.take_back",
        "review",
        Tag.REVIEW_TAKE_BACK,
        "edit_post",
        False,
        "Take a text out of review",
    ),
    Action(
        "review.candidates",
        "review",
        Tag.REVIEW_CANDIDATES,
        VIEW,
        True,
        "See who could decide on a text",
    ),
    Action("absence.list", "absence", Tag.ABSENCE_LIST, "read", True, "See who is away"),
    Action("absence.note", "absence", Tag.ABSENCE_NOTE, "read", False, "Note that one is away"),
    Action(
        "delegation.list", "delegation", Tag.DELEGATION_LIST, "read", True, "See who speaks for one"
    ),
    Action(
        "delegation.make",
        "delegation",
        Tag.DELEGATION_MAKE,
        VIEW,
        False,
        "Let another reviewer decide for one, until a day",
    ),
)
