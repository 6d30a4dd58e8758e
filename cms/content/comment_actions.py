"""What can be done with comments."""

from cms.content.vocabulary import ContentTag
from cms.kernel.actions import Action

COMMENT_ACTIONS = (
    Action("comment.list", "comment", ContentTag.COMMENT_LIST, None, True, "List comments"),
    Action("comment.read", "comment", ContentTag.COMMENT_READ, None, True, "Read one comment"),
    Action(
        "comment.create", "comment", ContentTag.COMMENT_CREATE, None, False, "Comment on a post"
    ),
    Action(
        "comment.edit",
        "comment",
        ContentTag.COMMENT_EDIT,
        "edit_comment",
        False,
        "Change or moderate a comment",
    ),
    Action(
        "comment.delete",
        "comment",
        ContentTag.COMMENT_DELETE,
        "edit_comment",
        False,
        "Put a comment into the bin, or delete it",
    ),
)
