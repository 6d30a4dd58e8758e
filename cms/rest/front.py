"""What surrounds every answer: `?rest_route=`, method override, HEAD, CORS, ETag, the scheme that a
proxy saw."""

from collections.abc import Awaitable, Callable, MutableMapping
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode

from cms.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

# Where a WordPress without pretty addresses answers.
_FRONT_DOORS = frozenset({"/", "/index.php"})
# Other questions to the front door, in the order in which WordPress looks at them.
_SHORT_LINKS = frozenset({"p", "page_id"})
_OVERRIDABLE = frozenset({"GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_DOORS = ("/wp-json", "/api/v1/")

_VARY = (b"vary", b"Origin")
_READABLE = (b"access-control-expose-headers", b"X-WP-Total, X-WP-TotalPages, Link, ETag")
_SENDABLE = "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type"
# What a browser may send besides, when it asks: the conditions that WordPress does not know.
_CONDITIONS = {"if-match": "If-Match", "if-none-match": "If-None-Match"}
_ALWAYS: Headers = [
    _READABLE,
    (b"access-control-allow-headers", _SENDABLE.encode()),
    _VARY,
]
_METHODS = (b"access-control-allow-methods", b"OPTIONS, GET, POST, PUT, PATCH, DELETE")
_CREDENTIALS = (b"access-control-allow-credentials", b"true")
# They say how long a body is and of what kind; a 304 has none.
_OF_THE_BODY = frozenset({b"content-length", b"content-type"})


def wordpress_front(app: App, settings: Settings) -> App:
    """Rewrites a copy of the scope, then lets the application answer."""

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        rewritten = _with_method(_with_path(dict(scope)))
        rewritten["state"] = dict(scope.get("state") or {})
        headers = dict(scope["headers"])
        _see_through_proxy(rewritten, headers, settings)
        if rewritten["path"].startswith("/wp-json"):
            send = _shared(send, headers.get(b"origin"))
            if rewritten["method"] == "OPTIONS" and b"access-control-request-method" in headers:
                await _answer_preflight(send, headers)
                return
        if rewritten["method"] == "HEAD":
            rewritten["method"] = "GET"
            send = _without_body(send)
        if rewritten["path"].startswith(_DOORS):
            reads = rewritten["method"] == "GET"
            known = headers.get(b"if-none-match") if reads else None
            send = _tagged(send, rewritten["state"], known, reads=reads)
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


def _see_through_proxy(scope: Scope, headers: dict[bytes, bytes], settings: Settings) -> None:
    """The scheme of the links is the one that the reader used; only a trusted proxy may say so."""
    said = headers.get(b"x-forwarded-proto")
    if said is None:
        return
    scheme = said.rpartition(b",")[2].strip().lower().decode("latin-1")
    client = scope.get("client")
    if scheme in {"http", "https"} and settings.trusts(client[0] if client else None):
        scope["scheme"] = scheme


def _without_body(send: Send) -> Send:
    async def headers_only(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return headers_only


def _shared(send: Send, origin: bytes | None) -> Send:
    """Any page may read what an answer holds: a cookie alone identifies nobody."""
    added = _ALWAYS
    if origin is not None:
        added = [(b"access-control-allow-origin", origin), _METHODS, _CREDENTIALS, *_ALWAYS]

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *added]}
        await send(message)

    return with_headers


async def _answer_preflight(send: Send, headers: dict[bytes, bytes]) -> None:
    """A browser asks what it may send, before it says who asks: no tenant and no policy is needed
    for that, and the request itself is decided on when it comes."""
    asked = headers.get(b"access-control-request-headers", b"").decode("latin-1").lower()
    names = {name.strip() for name in asked.split(",")}
    more = [shown for name, shown in _CONDITIONS.items() if name in names]
    answer: Headers = [(b"content-length", b"0"), (b"x-robots-tag", b"noindex")]
    if more:
        answer.append((b"access-control-allow-headers", ", ".join(more).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": answer})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _tagged(send: Send, state: dict[str, Any], known: bytes | None, *, reads: bool) -> Send:
    """An ETag for what is read, and for an item that was written; who has it already gets 304
    without the body."""
    held: Message | None = None

    async def tag(message: Message) -> None:
        nonlocal held
        is_start = message["type"] == "http.response.start"
        if is_start and message["status"] in {200, 201} and (reads or "version" in state):
            held = message
            return
        if held is not None:
            start, held = held, None
            if not message.get("more_body"):
                start, message = _validated(start, message, state.get("version", ""), known)
            await send(start)
        await send(message)

    return tag


def _validated(
    start: Message, body: Message, version: str, known: bytes | None
) -> tuple[Message, Message]:
    etag = entity_tag(version, body.get("body", b""))
    headers = [*start["headers"], (b"etag", etag)]
    if known is None or not _is_known(etag, known):
        return {**start, "headers": headers}, body
    kept = [pair for pair in headers if pair[0].lower() not in _OF_THE_BODY]
    return {**start, "status": 304, "headers": kept}, {**body, "body": b""}


def entity_tag(version: str, body: bytes) -> bytes:
    """The state of the item, where it has one, and then what was shown of it."""
    digest = sha256(body).hexdigest()[:24]
    return f'"{version}.{digest}"'.encode() if version else f'"{digest}"'.encode()


def _is_known(etag: bytes, known: bytes) -> bool:
    """Weak comparison (RFC 9110 §13.1.2): a cache may have marked it weak."""
    tags = {one.strip().removeprefix(b"W/") for one in known.split(b",")}
    return b"*" in tags or etag in tags
