"""Several writes in one request, each decided on, and committed or refused, as if it came alone."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import open_post
from cms.rest import arguments
from cms.rest.description import Route
from cms.rest.errors import RestError, no_route, shape
from cms.rest.shape import Asked, finished

MOST = 25
_ONE = {
    "path": {"type": "string", "required": True},
    "method": {"type": "string", "enum": ["POST", "PUT", "PATCH", "DELETE"], "default": "POST"},
    "body": {"type": "object", "default": {}},
    "headers": {"type": "object", "default": {}},
}
_TABLE: dict[str, Mapping[str, Any]] = {
    "validation": {
        "type": "string",
        "enum": ["require-all-validate", "normal"],
        "default": "normal",
    },
    "requests": {
        "type": "array",
        "required": True,
        "maxItems": MOST,
        "items": {"type": "object", "properties": _ONE},
    },
}
# Where the API is, the whole says once.
_OF_THE_API = b'rel="https://api.w.org/"'
# What a part may say for itself; who sends it is said by the whole.
_OWN_HEADERS = frozenset({"if-match"})
_OF_THE_WHOLE = re.compile(rb"content-.*|transfer-encoding|if-.*|x-http-method-override|origin")
_SHOWN = {
    b"allow": "Allow", b"location": "Location", b"link": "Link",
    b"www-authenticate": "WWW-Authenticate",
}  # fmt: skip

Outcome = dict[str, Any]


@open_post(
    "/batch/v1",
    because="Each of its requests is decided on as if it were sent alone.",
    arguments=_TABLE,
    status_code=207,
)
async def run_batch(request: Asked) -> Response[bytes]:
    wanted = await arguments.read(request, _TABLE)
    refused = [_refusal(request, one) for one in wanted["requests"]]
    body: dict[str, Any]
    if wanted["validation"] == "require-all-validate" and any(refused):
        body = {"failed": "validation", "responses": refused}
    else:
        pairs = zip(wanted["requests"], refused, strict=True)
        body = {"responses": [no or await _answered(request, one) for one, no in pairs]}
    return finished(request, body, 207, {"Allow": "POST"})


def _refusal(request: Asked, one: Mapping[str, Any]) -> Outcome | None:
    """Why a part cannot be sent at all: its address, or its arguments."""
    try:
        parts = urlsplit(one["path"])
        route = _route(request.app.state.routes, parts.path)
        handler = route.handlers.get(one["method"]) if route is not None else None
        if route is None or handler is None:
            return _outcome(*no_route())
        if not handler.opt.get("allow_batch"):
            raise RestError(
                "rest_batch_not_allowed",
                "The requested route does not support batch requests.",
                400,
            )
        table = handler.opt.get("arguments") or {}
        arguments.check({**_query(parts.query), **one["body"]}, table)
    except ValueError:
        error = RestError("parse_path_failed", "Could not parse the path.", 400)
        return _outcome(*shape(error, is_anonymous=False))
    except RestError as error:
        return _outcome(*shape(error, is_anonymous=False))
    return None


def _query(query: str) -> dict[str, Any]:
    return arguments.query_values(arguments.pairs(query))


def _outcome(status: int, body: Any) -> Outcome:
    return {"body": body, "status": status, "headers": []}


def _route(routes: Mapping[str, Route], path: str) -> Route | None:
    """The route of an address; static ones before those with places."""
    exact = routes.get(path)
    if exact is not None and not exact.has_places:
        return exact
    return next((one for one in routes.values() if re.fullmatch(one.path, path)), None)


async def _answered(request: Asked, one: Mapping[str, Any]) -> Outcome:
    """The answer of the application to one part, in a transaction of its own."""
    messages: list[Any] = []
    body = msgspec.json.encode(one["body"])

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        messages.append(message)

    await request.app(_scope(request, one), receive, send)
    start, *rest = messages
    headers = {
        _SHOWN[name.lower()]: value.decode("latin-1")
        for name, value in start["headers"]
        if name.lower() in _SHOWN and not value.endswith(_OF_THE_API)
    }
    content = b"".join(message.get("body", b"") for message in rest)
    return {"body": msgspec.Raw(content), "status": start["status"], "headers": headers or []}


def _scope(request: Asked, one: Mapping[str, Any]) -> Any:
    parts = urlsplit(one["path"])
    whole: dict[str, Any] = {**request.scope}
    path = f"/wp-json{parts.path}"
    kept = [pair for pair in whole["headers"] if not _OF_THE_WHOLE.fullmatch(pair[0].lower())]
    own = [
        (name.lower().encode("latin-1"), str(value).encode("latin-1", "replace"))
        for name, value in one["headers"].items()
        if name.lower() in _OWN_HEADERS
    ]
    same = ("type", "asgi", "http_version", "scheme", "server", "client", "root_path")
    return {
        **{name: whole[name] for name in same if name in whole},
        "method": one["method"],
        "path": path,
        "raw_path": path.encode(),
        "query_string": urlencode(arguments.pairs(parts.query)).encode(),
        "headers": [*kept, *own, (b"content-type", b"application/json")],
        "state": {},
    }


BATCH_ROUTES: list[HTTPRouteHandler] = [run_batch]
