"""The first page after signing in, and what the command palette finds."""

from typing import Any

import msgspec
from litestar import Response
from markupsafe import Markup

from cms.admin.page import Page, private_headers
from cms.admin.panels import panels_of
from cms.admin.routing import screen
from cms.admin.screens.posts.asking import offered_types
from cms.admin.screens.posts.waiting import own_texts
from cms.content import searching
from cms.database.work import UnitOfWork

_MOST_FOUND = 8


@screen("/admin", action="session.work", resource="session")
async def show_home(work: UnitOfWork, page: Page) -> Response[bytes]:
    """What waits for this person: each plugin shows its part."""
    own = [Markup(one) for one in await own_texts(page)]  # noqa: S704 - escaping templates
    return page.render("home/home.html", panels=[*own, *await panels_of(page, "home")])


@screen("/admin/palette", action="session.work", resource="session")
async def find_places(work: UnitOfWork, page: Page, q: str = "") -> Response[bytes]:
    """Posts by their words, as places to go to: those that the person may edit."""
    types = offered_types(work)
    found = await searching.editable_titles(work, types, q[:200], limit=_MOST_FOUND) if q else []
    labels = {one.name: page.words.gettext(one.singular or one.label) for one in types}
    places = [
        {"label": one.title, "path": f"/admin/posts/{one.id}", "section": labels[one.post_type]}
        for one in found
    ]
    return Response(
        msgspec.json.encode(places),
        headers=dict(private_headers()),
        media_type="application/json",
    )


HOME_SCREENS: list[Any] = [show_home, find_places]
