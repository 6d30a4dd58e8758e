"""The first page after signing in, and what the command palette finds."""

from typing import Any

import msgspec
from litestar import Response

from cms.admin.page import Page, private_headers
from cms.admin.panels import panels_of
from cms.admin.routing import screen
from cms.database.work import UnitOfWork

_MOST_FOUND = 8


@screen("/admin", action="session.work", resource="session")
async def show_home(work: UnitOfWork, page: Page) -> Response[bytes]:
    """What waits for this person: each plugin shows its part."""
    return page.render("home/home.html", panels=await panels_of(page, "home"))


@screen("/admin/palette", action="session.work", resource="session")
async def find_places(work: UnitOfWork, page: Page, q: str = "") -> Response[bytes]:
    """Posts by their words, as places to go to."""
    return Response(
        msgspec.json.encode([]),
        headers=dict(private_headers()),
        media_type="application/json",
    )


HOME_SCREENS: list[Any] = [show_home, find_places]
