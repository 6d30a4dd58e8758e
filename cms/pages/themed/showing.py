"""Which page stands at an address of a site that is drawn here."""

from litestar import Response

from cms.errors import NotFound
from cms.pages.themed import archives, single
from cms.pages.themed.pages import Page
from cms.site.resolving import Found, resolve


async def show(page: Page, path: str, query: str, found: Found) -> Response[bytes]:
    """The page of what was found there, or one that says that there is none."""
    try:
        return await _page(page, path, query, found)
    except NotFound as error:
        return await page.refusal(error)


async def _page(page: Page, path: str, query: str, found: Found) -> Response[bytes]:
    listed_at, number = archives.numbered(path)
    if found.kind == "none" and number > 1:
        found = await resolve(page.work, listed_at, query)
    is_front_page = found.kind == "front" and found.id is not None
    if (is_front_page or found.kind in {"post", "page"}) and found.id is not None and number == 1:
        return await single.show(page, found.type, found.id, is_front=is_front_page)
    listed = await archives.of_found(page, found) or archives.of_date(page, listed_at)
    if listed is None or is_front_page:
        raise NotFound("page", "at this address")
    return await archives.show(page, listed, number)


async def search(page: Page) -> Response[bytes]:
    """What a reader looks for, by WordPress's names: `s` the words, `paged` the page."""
    asked = page.request.query_params
    number = asked.get("paged", "1")
    wanted = int(number[:4]) if number.isascii() and number.isdigit() else 1
    return await archives.search(page, asked.get("s", ""), min(max(wanted, 1), 100))
