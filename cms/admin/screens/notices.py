"""What one was told."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.panels import open_to
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.notices import reading

_A_PAGE = 50


@screen("/admin/notices", action="notice.list", resource="notice")
async def list_notices(work: UnitOfWork, page: Page, after: int | None = None) -> Response[bytes]:
    """One's own notices, the newest first."""
    found = await reading.mine(work, limit=_A_PAGE, after=after)
    places = {one.id: open_to(work, one.about.type, one.about.id) for one in found}
    following = f"/admin/notices?after={found[-1].id}" if len(found) == _A_PAGE else ""
    return page.render(
        "notices/list.html",
        notices=found,
        places=places,
        first="/admin/notices" if after else "",
        next=following,
    )


@form("/admin/notices/read", action="notice.mark", resource="notice")
async def mark_read(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Note that one has read everything that she was shown."""
    await reading.mark_all_read(work, work.now)
    return page.redirect("/admin/notices", page.say("All notices are marked as read."))


NOTICE_SCREENS: list[Any] = [list_notices, mark_read]
