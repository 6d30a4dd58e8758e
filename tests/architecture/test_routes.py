"""Every route says what it does, so that a policy can decide on it."""

import ast
from typing import Any

import litestar
import pytest
from litestar import Litestar, Router
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler, asgi
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.routes import HTTPRoute

from cms.admin.mounting import admin_router
from cms.api import health
from cms.api.routing import get
from cms.app import (
    DESCRIPTION,
    build_app,
    own_routes,
    provide_secret,
    provide_work,
    reader_pages,
    refuse_undeclared,
)
from cms.database.work import UnitOfWork
from cms.errors import SetupError
from cms.host import Host, build_registry
from cms.pages.routes import SITE_ROUTES
from cms.rest.routes import wordpress_router
from cms.settings import Settings
from tests.architecture.sources import modules, tree

REGISTRY = build_registry(Settings())
ASSET = "/theme/{name:str}/{digest:str}/{file:str}"
SCRIPT = "/review-invitation.js"
OPEN = {"/admin/static/{name:str}", "/healthz", "/readyz", "/wp-json/batch/v1", ASSET, SCRIPT}

# Questions too long for an address; they change nothing.
# Whom it is about stands in the body: an address of a person has no place in a URL.
ASKED_BY_POST = {
    "/api/v1/zero-trust/explain",
    "/api/v1/audit/access-reports",
    "/api/v1/reviews/workflows/validate",
    "/api/v1/reviews/checks",
    "/admin/audit/address",
    "/admin/audit/person",
    "/admin/audit/subjects/report",
    "/admin/policies/try",
    "/admin/registry/find",
    "/admin/reviews/checks",
    # A secret has no place in a URL either.
    "/post-password",
}


def _application(*more: Any) -> Litestar:
    handlers = [
        wordpress_router(REGISTRY),
        Router("/api/v1", route_handlers=own_routes(REGISTRY)),
        health.alive,
        health.ready,
        admin_router(REGISTRY),
        *reader_pages(REGISTRY),
        *SITE_ROUTES,
        *more,
    ]
    return Litestar(
        handlers,
        dependencies={"work": Provide(provide_work), "secret": Provide(provide_secret)},
        openapi_config=OpenAPIConfig("t", "1", path="/api", render_plugins=[JsonRenderPlugin()]),
    )


def _handlers() -> list[tuple[str, HTTPRouteHandler]]:
    found = [
        (route.path, handler)
        for route in _application().routes
        if isinstance(route, HTTPRoute) and route.path not in DESCRIPTION
        for handler in route.route_handlers
        if handler.http_methods != {"OPTIONS"}
    ]
    return sorted(found, key=lambda case: (case[0], _name(case[1])))


def _name(case: Any) -> str:
    return case if isinstance(case, str) else "-".join(sorted(case.http_methods))


@pytest.mark.parametrize(("path", "handler"), _handlers(), ids=_name)
def test_a_route_declares_an_action_of_its_own_kind_of_thing(
    path: str, handler: HTTPRouteHandler
) -> None:
    if path in OPEN:
        assert handler.opt["open"], "with the reason"
        return
    action = REGISTRY.actions[handler.opt["action"]]
    assert handler.opt["resource"] == action.resource, "no policy speaks of another resource"
    if handler.http_methods & {"GET", "HEAD"}:
        assert action.reads or action.capability, f"{path} changes something on GET"
    elif path not in ASKED_BY_POST:
        assert not action.reads, f"{path} changes something and calls it reading"


def test_open_routes_are_few() -> None:
    assert {path for path, handler in _handlers() if "open" in handler.opt} == OPEN


def test_every_action_that_a_route_needs_is_reachable_by_one() -> None:
    """An action that neither a route nor a use case names is dead, or its route was forgotten."""
    named = {handler.opt.get("action") for _, handler in _handlers()}
    assert {"post.list", "post.read", "post.create", "post.edit", "post.delete"} <= named
    assert len(_handlers()) > 40


async def test_the_application_is_built_with_them(host: Host) -> None:
    assert build_app(host) is not None


@litestar.get("/undeclared")
async def undeclared() -> None: ...


@get("/misspelt", action="post.lisst", resource="post")
async def misspelt(work: UnitOfWork) -> None: ...


@asgi("/mounted", is_mount=True, copy_scope=True)
async def mounted(scope: Any, receive: Any, send: Any) -> None: ...


@pytest.mark.parametrize(
    ("handler", "fault"),
    [
        (undeclared, "/undeclared declares no action"),
        (misspelt, "names the action 'post.lisst', which nobody declares"),
        (mounted, "is not an HTTP route and cannot be decided on"),
    ],
)
def test_the_application_refuses_to_start_with(handler: Any, fault: str) -> None:
    with pytest.raises(SetupError, match=fault):
        refuse_undeclared(_application(handler), REGISTRY)


def test_no_router_speaks_for_a_handler_that_forgot() -> None:
    """Litestar merges the `opt` of a router into its handlers, where nobody can tell it from what a
    handler has said itself. So only the decorators of cms.api.routing set any."""
    setters = {
        module
        for module, path in modules("cms", "plugins").items()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.keyword) and node.arg == "opt")
        or (
            isinstance(node, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == "opt" for t in node.targets)
        )
    }
    assert setters == {"cms.api.routing"}
