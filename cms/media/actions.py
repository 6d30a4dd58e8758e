"""What can be done to media."""

from cms.kernel.actions import Action

ACTIONS = (
    Action("media.list", "media", "media:item:list", None, True, "List media"),
    Action("media.read", "media", "media:item:read", None, True, "Read one medium"),
    Action("media.serve", "media", "media:file:serve", None, True, "Get a public file"),
    Action("media.upload", "media", "media:file:upload", "upload_files", False, "Upload a file"),
    Action("media.edit", "media", "media:item:edit", "edit_post", False, "Change a medium"),
    Action("media.delete", "media", "media:item:delete", "delete_post", False, "Delete a medium"),
    Action(
        "media.original",
        "media",
        "media:file:original",
        "manage_options",
        True,
        "Get the file as it was sent, with what it tells of people",
    ),
)
