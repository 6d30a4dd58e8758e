"""The toy's screens: what a look is, and a panel on the overview."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.database.work import UnitOfWork


@screen("/admin/looks", action="look.list", resource="look")
async def show_looks(work: UnitOfWork, page: Page) -> Response[bytes]:
    """What a second look is."""
    return page.render("second_look/looks.html")


async def show_panel(page: Page) -> str:
    """On the overview."""
    return page.draw("second_look/panel.html")


SCREENS: list[Any] = [show_looks]
