"""Every address that no other route has: feeds, pages of the sitemap, redirects to where a thing
stands now or to the front end."""

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.api.themed import serve_asset
from cms.database.work import UnitOfWork
from cms.errors import CmsError, NotFound
from cms.pages.answers import cached
from cms.pages.themed import showing
from cms.pages.themed.commenting import give_comment
from cms.pages.themed.pages import Page, is_served
from cms.pages.themed.preview import show_preview
from cms.pages.themed.unlocking import give_password
from cms.rest.shape import front_url, rest_url, site_url
from cms.site import feeds, sitemap
from cms.site.comment_feed import newest_comments
from cms.site.feed_forms import ALIASES, FORMS, Site
from cms.site.paths import LONGEST, encoded, normal, segments
from cms.site.redirects import count_hit
from cms.site.resolving import Found, resolve

Asked = Request[Any, Any, Any]

# Who says what visitors said of a text.
COMMENTS: feeds.CommentLoader = newest_comments

_XML = "application/xml; charset=UTF-8"
_FRONT_DOOR = "/index.php"
FEED_SECONDS, SITEMAP_SECONDS, REDIRECT_SECONDS, RESOLVE_SECONDS = 300, 3600, 3600, 60
MOST_PAGES = 1000


_TAKEN_AWAY = "What stood at this address was taken away for good."
DOORS = {"wordpress": "/wp-json/", "description": "/api/openapi.json", "health": "/healthz"}


class Gone(CmsError):
    """What stood here was taken away for good, and nothing stands in its place."""

    status, slug = 410, "gone"


@get("/robots.txt", action="site.visit", resource="site", include_in_schema=False)
async def show_robots(request: Asked, work: UnitOfWork) -> Response[bytes]:
    site = work.tenant.site
    text = sitemap.robots(front_url(request, site), is_public=site.blog_public)
    return cached(request, text.encode(), "text/plain", seconds=SITEMAP_SECONDS)


@get("/wp-sitemap.xml", action="site.visit", resource="site", include_in_schema=False)
async def show_sitemap(request: Asked, work: UnitOfWork) -> Response[bytes]:
    _refuse_hidden(work)
    pages = await sitemap.index(work)
    body = sitemap.index_document(front_url(request, work.tenant.site), pages)
    return _sitemap(request, body)


def _refuse_hidden(work: UnitOfWork) -> None:
    if not work.tenant.site.blog_public:
        raise NotFound("page", "at this address")


def _sitemap(request: Asked, body: bytes) -> Response[bytes]:
    headers = {"X-Robots-Tag": "noindex, follow"}
    return cached(request, body, _XML, seconds=SITEMAP_SECONDS, headers=headers)


@get("/{path:path}", action="site.visit", resource="site", include_in_schema=False)
async def show_address(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """What stands at an address of the public site."""
    path = request.scope["path"]
    if len(path) > LONGEST:
        raise NotFound("page", "at this address")
    parts = segments(normal(path))
    page = sitemap.page_named(parts[0]) if len(parts) == 1 else None
    if page is not None:
        return await _sitemap_page(request, work, page)
    form = _form(parts)
    if form is not None:
        return await _feed(request, work, *form)
    query = request.scope["query_string"].decode("latin-1")
    return await _at(request, work, "/" if path == _FRONT_DOOR else path, query)


@get("/", action="site.visit", resource="site", include_in_schema=False)
async def show_home(request: Asked, work: UnitOfWork) -> Response[Any]:
    """The front page of a site that is drawn here; else where the doors are. WordPress clients look
    for the link."""
    link = {"Link": f'<{site_url(request)}/wp-json/>; rel="https://api.w.org/"'}
    if not is_served(request, work):
        return Response(DOORS, headers=link)
    if "s" in request.query_params:
        return await showing.search(Page.of(request, work))
    answer = await _at(request, work, "/", "")
    answer.headers.update(link)
    return answer


async def _at(request: Asked, work: UnitOfWork, path: str, query: str) -> Response[bytes]:
    """What leads elsewhere does so for every site; the rest is a page of those drawn here."""
    found = await resolve(work, path, query)
    if not is_served(request, work) or found.kind == "redirect":
        return await _lead_on(request, work, found)
    page = Page.of(request, work)
    if found.kind == "gone":
        await _count(work, found)
        return await page.refusal(Gone(_TAKEN_AWAY))
    return await showing.show(page, path, query, found)


async def _count(work: UnitOfWork, found: Found) -> None:
    if found.redirect_id is not None:
        await count_hit(work, found.redirect_id)


async def _sitemap_page(request: Asked, work: UnitOfWork, page: sitemap.Page) -> Response[bytes]:
    _refuse_hidden(work)
    listed = await sitemap.places(work, page)
    if not listed:
        raise NotFound("page", "at this address")
    return _sitemap(request, sitemap.page_document(front_url(request, work.tenant.site), listed))


def _form(parts: list[str]) -> tuple[str, str] | None:
    """The page that a feed is asked of, and the form of the feed; None for other addresses."""
    if parts and parts[-1] == "feed":
        return "/" + "/".join(parts[:-1]), "rss2"
    if len(parts) > 1 and parts[-2] == "feed":
        form = ALIASES.get(parts[-1], parts[-1])
        return ("/" + "/".join(parts[:-2]), form) if form in FORMS else None
    return None


async def _feed(request: Asked, work: UnitOfWork, path: str, form: str) -> Response[bytes]:
    tenant, home = work.tenant, front_url(request, work.tenant.site)
    feed = await _told(work, path, _number(request.query_params.get("paged", "")))
    if isinstance(feed, Found):
        suffix = "feed/" if form == "rss2" else f"feed/{form}/"
        return _leading(home, feed.status, feed.target.rstrip("/") + "/" + suffix)
    if feed is None:
        raise NotFound("page", "at this address")
    base = path.rstrip("/") + "/feed/"
    own = f"{home}{encoded(base)}" + ("" if form == "rss2" else f"{form}/")
    site = Site(tenant.name, tenant.site.description, tenant.language, home, own)
    media_type, written = FORMS[form]
    body = written(site, feed)
    return cached(request, body, media_type, seconds=FEED_SECONDS, modified=feed.modified)


async def _told(work: UnitOfWork, path: str, page: int) -> feeds.Feed | Found | None:
    """The feed, or the redirect of the page that it is of."""
    if path == "/comments":
        limit = min(max(work.tenant.site.posts_per_rss, 1), feeds.MOST)
        return feeds.Feed("/", "Comments", await COMMENTS(work, None, limit))
    found = await resolve(work, path)
    if found.kind == "redirect" and found.target.startswith("/"):
        return found
    if found.kind == "front":
        found = Found("front", path="/")
    return await feeds.of_address(work, found, COMMENTS, page)


def _number(text: str) -> int:
    is_number = text.isascii() and text.isdigit()
    return min(max(int(text[:9]), 1), MOST_PAGES) if is_number else 1


async def _lead_on(request: Asked, work: UnitOfWork, found: Found) -> Response[bytes]:
    front = front_url(request, work.tenant.site)
    await _count(work, found)
    if found.kind == "gone":
        raise Gone(_TAKEN_AWAY)
    if found.kind == "redirect":
        target = found.target
        return _leading(front if target.startswith("/") else "", found.status, target)
    # Here stand no pages; the front end has them. Not for good: its address is an option.
    if found.kind != "none" and _host(front) != _host(site_url(request)):
        return _leading(front, 302, found.path)
    raise NotFound("page", "at this address")


def _host(address: str) -> str:
    return address.partition("//")[2].partition("/")[0].lower()


def _leading(home: str, status: int, target: str) -> Response[bytes]:
    # A permanent redirect without a time would stay in a browser for ever, and posts move back.
    headers = {
        "Location": home + encoded(target),
        "Cache-Control": f"public, max-age={REDIRECT_SECONDS if status in {301, 308} else 0}",
    }
    return Response(b"", status_code=status, headers=headers, media_type="text/plain")


@get("/resolve", action="site.visit", resource="site", tags=["site"])
async def resolve_address(request: Asked, work: UnitOfWork, path: str) -> Response[bytes]:
    """What a path of the public site leads to, for the middleware of a front end."""
    address, _, query = path.partition("?")
    found = await resolve(work, address or "/", query) if len(path) <= LONGEST else Found("none")
    await _count(work, found)
    body = msgspec.json.encode(_described(request, work, found))
    return cached(request, body, "application/json", seconds=RESOLVE_SECONDS)


def _described(request: Asked, work: UnitOfWork, found: Found) -> dict[str, Any]:
    front = front_url(request, work.tenant.site)
    is_redirect = found.kind == "redirect"
    target = found.target if not found.target.startswith("/") else front + encoded(found.target)
    return {
        "kind": found.kind,
        "id": found.id,
        "type": found.type or None,
        "path": found.path or None,
        "link": front + found.path if found.path else None,
        "rest": rest_url(request, found.rest) if found.rest else None,
        "redirect": {"status": found.status, "target": target} if is_redirect else None,
    }


SITE_ROUTES: list[HTTPRouteHandler] = [
    show_home,
    show_robots,
    show_sitemap,
    show_address,
    give_comment,
    give_password,
    show_preview,
    serve_asset,
]
