"""Who the clinic is, and who answers for it."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from plugins.professional_registry import clinic, listing
from plugins.professional_registry.clinic import Identification
from plugins.professional_registry.permissions import MANAGE, oversees
from plugins.professional_registry.screens.words import words_of

_PATH = "/admin/registry/clinic"


@screen(_PATH, action="clinic.read", resource="clinic")
async def show_clinic(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The identification with its statement, and the form to set it."""
    return await _shown(work, page, {}, {})


async def _shown(
    work: UnitOfWork, page: Page, given: Any, faults: Any, status: int = 200
) -> Response[bytes]:
    try:
        known = await clinic.read(work)
    except NotFound:
        known = None
    return page.render(
        "professional_registry/clinic.html",
        status=status,
        clinic=known,
        directors=await listing.may_sign(work) if oversees(work) else [],
        may_identify=work.actor.has(MANAGE),
        given=given,
        faults=faults,
        **words_of(page),
    )


@form(_PATH, action="clinic.identify", resource="clinic")
async def identify_clinic(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Set it; every fault is named."""
    sent = page.form
    wanted = Identification(
        name=sent.text("name"),
        registration=sent.text("registration"),
        director_user_id=sent.number("director_user_id") or 0,
        specialty=sent.text("specialty") or None,
    )
    try:
        await clinic.identify(work, wanted)
    except InvalidInput as refused:
        return await _shown(work, page, dict(sent.pairs()), refused.faults, 422)
    return page.redirect(_PATH, page.say("The identification is kept."))


CLINIC_SCREENS: list[Any] = [show_clinic, identify_clinic]
