"""Ticking off the first steps."""

from typing import Any

from litestar import Response

from cms.admin import tour
from cms.admin.page import Page
from cms.admin.routing import form
from cms.database.work import UnitOfWork


@form("/admin/tour/{name:str}", action="user.edit_self", resource="user")
async def tick_step(work: UnitOfWork, page: Page, name: str) -> Response[bytes]:
    """One step is done, or the whole list is put away."""
    await work.decide("user.edit_self", "user", int(work.actor.user_id or 0))
    await tour.tick(page, name, page.form.text("step"))
    return page.redirect("/admin")


TOUR_SCREENS: list[Any] = [tick_step]
