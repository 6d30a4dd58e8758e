"""What can be done with the parts of a site."""

from cms.kernel.actions import Action
from cms.site.vocabulary import SiteTag

_THEME = "edit_theme_options"


def _read(name: str, summary: str) -> Action:
    resource, _, verb = name.partition(".")
    return Action(name, resource, SiteTag(f"site:{resource}:{verb}"), None, True, summary)


def _act(name: str, capability: str, summary: str) -> Action:
    resource, _, verb = name.partition(".")
    return Action(name, resource, SiteTag(f"site:{resource}:{verb}"), capability, False, summary)


ACTIONS = (
    _read("menu.read", "Read menus and where they are shown"),
    _act("menu.create", _THEME, "Add a menu"),
    _act("menu.edit", _THEME, "Change a menu"),
    _act("menu.delete", _THEME, "Delete a menu"),
    _read("menu_item.read", "Read the items of menus"),
    _act("menu_item.create", _THEME, "Add an item to a menu"),
    _act("menu_item.edit", _THEME, "Change an item of a menu"),
    _act("menu_item.delete", _THEME, "Delete an item of a menu"),
    _read("widget.read", "Read widgets and sidebars"),
    _act("widget.edit", _THEME, "Add, change, move and remove widgets"),
    _read("theme.read", "Read the theme"),
    _read("plugin.read", "Read which plugins are enabled"),
    _act("plugin.install", "install_plugins", "Ask for a plugin to be installed"),
    _act("plugin.manage", "activate_plugins", "Ask for a plugin to be switched or removed"),
    _read("block_type.read", "Read the kinds of blocks"),
    _read("block.read", "Render one block"),
    _act("block.render", "edit_posts", "Render one block from a body"),
    _read("pattern.read", "Read block patterns"),
    _read("template.read", "Read templates and global styles"),
    _act("template.edit", _THEME, "Ask for a template or global styles to be changed"),
    _read("embed.read", "Read what another site needs to embed a post"),
    _read("link.read", "Read the title behind an address"),
    _read("health.read", "Read how well the site is"),
)
