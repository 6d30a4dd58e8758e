"""The web application, built from the host and the enabled plugins."""

from typing import Any, cast

import msgspec
import structlog
from litestar import Litestar, Request, Response, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.routes import HTTPRoute

from cms.admin.errors import answer_page
from cms.admin.mounting import admin_router
from cms.api import auth, health, menus, revisions, site
from cms.api.cookie_door import COOKIE_DOORS
from cms.api.declaring import DECLARING_ROUTES
from cms.api.entering import BEFORE_SEND, provide_secret, provide_work
from cms.api.factors import FACTOR_ROUTES
from cms.api.field_groups import FIELD_ROUTES
from cms.api.fields import FIELD_VALUE_ROUTES
from cms.api.invitations import INVITATION_ROUTES
from cms.api.known_errors import as_cms_error
from cms.api.notices import NOTICE_ROUTES
from cms.api.options_pages import OPTIONS_PAGE_ROUTES
from cms.api.problems import MEDIA_TYPE as PROBLEM
from cms.api.problems import challenge, problem
from cms.api.search import SEARCH_ROUTES
from cms.api.sessions import SESSION_ROUTES
from cms.database.work import UnitOfWork
from cms.errors import SetupError
from cms.host import Host
from cms.kernel.plugin import Plugin, load
from cms.kernel.registry import Registry
from cms.pages.routes import OUTWARD_ROUTES, SITE_ROUTES
from cms.rest import errors as wordpress
from cms.rest import uploads
from cms.rest.conditions import require_unchanged
from cms.rest.description import routes_of
from cms.rest.embedding import EmbedTable
from cms.rest.front import App, wordpress_front
from cms.rest.routes import embeddables, wordpress_router
from cms.rest.shape import always, failed
from cms.rest.site_routes import SiteRoutes

log = structlog.get_logger()

DESCRIPTION = frozenset({"/api", "/api/openapi.json", "/api/{path:str}"})
MAX_BODY_BYTES = 10_000_000


def build_app(host: Host) -> App:
    """The ASGI application, behind the front that WordPress clients expect."""
    return open_front(host, build_routes(host))


def open_front(host: Host, main: Litestar) -> App:
    """The front over routes that are built; they serve this host from now on."""
    main.state.host = host

    def build(router: Router) -> App:
        made = _application(host, [router], openapi_config=None)
        made.state.embeds = EmbedTable(embeddables(host.registry), [*main.routes, *made.routes])
        return cast(App, made)

    routes = SiteRoutes(cast(App, main), host.tenants, host.registry, build)
    return wordpress_front(routes, host.settings)


def build_routes(host: Host) -> Litestar:
    """Every route of the product. Refuses to be built with one that declares no action."""
    handlers = [
        wordpress_router(host.registry),
        Router("/api/v1", route_handlers=own_routes(host.registry)),
        health.alive,
        health.ready,
        uploads.serve_upload,
        Router("/.well-known", route_handlers=well_known(host.registry)),
        *COOKIE_DOORS,
        admin_router(host.registry),
        *reader_pages(host.registry),
        *SITE_ROUTES,
    ]
    described = OpenAPIConfig(
        title="Healthcare CMS",
        version="1",
        render_plugins=[JsonRenderPlugin()],
        openapi_router=_Description("/api", route_handlers=[], include_in_schema=False),
    )
    return _application(host, handlers, openapi_config=described)


def _application(
    host: Host, handlers: list[Any], *, openapi_config: OpenAPIConfig | None
) -> Litestar:
    """An application of these routes; all of them know who asks and answer errors alike."""
    application = Litestar(
        route_handlers=handlers,
        dependencies={"work": Provide(provide_work), "secret": Provide(provide_secret)},
        exception_handlers={Exception: answer_error},
        openapi_config=openapi_config,
        state=State({"host": host}),
        before_send=[*BEFORE_SEND],
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
    )
    refuse_undeclared(application, host.registry)
    application.state.require_unchanged = require_unchanged
    application.state.routes = routes_of(application.routes)
    application.state.embeds = EmbedTable(embeddables(host.registry), application.routes)
    return application


class _Description(Router):
    """Litestar's routes of the API's description, without its HTML page for unknown addresses."""

    def register(self, value: Any) -> Any:
        return [] if "/{path:str}" in getattr(value, "paths", ()) else super().register(value)


def own_routes(registry: Registry) -> list[Any]:
    """The routes of /api/v1: sign-in, and each plugin's under its prefix."""
    mounted: list[Any] = [
        auth.issue_token,
        auth.end_token,
        menus.read_menu,
        revisions.restore_revision,
        site.read_site,
        site.change_site,
        uploads.serve_original,
        *DECLARING_ROUTES,
        *FIELD_ROUTES,
        *FIELD_VALUE_ROUTES,
        *OPTIONS_PAGE_ROUTES,
        *NOTICE_ROUTES,
        *INVITATION_ROUTES,
        *SESSION_ROUTES,
        *FACTOR_ROUTES,
        *SEARCH_ROUTES,
        *OUTWARD_ROUTES,
    ]
    return [*mounted, *(r for p in registry.plugins if p.routes for r in _mount(p))]


def well_known(registry: Registry) -> list[Any]:
    """What plugins serve below /.well-known."""
    return [one for p in registry.plugins if p.well_known for one in load(p.well_known)]


def reader_pages(registry: Registry) -> list[Any]:
    """The pages that plugins bring for people without an account."""
    return [one for p in registry.plugins if p.pages for one in load(p.pages)]


def _mount(plugin: Plugin) -> list[Router]:
    """Handlers go under the plugin's prefix; a router of the plugin brings its own address below
    /api/v1, which is how several plugins share one."""
    prefix = plugin.api_prefix or plugin.slug.replace("_", "-")
    declared = load(plugin.routes or "")
    handlers = [one for one in declared if not isinstance(one, Router)]
    own = [one for one in declared if isinstance(one, Router)]
    return [Router(f"/{prefix}", route_handlers=handlers, tags=[plugin.slug]), *own]


def refuse_undeclared(application: Litestar, registry: Registry) -> None:
    """Every handler must say what it does, with its own decorator, in words of the action table."""
    for route in application.routes:
        if not isinstance(route, HTTPRoute):
            raise SetupError(f"route {route.path} is not an HTTP route and cannot be decided on")
        for handler in route.route_handlers:
            # Litestar's own: the preflight answer of each path, and the API's description.
            is_its_own = handler.http_methods == {"OPTIONS"} or route.path in DESCRIPTION
            if not is_its_own:
                _refuse_one(route.path, handler, registry)


def _refuse_one(path: str, handler: HTTPRouteHandler, registry: Registry) -> None:
    if "open" in handler.opt:
        return
    action = handler.opt.get("action")
    if action is None or "resource" not in handler.opt:
        raise SetupError(
            f"route {path} declares no action: use the decorators of cms.api.routing, "
            "so that the policy can decide on it"
        )
    if action not in registry.actions:
        raise SetupError(f"route {path} names the action {action!r}, which nobody declares")


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Every error of both doors, in the shape of the door it leaves by."""
    known = as_cms_error(request, error)
    page = answer_page(request, known)
    if page is not None:
        return page
    work: UnitOfWork | None = request.state.get("work")
    is_anonymous = work is None or work.actor.is_anonymous
    if request.scope["path"].startswith("/wp-json"):
        if isinstance(error, HTTPException) and error.status_code in {404, 405}:
            status, body = wordpress.no_route()
        else:
            status, body = wordpress.shape(known, is_anonymous=is_anonymous)
        return failed(request, status, body, {**challenge(known, status), **_allowed(error)})
    status, body = problem(known, is_anonymous=is_anonymous)
    return Response(
        msgspec.json.encode(body),
        status_code=status,
        headers={**always(request, status), **challenge(known, status), **_allowed(error)},
        media_type=PROBLEM,
    )


def _allowed(error: Exception) -> dict[str, str]:
    """The methods that a 405 must name (RFC 9110 §15.5.6)."""
    if isinstance(error, HTTPException) and error.status_code == 405:
        return {name.title(): value for name, value in (error.headers or {}).items()}
    return {}
