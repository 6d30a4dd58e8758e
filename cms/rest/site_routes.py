"""Routes of the types and taxonomies that a site has declared for itself.

They are made by the same functions as those of the code, once for each set of declarations, and
kept in a small application beside the main one. So arguments, policies and OPTIONS are the same,
and a site sees nothing of the types of another.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from litestar import Router
from litestar.handlers import HTTPRouteHandler

from cms.errors import CmsError
from cms.kernel.declarations import PostType, Taxonomy
from cms.kernel.declared import Declared
from cms.kernel.registry import Registry
from cms.kernel.tenant import Tenant
from cms.rest.front import App, Receive, Scope, Send
from cms.rest.routes import described, routes_of_type
from cms.rest.terms import term_routes

# Of so many sets of declarations the routes are kept; those not asked for longest are made anew.
KEPT = 64

_PREFIX = "/wp-json/wp/v2/"
_Key = tuple[tuple[PostType, ...], tuple[Taxonomy, ...]]

Build = Callable[[Router], App]


class Sites(Protocol):
    """Who knows which site a request is for; `cms.tenancy.directory` is the real one."""

    def by_host(self, host: str) -> Awaitable[Tenant]: ...


@dataclass(frozen=True)
class _Served:
    """The first words of the addresses that the application answers."""

    bases: frozenset[str]
    app: App


class SiteRoutes:
    """Hands a request to the routes of its site, where those know its address, else to the main
    application."""

    def __init__(self, main: App, sites: Sites, registry: Registry, build: Build) -> None:
        self._main, self._sites, self._registry, self._build = main, sites, registry, build
        self._kept: OrderedDict[_Key, _Served] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = await self._app(scope) if _base(scope) else self._main
        await app(scope, receive, send)

    async def _app(self, scope: Scope) -> App:
        try:
            tenant = await self._sites.by_host(_host(scope))
        except CmsError:
            # The main application says what is wrong with the host name.
            return self._main
        declared = tenant.declared
        if not declared.post_types and not declared.taxonomies:
            return self._main
        served = self._served(declared)
        return served.app if _base(scope) in served.bases else self._main

    def _served(self, declared: Declared) -> _Served:
        key = (declared.post_types, declared.taxonomies)
        if key not in self._kept:
            self._kept[key] = self._make(declared)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _make(self, declared: Declared) -> _Served:
        registry = self._registry.with_declared(declared)
        types = [one for one in registry.post_types.values() if self._is_touched(registry, one)]
        own = set(registry.taxonomies) - set(self._registry.taxonomies)
        taxonomies = [registry.taxonomies[name] for name in sorted(own)]
        handlers: list[HTTPRouteHandler] = []
        for post_type in types:
            handlers += routes_of_type(registry, post_type)
        for taxonomy in taxonomies:
            handlers += term_routes(registry, taxonomy)
        bases = {one.rest_base for one in types} | {one.rest_base for one in taxonomies}
        return _Served(frozenset(bases), self._build(described(handlers)))

    def _is_touched(self, registry: Registry, post_type: PostType) -> bool:
        """Whether it is the site's own, or a taxonomy of the site's own groups its posts."""
        if post_type.rest_controller != "posts":
            return False
        known = self._registry.taxonomies
        return post_type.name not in self._registry.post_types or any(
            post_type.name in taxonomy.post_types
            for taxonomy in registry.taxonomies.values()
            if taxonomy.name not in known
        )


def _base(scope: Scope) -> str:
    """The first word of an address below wp/v2, or nothing."""
    if scope["type"] != "http" or not scope["path"].startswith(_PREFIX):
        return ""
    path: str = scope["path"]
    return path[len(_PREFIX) :].partition("/")[0]


def _host(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            host: str = value.decode("latin-1")
            return host
    return ""
