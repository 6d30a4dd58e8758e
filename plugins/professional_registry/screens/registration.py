"""One registration: how it stands, what it was, what proves it."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from plugins.professional_registry import cases, listing, registrations
from plugins.professional_registry.history import changes
from plugins.professional_registry.permissions import oversees, require_own
from plugins.professional_registry.proofs import proofs_of
from plugins.professional_registry.rechecking import recheck_own
from plugins.professional_registry.screens.words import words_of
from plugins.professional_registry.standing import standing_of


@screen(
    "/admin/registry/{professional_id:int}", action="registration.read", resource="registration"
)
async def show_registration(work: UnitOfWork, page: Page, professional_id: int) -> Response[bytes]:
    """Everything that is known of it; to its own person without what others noted of her."""
    person = await registrations.get(work, professional_id)
    require_own(work, person.user_id, "registration.read")
    proofs = await proofs_of(work, person.id) if oversees(work) else []
    people = [person.user_id, *(p.checked_by for p in proofs), *(p.confirmed_by for p in proofs)]
    return page.render(
        "professional_registry/registration.html",
        person=person,
        standing=await standing_of(work, person),
        history=list(reversed(await changes(work, person.id))),
        proofs=proofs,
        cases=await cases.listed(work, professional_id=person.id),
        names=await listing.names_of(work, people),
        is_own=person.user_id == work.actor.user_id,
        **words_of(page),
    )


@form(
    "/admin/registry/{professional_id:int}/verify",
    action="registration.verify",
    resource="registration",
)
async def verify_registration(
    work: UnitOfWork, page: Page, professional_id: int
) -> Response[bytes]:
    """Ask the register again, now."""
    await registrations.verify(work, professional_id, since=work.now)
    return page.redirect(
        f"/admin/registry/{professional_id}", page.say("The register was asked again.")
    )


@form(
    "/admin/registry/{professional_id:int}/recheck",
    action="registration.recheck",
    resource="registration",
)
async def recheck_registration(
    work: UnitOfWork, page: Page, professional_id: int
) -> Response[bytes]:
    """The same for one's own."""
    await recheck_own(work, professional_id)
    return page.redirect("/admin/profile", page.say("The register was asked again."))


REGISTRATION_SCREENS: list[Any] = [show_registration, verify_registration, recheck_registration]
