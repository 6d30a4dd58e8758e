"""The index of the API, and the types of content."""

import re
from datetime import datetime
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.kernel.declarations import PostType
from cms.rest.shape import answer, rest_url, site_url

Asked = Request[Any, Any, Any]

_PLACE = re.compile(r"\{(\w+):(\w+)\}")
_PLACES = {"parent": "parent", "name": "type"}
_FORMS = {"int": r"[\d]+", "str": r"[\w-]+", "path": r"[\/\w-]+"}


@get("/", action="site.read", resource="site")
async def read_index(request: Asked, work: UnitOfWork) -> Response[bytes]:
    tenant = work.tenant
    offset = datetime.now(tenant.zone).utcoffset()
    body = {
        "name": tenant.name,
        "description": "",
        "url": site_url(request),
        "home": site_url(request),
        "gmt_offset": offset.total_seconds() / 3600 if offset else 0,
        "timezone_string": tenant.timezone,
        "namespaces": ["wp/v2"],
        "authentication": {},
        "routes": {path: _route(request, path) for path in _paths(request)},
        "_links": {"help": [{"href": "https://developer.wordpress.org/rest-api/"}]},
    }
    return answer(request, body)


def _paths(request: Asked) -> list[str]:
    routes = (route.path for route in request.app.routes)
    found = {path.removeprefix("/wp-json") for path in routes if path.startswith("/wp-json/wp")}
    return sorted(_PLACE.sub(_as_wordpress, path) for path in found)


def _as_wordpress(place: re.Match[str]) -> str:
    """A place such as `{post_id:int}` in the form that WordPress gives it, a named group."""
    name, form = place.groups()
    return f"(?P<{_PLACES.get(name, 'id')}>{_FORMS[form]})"


def _route(request: Asked, path: str) -> dict[str, Any]:
    if "(?P<" in path:
        return {"namespace": "wp/v2"}
    return {"namespace": "wp/v2", "_links": {"self": [{"href": rest_url(request, path)}]}}


@get("/wp/v2/types", action="type.list", resource="type")
async def list_types(request: Asked, work: UnitOfWork) -> Response[bytes]:
    types = work.registry.post_types.values()
    return answer(request, {one.name: _type(request, one) for one in types})


@get("/wp/v2/types/{name:str}", action="type.list", resource="type")
async def read_type(request: Asked, work: UnitOfWork, name: str) -> Response[bytes]:
    if name not in work.registry.post_types:
        raise NotFound("post type", name)
    return answer(request, _type(request, work.registry.post_types[name]))


def _type(request: Asked, post_type: PostType) -> dict[str, Any]:
    items = rest_url(request, f"/wp/v2/{post_type.rest_base}")
    return {
        "description": post_type.description,
        "hierarchical": post_type.is_hierarchical,
        "has_archive": post_type.has_archive,
        "name": post_type.label,
        "slug": post_type.name,
        "icon": None,
        "taxonomies": list(post_type.taxonomies),
        "rest_base": post_type.rest_base,
        "rest_namespace": "wp/v2",
        "_links": {
            "collection": [{"href": rest_url(request, "/wp/v2/types")}],
            "wp:items": [{"href": items}],
        },
    }


INDEX_ROUTES: list[HTTPRouteHandler] = [read_index, list_types, read_type]
