"""What can be done to content."""

from cms.kernel.actions import Action

ACTIONS = (
    Action("post.list", "post", "content:post:list", None, True, "List posts"),
    Action("post.read", "post", "content:post:read", None, True, "Read one post"),
    Action("post.create", "post", "content:post:create", "edit_posts", False, "Draft a post"),
    Action("post.edit", "post", "content:post:edit", "edit_post", False, "Change a post"),
    Action(
        "post.assign_author",
        "post",
        "content:post:assign_author",
        "edit_others_posts",
        False,
        "Name another person as author",
    ),
    Action("post.submit", "post", "content:post:submit", "edit_post", False, "Submit for review"),
    Action("post.publish", "post", "content:post:publish", "publish_posts", False, "Publish"),
    Action(
        "post.publish_reviewed",
        "post",
        "content:post:publish_reviewed",
        "publish_posts",
        False,
        "Publish a post of a type that must be reviewed first",
    ),
    Action(
        "post.inherit",
        "post",
        "content:post:inherit",
        "import",
        False,
        "Show readers an imported text that must be reviewed as they had it before; only an import "
        "does, never a person",
    ),
    Action("post.delete", "post", "content:post:delete", "delete_post", False, "Put into the bin"),
    Action("revision.list", "revision", "content:revision:list", "edit_post", False, "History"),
    Action("term.list", "term", "content:term:list", None, True, "List categories"),
    Action("term.read", "term", "content:term:read", None, True, "Read a category"),
    Action(
        "term.create", "term", "content:term:create", "manage_categories", False, "Add a category"
    ),
    Action("type.list", "type", "content:type:list", None, True, "List the types of content"),
)
