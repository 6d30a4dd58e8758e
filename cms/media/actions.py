"""What can be done to media."""

from cms.kernel.actions import Action
from cms.media.vocabulary import MediaTag

ACTIONS = (
    Action("media.list", "media", MediaTag.ITEM_LIST, None, True, "List media"),
    Action("media.read", "media", MediaTag.ITEM_READ, None, True, "Read one medium"),
    Action("media.serve", "media", MediaTag.FILE_SERVE, None, True, "Get a public file"),
    Action("media.upload", "media", MediaTag.FILE_UPLOAD, "upload_files", False, "Upload a file"),
    Action("media.edit", "media", MediaTag.ITEM_EDIT, "edit_post", False, "Change a medium"),
    Action("media.delete", "media", MediaTag.ITEM_DELETE, "delete_post", False, "Delete a medium"),
    Action(
        "media.original",
        "media",
        MediaTag.FILE_ORIGINAL,
        "manage_options",
        True,
        "Get the file as it was sent, with what it tells of people",
    ),
)
