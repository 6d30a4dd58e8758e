"""Pages of a theme as answers: which theme, with which headers, and the files of themes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response
from litestar.params import FromPath

from cms.api.routing import open_get
from cms.database.work import UnitOfWork
from cms.errors import CmsError, NotFound, SetupError
from cms.site import themes
from cms.site.themes import Theme, ThemeFault

Asked = Request[Any, Any, Any]

HTML = "text/html"
FOR_EVER, FOR_NOW = "public, max-age=31536000, immutable", "public, max-age=60"

# The style attributes of texts were cleaned when they were stored; scripts run nowhere, and what
# stands in a text phones nobody but for its pictures and recordings.
_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' https: data:",
    "media-src": "'self' https:",
    "font-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "base-uri": "'none'",
}
# For what must not be known elsewhere: a link that is a secret, a form for one reader.
PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}
_BROKEN = (
    '<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>503</title></head><body>'
    "<p>Esta página não pode ser mostrada agora. Tente de novo mais tarde.</p>"
    '<p lang="en">This page cannot be shown at the moment. Please try again later.</p>'
    "</body></html>"
)


def theme_of(work: UnitOfWork, *beside: Path) -> Theme:
    """The theme of the site; `beside` are folders with templates of a plugin."""
    return themes.chosen(work.tenant.site.theme, work.shop.data, *beside)


def security(request: Asked, **more: str) -> dict[str, str]:
    """The headers of every page; `more` sets directives, written with _ for -."""
    policy = {**_POLICY, **{name.replace("_", "-"): value for name, value in more.items()}}
    elsewhere = _origin(request.app.state.host.settings.media_url)
    if elsewhere:
        policy["img-src"] += f" {elsewhere}"
        policy["media-src"] += f" {elsewhere}"
    # Browsers heed it over TLS only, and warn of it elsewhere.
    is_secure = request.scope["scheme"] == "https"
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        **({"Cross-Origin-Opener-Policy": "same-origin"} if is_secure else {}),
    }


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def page(
    request: Asked,
    theme: Theme,
    template: str,
    facts: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """The page, for nobody's cache. One whose template fails is a plain apology."""
    try:
        body = theme.draw(template, facts)
    except ThemeFault:
        return apology(request)
    sent = {**security(request), "Cache-Control": "no-store", **(headers or {})}
    return Response(body.encode(), status_code=status, headers=sent, media_type=HTML)


def apology(request: Asked) -> Response[bytes]:
    """What readers get in the place of a page whose template fails."""
    sent = {**security(request), "Cache-Control": "no-store"}
    return Response(_BROKEN.encode(), status_code=503, headers=sent, media_type=HTML)


def refusal(
    request: Asked,
    theme: Theme,
    facts: Mapping[str, Any],
    error: CmsError,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """A page that says why there is no other."""
    nothing = dict.fromkeys(("title", "canonical", "description", "feed", "kind"), "")
    said = {
        "text": None,
        "page": {**nothing, "robots": "noindex"},
        "error": {"status": error.status, "message": error.message, "slug": error.slug},
    }
    return page(
        request, theme, "error.html", {**facts, **said}, status=error.status, headers=headers
    )


@open_get(
    "/theme/{name:str}/{digest:str}/{file:str}",
    because="Style sheets and pictures of a theme are the same for every site.",
    include_in_schema=False,
)
async def serve_asset(
    request: Asked, name: FromPath[str], digest: FromPath[str], file: FromPath[str]
) -> Response[bytes]:
    """A file of a theme. An address from before a change gets what there is now, for a minute."""
    try:
        asset = themes.find(name, request.app.state.host.settings.data).assets[file]
    except (SetupError, KeyError):
        raise NotFound("file of a theme", "at this address") from None
    headers = {
        "Cache-Control": FOR_EVER if digest == asset.digest else FOR_NOW,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(asset.body, headers=headers, media_type=asset.media_type)
