"""All routes of what a site is put together from."""

from litestar.handlers import HTTPRouteHandler

from cms.kernel.registry import Registry
from cms.rest.autosaves import autosave_routes
from cms.rest.block_types import BLOCK_TYPE_ROUTES
from cms.rest.blocks import BlockResource
from cms.rest.menu_items import EMBEDS as ITEM_EMBEDS
from cms.rest.menu_items import MENU_ITEM_ROUTES
from cms.rest.menu_locations import LOCATION_ROUTES
from cms.rest.menus import EMBEDS as MENU_EMBEDS
from cms.rest.menus import MENU_ROUTES
from cms.rest.oembed import OEMBED_ROUTES
from cms.rest.plugins import PLUGIN_ROUTES
from cms.rest.posts import post_routes
from cms.rest.revisions import revision_routes
from cms.rest.sidebars import SIDEBAR_ROUTES
from cms.rest.site_editor import SITE_EDITOR_ROUTES
from cms.rest.site_health import SITE_HEALTH_ROUTES
from cms.rest.themes import THEME_ROUTES
from cms.rest.widget_types import WIDGET_TYPE_ROUTES
from cms.rest.widgets import WIDGET_ROUTES

EMBEDS = (*MENU_EMBEDS, *ITEM_EMBEDS)
_FIXED: list[HTTPRouteHandler] = [
    *MENU_ROUTES,
    *MENU_ITEM_ROUTES,
    *LOCATION_ROUTES,
    *WIDGET_ROUTES,
    *WIDGET_TYPE_ROUTES,
    *SIDEBAR_ROUTES,
    *THEME_ROUTES,
    *PLUGIN_ROUTES,
    *BLOCK_TYPE_ROUTES,
    *SITE_EDITOR_ROUTES,
    *SITE_HEALTH_ROUTES,
    *OEMBED_ROUTES,
]


def part_routes(registry: Registry) -> list[HTTPRouteHandler]:
    """Menus, widgets, blocks, the theme, plugins and the site editor."""
    handlers = list(_FIXED)
    for post_type in registry.post_types.values():
        if post_type.rest_controller == "blocks":
            resource = BlockResource.of(registry, post_type)
            handlers += post_routes(resource)
            handlers += revision_routes(post_type)
            handlers += autosave_routes(post_type, resource.write_arguments())
    return handlers
