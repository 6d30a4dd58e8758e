"""The shared form of answers: `_fields`, paging headers, `Allow`, links."""

from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from litestar import Request, Response

from cms.kernel.tenant import SiteOptions
from cms.rest.errors import RestError

MEDIA_TYPE = "application/json; charset=UTF-8"


def answer(
    request: Request[Any, Any, Any],
    body: Any,
    *,
    status: int = 200,
    allow: Iterable[str] = ("GET",),
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """The response, reduced to the `_fields` that were asked for."""
    names = _wanted_fields(request)
    if names:
        body = [pick(item, names) for item in body] if isinstance(body, list) else pick(body, names)
    sent = {**always(request), "Allow": ", ".join(allow), **(headers or {})}
    return Response(
        msgspec.json.encode(body), status_code=status, headers=sent, media_type=MEDIA_TYPE
    )


def always(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The headers of every answer, errors too: what a signed-in person gets is for nobody else."""
    sent = {"X-Robots-Tag": "noindex", "X-Content-Type-Options": "nosniff"}
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
    return f"{address}?{urlencode([*kept, ('page', str(page))])}"


def site_url(request: Request[Any, Any, Any]) -> str:
    """Scheme and host of this request; the host has been matched with the tenant's."""
    return str(request.base_url).rstrip("/")


def front_url(request: Request[Any, Any, Any], site: SiteOptions) -> str:
    """Where readers see the site: its own front end where one is set, else here."""
    return site.front_end_url.rstrip("/") or site_url(request)


def rest_url(request: Request[Any, Any, Any], route: str) -> str:
    """The full address of a REST route such as `/wp/v2/posts/7`."""
    return f"{site_url(request)}/wp-json{route}"


CURIES = [{"name": "wp", "href": "https://api.w.org/{rel}", "templated": True}]
