"""The web application's routes, and what they need."""

from typing import Any
from weakref import WeakKeyDictionary

from litestar import Request, Router
from litestar.di import NamedDependency, Provide

from cms.admin.assets import serve_asset
from cms.admin.page import Page
from cms.admin.rendering import Templates
from cms.admin.screens import SCREENS
from cms.database.work import UnitOfWork
from cms.identity.secrets import SecretKey
from cms.kernel.plugin import load
from cms.kernel.registry import Registry

_templates: WeakKeyDictionary[Registry, Templates] = WeakKeyDictionary()


def admin_router(registry: Registry) -> Router:
    """Everything below /admin: the host's screens and those of the plugins."""
    own = [one for p in registry.plugins if p.screens for one in load(p.screens)]
    return Router(
        "/",
        route_handlers=[serve_asset, *SCREENS, *own],
        dependencies={"page": Provide(provide_page)},
        include_in_schema=False,
    )


async def provide_page(
    request: Request[Any, Any, Any],
    work: NamedDependency[UnitOfWork],
    secret: NamedDependency[SecretKey],
) -> Page:
    """The page of this request. Its templates are read once for each set of plugins."""
    registry = request.app.state.host.registry
    page = Page(request, work, secret, templates_of(registry))
    request.state.page = page
    work.even_if_refused("reader", page.learn_reader)
    await page.receive()
    return page


def templates_of(registry: Registry) -> Templates:
    if registry not in _templates:
        _templates[registry] = Templates(registry)
    return _templates[registry]
