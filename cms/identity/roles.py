"""The five default roles of WordPress 6.1.9, as measured; each adds to the one before it."""

from cms.kernel.declarations import Role

_SUBSCRIBER = frozenset(["level_0", "read"])
_CONTRIBUTOR = _SUBSCRIBER | frozenset(["delete_posts", "edit_posts", "level_1"])
_AUTHOR = _CONTRIBUTOR | frozenset(
    ["delete_published_posts", "edit_published_posts", "level_2", "publish_posts", "upload_files"]
)
_EDITOR = _AUTHOR | frozenset(
    [
        "delete_others_pages",
        "delete_others_posts",
        "delete_pages",
        "delete_private_pages",
        "delete_private_posts",
        "delete_published_pages",
        "edit_others_pages",
        "edit_others_posts",
        "edit_pages",
        "edit_private_pages",
        "edit_private_posts",
        "edit_published_pages",
        "level_3",
        "level_4",
        "level_5",
        "level_6",
        "level_7",
        "manage_categories",
        "manage_links",
        "moderate_comments",
        "publish_pages",
        "read_private_pages",
        "read_private_posts",
        "unfiltered_html",
    ]
)
_ADMINISTRATOR = _EDITOR | frozenset(
    [
        "activate_plugins",
        "create_users",
        "delete_plugins",
        "delete_themes",
        "delete_users",
        "edit_dashboard",
        "edit_files",
        "edit_plugins",
        "edit_theme_options",
        "edit_themes",
        "edit_users",
        "export",
        "import",
        "install_plugins",
        "install_themes",
        "level_10",
        "level_8",
        "level_9",
        "list_users",
        "manage_options",
        "promote_users",
        "remove_users",
        "switch_themes",
        "unfiltered_upload",
        "update_core",
        "update_plugins",
        "update_themes",
    ]
)

WORDPRESS_ROLES = (
    Role("administrator", "Administrator", _ADMINISTRATOR, compliance_level="admin"),
    Role("editor", "Editor", _EDITOR),
    Role("author", "Author", _AUTHOR),
    Role("contributor", "Contributor", _CONTRIBUTOR),
    Role("subscriber", "Subscriber", _SUBSCRIBER),
)
