"""All routes of what a site is put together from."""

from litestar.handlers import HTTPRouteHandler

from cms.kernel.registry import Registry
from cms.rest.menu_items import MENU_ITEM_ROUTES
from cms.rest.menu_locations import LOCATION_ROUTES
from cms.rest.menus import MENU_ROUTES


def site_routes(registry: Registry) -> list[HTTPRouteHandler]:
    """Menus, widgets, blocks, the theme, plugins and the site editor."""
    return [*MENU_ROUTES, *MENU_ITEM_ROUTES, *LOCATION_ROUTES]
