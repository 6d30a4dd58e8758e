"""What can be done in discussions."""

from cms.kernel.actions import Action
from plugins.medical_review.discussion.vocabulary import DiscussionTag
from plugins.medical_review.reviewing.reading import VIEW

DISCUSSION_ACTIONS = (
    Action(
        "thread.read",
        "review",
        DiscussionTag.THREAD_READ,
        VIEW,
        True,
        "Read what is said about a text under review",
    ),
    Action(
        "thread.open",
        "review",
        DiscussionTag.THREAD_OPEN,
        VIEW,
        False,
        "Comment on a text, or suggest other words",
    ),
    Action(
        "thread.reply", "review", DiscussionTag.COMMENT_WRITE, VIEW, False, "Reply to a comment"
    ),
    Action(
        "thread.amend",
        "review",
        DiscussionTag.COMMENT_EDIT,
        VIEW,
        False,
        "Put one's own comment otherwise, or take it back",
    ),
    Action(
        "thread.resolve", "review", DiscussionTag.THREAD_RESOLVE, VIEW, False, "Settle a comment"
    ),
    Action(
        "thread.reopen", "review", DiscussionTag.THREAD_REOPEN, VIEW, False, "Open a thread again"
    ),
    Action(
        "suggestion.accept",
        "review",
        DiscussionTag.SUGGESTION_ACCEPT,
        "edit_post",
        False,
        "Take suggested words into the text",
    ),
    Action(
        "suggestion.reject",
        "review",
        DiscussionTag.SUGGESTION_REJECT,
        "edit_post",
        False,
        "Not take suggested words, and say why",
    ),
)
