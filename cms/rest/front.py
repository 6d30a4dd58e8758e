"""What WordPress accepts before any routing: `?rest_route=`, method override, HEAD."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Where a WordPress without pretty addresses answers.
_FRONT_DOORS = frozenset({"/", "/index.php"})
# Other questions to the front door, in the order in which WordPress looks at them.
_SHORT_LINKS = frozenset({"p", "page_id"})
_OVERRIDABLE = frozenset({"GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


def wordpress_front(app: App) -> App:
    """Rewrites a copy of the scope, then lets the application answer."""

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        rewritten = _with_method(_with_path(dict(scope)))
        if rewritten["method"] == "HEAD":
            rewritten["method"] = "GET"
            send = _without_body(send)
        await app(rewritten, receive, send)

    return front


def _with_path(scope: dict[str, Any]) -> dict[str, Any]:
    if scope["path"] not in _FRONT_DOORS:
        return scope
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    routes = [value for name, value in query if name == "rest_route"]
    if routes:
        path = "/wp-json/" + routes[0].strip("/")
        kept = [(name, value) for name, value in query if name != "rest_route"]
        scope["path"], scope["raw_path"] = path, path.encode()
        scope["query_string"] = urlencode(kept).encode()
        return scope
    asked = dict(query)
    if asked.get("feed"):
        head = "/comments" if asked["feed"].startswith("comments-") else ""
        scope["path"] = f"{head}/feed/{asked['feed']}/"
    elif _SHORT_LINKS & set(asked):
        scope["path"] = "/index.php"
    scope["raw_path"] = scope["path"].encode()
    return scope


def _with_method(scope: dict[str, Any]) -> dict[str, Any]:
    """Only a POST may be turned into something else: a link must not become a deletion."""
    if scope["method"] != "POST" or not scope["path"].startswith("/wp-json"):
        return scope
    query = parse_qsl(scope["query_string"].decode("latin-1"))
    wanted = next((value for name, value in query if name == "_method"), None)
    for name, value in scope["headers"]:
        if name == b"x-http-method-override" and wanted is None:
            wanted = value.decode("latin-1")
    if wanted and wanted.upper() in _OVERRIDABLE:
        scope["method"] = wanted.upper()
    return scope


def _without_body(send: Send) -> Send:
    async def headers_only(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return headers_only
