"""Where the truth about registrations comes from, and how fresh it is."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import screen
from cms.database.work import UnitOfWork
from plugins.professional_registry import listing
from plugins.professional_registry.lookups import providers
from plugins.professional_registry.screens.words import words_of


@screen("/admin/registry/sources", action="registration.list", resource="registration")
async def show_sources(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Each source with its health, and the rosters that were imported."""
    imported = await listing.rosters(work)
    return page.render(
        "professional_registry/sources.html",
        providers=await providers(work),
        rosters=imported,
        **words_of(page),
    )


SOURCE_SCREENS: list[Any] = [show_sources]
