"""What can be done with comments."""

from cms.kernel.actions import Action

COMMENT_ACTIONS = (
    Action("comment.list", "comment", "content:comment:list", None, True, "List comments"),
    Action("comment.read", "comment", "content:comment:read", None, True, "Read one comment"),
    Action("comment.create", "comment", "content:comment:create", None, False, "Comment on a post"),
    Action(
        "comment.edit",
        "comment",
        "content:comment:edit",
        "edit_comment",
        False,
        "Change or moderate a comment",
    ),
    Action(
        "comment.delete",
        "comment",
        "content:comment:delete",
        "edit_comment",
        False,
        "Put a comment into the bin, or delete it",
    ),
)
