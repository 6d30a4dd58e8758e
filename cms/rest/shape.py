"""The shared form of answers: paging headers, links, and what any request may ask of any answer:
`_fields`, `_embed`, `_envelope`, `_jsonp`."""

import re
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from litestar import Request, Response

from cms.database.work import UnitOfWork
from cms.kernel.tenant import SiteOptions
from cms.rest import embedding
from cms.rest.errors import RestError
from cms.rest.surrogates import surrogate_keys

Asked = Request[Any, Any, Any]

UPLOADS = "/wp-content/uploads"
MEDIA_TYPE = "application/json; charset=UTF-8"
JAVASCRIPT = "application/javascript; charset=UTF-8"
_CALLBACK = re.compile(r"[A-Za-z0-9_.]+")
_NO_VALUE = re.compile(r"=(?=&|$)")
_NUMBERS = frozenset({"X-WP-Total", "X-WP-TotalPages"})


class Answer(Response[bytes]):
    """An answer that is not encoded yet. The declared route completes it while its unit of work is
    open: what it embeds is read in the same transaction, and an answer that cannot be made saves
    nothing."""

    def __init__(
        self, request: Request[Any, Any, Any], body: Any, status: int, headers: Mapping[str, str]
    ) -> None:
        super().__init__(
            b"",
            status_code=status,
            headers={**always(request), **headers},
            media_type=MEDIA_TYPE,
        )
        self.request, self.body, self.own_headers = request, body, headers

    async def completed(self, work: UnitOfWork) -> Response[bytes]:
        """With the parts that the query asks for, in WordPress's order, and encoded."""
        names_things = work.tenant.site.sends_surrogate_keys and self.request.method == "GET"
        if names_things and b"_embed" not in self.request.scope["query_string"]:
            self._name_things(work)
        if b"_" not in self.request.scope["query_string"]:
            self.content = msgspec.json.encode(self.body)
            return self
        body = self.body
        names = _wanted_fields(self.request)
        if names:
            body = _picked(body, names)
        asked = self.request.query_params.get("_embed")
        if asked is not None:
            await embedding.embed(self.request, work, body, embedding.relations(asked))
            if names_things:
                self._name_things(work)
        return finished(self.request, body, self.status_code or 200, self.own_headers)

    def _name_things(self, work: UnitOfWork) -> None:
        schema = self.request.route_handler.opt.get("schema") or {}
        keys = surrogate_keys(work.registry, schema.get("title", ""), self.body)
        if keys:
            self.headers["Surrogate-Key"] = keys
            self.own_headers = {**self.own_headers, "Surrogate-Key": keys}


def answer(
    request: Request[Any, Any, Any],
    body: Any,
    *,
    status: int = 200,
    allow: Iterable[str] = ("GET",),
    headers: Mapping[str, str] | None = None,
    version: str = "",
) -> Response[bytes]:
    """The answer of a route. `version` is the state of the item that it shows, by which `If-Match`
    knows it again; without one the bytes themselves are what is compared."""
    if version:
        request.scope["state"]["version"] = version
    return Answer(request, body, status, {**(headers or {}), "Allow": ", ".join(allow)})


_MISDIRECTED = 421


def finished(
    request: Request[Any, Any, Any], body: Any, status: int, headers: Mapping[str, str]
) -> Response[bytes]:
    """The body in its envelope and callback, where the request asks for them; errors too."""
    params, common = request.query_params, always(request, status)
    media_type, callback = MEDIA_TYPE, params.get("_jsonp")
    if "_envelope" in params:
        shown = {n: int(v) if n in _NUMBERS else v for n, v in headers.items()}
        body, status, headers = {"body": body, "status": status, "headers": shown or []}, 200, {}
    content = msgspec.json.encode(body)
    if callback is not None:
        if not _CALLBACK.fullmatch(callback):
            raise RestError("rest_callback_invalid", "Invalid JSONP callback function.", 400)
        content, media_type = b"/**/" + callback.encode() + b"(" + content + b")", JAVASCRIPT
    sent = {**common, **headers}
    return Response(content, status_code=status, headers=sent, media_type=media_type)


def failed(
    request: Request[Any, Any, Any], status: int, body: Any, headers: Mapping[str, str]
) -> Response[bytes]:
    """An error, in the form that the request asks of any answer."""
    if b"_" in request.scope["query_string"] and body["code"] != "rest_callback_invalid":
        try:
            return finished(request, body, status, headers)
        except RestError:
            # The callback cannot be used either: the error leaves as plain JSON.
            pass
    sent = {**always(request, status), **headers}
    content = msgspec.json.encode(body)
    return Response(content, status_code=status, headers=sent, media_type=MEDIA_TYPE)


def always(request: Request[Any, Any, Any], status: int = 200) -> dict[str, str]:
    """The headers of every answer, errors too: where the API is, unless the answer has links of its
    own; and what a signed-in person gets is for nobody else."""
    sent = {"X-Robots-Tag": "noindex"}
    # Under a name that no site answers to, nothing is anywhere.
    if status != _MISDIRECTED:
        sent["Link"] = f'<{site_url(request)}/wp-json/>; rel="https://api.w.org/"'
    sent["X-Content-Type-Options"] = "nosniff"
    if request.headers.get("authorization"):
        sent["Cache-Control"] = "no-cache, must-revalidate, max-age=0"
    return sent


def _wanted_fields(request: Request[Any, Any, Any]) -> list[str]:
    given = [
        value
        for name, value in request.query_params.multi_items()
        if name == "_fields" or name.startswith("_fields[")
    ]
    return [name for name in ",".join(given).replace(",", " ").split() if name]


def _picked(body: Any, names: list[str]) -> Any:
    """Lists keep links only where they are asked for; one item keeps them for `_embedded` too."""
    if isinstance(body, list):
        return [pick(item, names) for item in body]
    also = ["_links"] if "_embedded" in names and "_links" not in names else []
    return pick(body, [*names, *also])


def pick(body: Any, names: Iterable[str]) -> Any:
    """The named fields of an object, dot paths included, in the order that the body has them."""
    if not isinstance(body, dict):
        return body
    wanted: dict[str, list[str]] = {}
    for name in names:
        head, _, rest = name.partition(".")
        wanted.setdefault(head, []).append(rest)
    result = {}
    for key, value in body.items():
        if key in wanted:
            paths = [path for path in wanted[key] if path]
            whole = "" in wanted[key] or not paths
            result[key] = value if whole else pick(value, paths)
    return result


def paging(
    request: Request[Any, Any, Any],
    address: str,
    *,
    total: int,
    page: int,
    per_page: int,
    kind: str | None = "post",
) -> dict[str, str]:
    """`X-WP-Total`, `X-WP-TotalPages` and `Link`; a page beyond the last is refused, but for terms
    (`kind` None), of which WordPress then gives none."""
    pages = ceil(total / per_page)
    if page > pages and total > 0 and kind is not None:
        raise RestError(
            f"rest_{kind}_invalid_page_number",
            "The page number requested is larger than the number of pages available.",
            400,
        )
    headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)}
    links = []
    if page > 1:
        before = max(1, min(page - 1, pages))
        links.append(f'<{_page_address(request, address, before)}>; rel="prev"')
    if page < pages:
        links.append(f'<{_page_address(request, address, page + 1)}>; rel="next"')
    if links:
        headers["Link"] = ", ".join(links)
    return headers


def _page_address(request: Request[Any, Any, Any], address: str, page: int) -> str:
    pairs = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if name != "page"]
    # A name without a value stays bare, as in `?_embed&page=2`.
    query = urlencode([*kept, ("page", str(page))])
    return f"{address}?{_NO_VALUE.sub('', query)}"


def site_url(request: Request[Any, Any, Any]) -> str:
    """Scheme and host under which this site is reached: those of the settings where they name a
    host of this very tenant, else those of the request, whose host has been matched with the
    tenant's. Remembered for the request: a page of posts has hundreds of links."""
    state = request.scope["state"]
    found: str | None = state.get("site_url")
    if found is None:
        found = state["site_url"] = _configured(request) or str(request.base_url).rstrip("/")
    return found


def _configured(request: Request[Any, Any, Any]) -> str | None:
    state = request.scope["state"]
    work: UnitOfWork | None = state.get("work")
    address: str = request.app.state.host.settings.site_url.rstrip("/")
    if not address or work is None:
        return None
    parts, hosts = urlsplit(address), work.tenant.hosts
    return address if not hosts or {parts.netloc, parts.hostname} & set(hosts) else None


def front_url(request: Request[Any, Any, Any], site: SiteOptions) -> str:
    """Where readers see the site: its own front end where one is set, else here."""
    return site.front_end_url.rstrip("/") or site_url(request)


def uploads_url(request: Request[Any, Any, Any]) -> str:
    """Under which address readers get files, without a trailing slash."""
    address: str = request.app.state.host.settings.media_url.rstrip("/")
    return address or f"{site_url(request)}{UPLOADS}"


def rest_url(request: Request[Any, Any, Any], route: str) -> str:
    """The full address of a REST route such as `/wp/v2/posts/7`."""
    return f"{site_url(request)}/wp-json{route}"


CURIES = [{"name": "wp", "href": "https://api.w.org/{rel}", "templated": True}]
