"""The index of the API."""

import re
from datetime import datetime
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.database.work import UnitOfWork
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


INDEX_ROUTES: list[HTTPRouteHandler] = [read_index]
