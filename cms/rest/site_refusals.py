"""What WordPress calls the refusals around menus, widgets, themes and the site editor (6.1.9)."""

_NO = "Sorry, you are not allowed to"
_WIDGETS = ("rest_cannot_manage_widgets", f"{_NO} manage widgets on this site.")
_PLUGINS = ("rest_cannot_manage_plugins", f"{_NO} manage plugins for this site.")
_TEMPLATES = ("rest_cannot_manage_templates", f"{_NO} access the templates on this site.")

SITE_REFUSED: dict[str, tuple[str, str]] = {
    "menu.read": ("rest_cannot_view", f"{_NO} view menus."),
    "menu.context": ("rest_forbidden_context", f"{_NO} edit terms in this taxonomy."),
    "menu.item_context": ("rest_forbidden_context", f"{_NO} edit this term."),
    "menu.create": ("rest_cannot_create", f"{_NO} create terms in this taxonomy."),
    "menu.edit": ("rest_cannot_update", f"{_NO} edit this term."),
    "menu.delete": ("rest_cannot_delete", f"{_NO} delete this term."),
    "menu_location.read": ("rest_cannot_view", f"{_NO} view menu locations."),
    "menu_item.read": ("rest_cannot_view", f"{_NO} view menu items."),
    "menu_item.context": ("rest_forbidden_context", f"{_NO} edit posts in this post type."),
    "menu_item.item_context": ("rest_forbidden_context", f"{_NO} edit this post."),
    "menu_item.create": ("rest_cannot_create", f"{_NO} create posts as this user."),
    "menu_item.edit": ("rest_cannot_edit", f"{_NO} edit this post."),
    "menu_item.delete": ("rest_cannot_delete", f"{_NO} delete this post."),
    "menu_item.autosaves": ("rest_cannot_read", f"{_NO} view autosaves of this post."),
    "widget.read": _WIDGETS,
    "widget.edit": _WIDGETS,
    "theme.read": ("rest_cannot_view_themes", f"{_NO} view themes."),
    "theme.active": ("rest_cannot_view_active_theme", f"{_NO} view the active theme."),
    "plugin.read": ("rest_cannot_view_plugins", f"{_NO} manage plugins for this site."),
    "plugin.item": ("rest_cannot_view_plugin", f"{_NO} manage this plugin."),
    "plugin.install": ("rest_cannot_install_plugin", f"{_NO} install plugins on this site."),
    "plugin.activate": ("rest_cannot_activate_plugin", f"{_NO} activate plugins."),
    "plugin.manage": _PLUGINS,
    "plugin.delete": ("rest_cannot_manage_plugins", f"{_NO} delete plugins for this site."),
    "block_type.read": ("rest_block_type_cannot_view", f"{_NO} manage block types."),
    "block.read": ("block_cannot_read", f"{_NO} read blocks as this user."),
    "block.render": ("block_cannot_read", f"{_NO} read blocks as this user."),
    "block.of_post": ("block_cannot_read", f"{_NO} read blocks of this post."),
    "pattern.read": ("rest_cannot_view", f"{_NO} view the registered block patterns."),
    "pattern.categories": (
        "rest_cannot_view",
        f"{_NO} view the registered block pattern categories.",
    ),
    "pattern.directory": (
        "rest_pattern_directory_cannot_view",
        f"{_NO} browse the local block pattern directory.",
    ),
    "pattern.block_directory": (
        "rest_block_directory_cannot_view",
        f"{_NO} browse the block directory.",
    ),
    "template.read": _TEMPLATES,
    "template.edit": _TEMPLATES,
    "template.export": (
        "rest_cannot_export_templates",
        f"{_NO} export templates and template parts.",
    ),
    "template.styles": (
        "rest_cannot_manage_global_styles",
        f"{_NO} access the global styles on this site.",
    ),
    "embed.proxy": ("rest_forbidden", f"{_NO} make proxied oEmbed requests."),
    "link.read": ("rest_cannot_view_url_details", f"{_NO} process remote URLs."),
    "health.read": ("rest_forbidden", f"{_NO} do that."),
}
