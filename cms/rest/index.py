"""The indexes of the API, and the description of each address."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get, options
from cms.content.attachment_reading import many, may_read_media
from cms.database.work import UnitOfWork
from cms.errors import CmsError
from cms.kernel.actors import ANONYMOUS
from cms.kernel.tenant import SiteOptions
from cms.rest.acf_schema import with_fields
from cms.rest.description import Route, as_wordpress
from cms.rest.openapi import describe_api
from cms.rest.post_arguments import CONTEXT, Table
from cms.rest.shape import CURIES, Asked, answer, front_url, rest_url, site_url, uploads_url

_CONTEXT: Table = {"context": CONTEXT}
_INDEX: Table = {"context": {"default": "view"}}
NAMESPACES = ("wp/v2", "oembed/1.0", "wp-block-editor/v1", "wp-site-health/v1")


@get("/", action="site.read", resource="site", arguments=_INDEX)
async def read_index(request: Asked, work: UnitOfWork) -> Response[bytes]:
    tenant, site = work.tenant, work.tenant.site
    routes = _routes(request, work)
    authorize = f"{site_url(request)}/wp-admin/authorize-application.php"
    body = {
        "name": tenant.name,
        "description": site.description,
        "url": site_url(request),
        "home": front_url(request, site),
        "gmt_offset": _hours(datetime.now(tenant.zone).utcoffset()),
        "timezone_string": tenant.timezone,
        "namespaces": sorted({one.namespace for one in routes.values()} - {""}),
        "authentication": {"application-passwords": {"endpoints": {"authorization": authorize}}},
        "routes": {path: one.described(request) for path, one in routes.items()},
        "site_logo": site.site_logo,
        "site_icon": site.site_icon,
        "site_icon_url": await _icon_url(request, work),
        "_links": _links(request, site),
    }
    return answer(request, body)


def _index_of(namespace: str) -> HTTPRouteHandler:
    table: Table = {"namespace": {"default": namespace}, **_INDEX}

    @get(f"/{namespace}", action="site.read", resource="site", arguments=table)
    async def read_namespace(
        request: Asked,
        work: UnitOfWork,
    ) -> Response[bytes]:
        routes = {
            path: one.described(request)
            for path, one in _routes(request, work).items()
            if one.namespace == namespace
        }
        links = {"up": [{"href": rest_url(request, "/")}]}
        return answer(request, {"namespace": namespace, "routes": routes, "_links": links})

    return read_namespace


async def _icon_url(request: Asked, work: UnitOfWork) -> str:
    """The address of the site's icon in its full size; empty where visitors may not see it."""
    icon = work.tenant.site.site_icon
    if not icon:
        return ""
    for media in await many(work, [icon]):
        if media.record.is_image and may_read_media(work, media.post, media.parent, ANONYMOUS):
            return f"{uploads_url(request)}/{media.record.folder}/{media.record.full['name']}"
    return ""


def _links(request: Asked, site: SiteOptions) -> dict[str, Any]:
    """Help, and the pictures that stand for the site, as they can be embedded."""
    links: dict[str, Any] = {"help": [{"href": "https://developer.wordpress.org/rest-api/"}]}
    pictures = [
        {
            "embeddable": True,
            "type": name,
            "href": rest_url(request, f"/wp/v2/media/{media_id}"),
        }
        for name, media_id in (("site_logo", site.site_logo), ("site_icon", site.site_icon))
        if media_id
    ]
    if pictures:
        links |= {"wp:featuredmedia": pictures, "curies": CURIES}
    return links


@get("/openapi.json", action="site.read", resource="site")
async def read_openapi(request: Asked, work: UnitOfWork) -> Response[bytes]:
    routes = _routes(request, work)
    return answer(request, describe_api(routes, work.tenant.name, rest_url(request, "")))


def _routes(request: Asked, work: UnitOfWork) -> dict[str, Route]:
    """Every address, with what this site adds to it."""
    found: dict[str, Route] = request.app.state.routes
    return {path: with_fields(work, route) for path, route in found.items()}


def _hours(offset: timedelta | None) -> float | int:
    hours = offset.total_seconds() / 3600 if offset else 0
    return int(hours) if hours == int(hours) else hours


def describing(handlers: Iterable[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """The OPTIONS answer of every address of these handlers."""
    return [_describe(path) for path in sorted({path for one in handlers for path in one.paths})]


def _describe(path: str) -> HTTPRouteHandler:
    @options(path, action="site.read", resource="site", status_code=200)
    async def describe(request: Asked, work: UnitOfWork) -> Response[bytes]:
        routes: dict[str, Route] = request.app.state.routes
        route = routes.get(as_wordpress(path)) or _named(routes, path)
        allow = await _allowed(request, work, route)
        return answer(request, with_fields(work, route).options(request), allow=allow)

    return describe


def _named(routes: dict[str, Route], path: str) -> Route:
    """The route of a handler that names its address itself."""
    return next(
        one for one in routes.values() for handler in one.handlers.values() if path in handler.paths
    )


async def _allowed(request: Asked, work: UnitOfWork, route: Route) -> Iterable[str]:
    """What reading the address would tell in `Allow`; where that is refused, the methods whose
    capability the person has."""
    try:
        told: str = (await route.read(request, work)).headers["Allow"]
        return told.split(", ")
    except (CmsError, LookupError):
        pass
    return [method for method in route.methods if _may(work, route.handlers[method])]


def _may(work: UnitOfWork, handler: HTTPRouteHandler) -> bool:
    action = handler.opt.get("action")
    capability = work.registry.actions[action].capability if action is not None else None
    return capability is None or work.actor.has(capability)


INDEX_ROUTES: list[HTTPRouteHandler] = [
    read_index,
    *(_index_of(one) for one in NAMESPACES),
    read_openapi,
]
