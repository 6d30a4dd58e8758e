"""Why one could not do something: the answer for everybody, about requests of one's own."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.database.work import UnitOfWork
from plugins.zero_trust.explaining import told_of
from plugins.zero_trust.reading import reasons_of, why
from plugins.zero_trust.screens.words import OWN_REASONS, WORDS


@screen("/admin/why", action="policy.why", resource="policy")
async def show_why(work: UnitOfWork, page: Page, request_id: str = "") -> Response[bytes]:
    """The refusals of one request, or of late."""
    found = await why(work, request_id.strip() or None)
    return page.render(
        "zero_trust/why.html",
        wanted=request_id.strip(),
        found=found,
        policies=await told_of(work, reasons_of(found)),
        own_reasons=OWN_REASONS,
        **WORDS,
    )


WHY_SCREENS: list[Any] = [show_why]
