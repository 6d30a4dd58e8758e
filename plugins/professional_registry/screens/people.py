"""Everybody with a registration, and adding one."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput, NotFound
from plugins.professional_registry import listing, registrations
from plugins.professional_registry.claims import refuse_unproved
from plugins.professional_registry.registrations import MANAGE, Profile
from plugins.professional_registry.screens.words import words_of

_A_PAGE = 50


@screen("/admin/registry", action="registration.list", resource="registration")
async def list_registrations(
    work: UnitOfWork, page: Page, only: str | None = None, after: int | None = None
) -> Response[bytes]:
    """People with their registrations and how these stand."""
    only = only if only in listing.SHOWN else None
    rows = await listing.listed(work, only=only, after=after, limit=_A_PAGE)
    base = "/admin/registry" + (f"?only={only}" if only else "")
    following = ""
    if len(rows) == _A_PAGE:
        following = f"{base}{'&' if only else '?'}after={rows[-1].person.id}"
    return page.render(
        "professional_registry/people.html",
        rows=rows,
        chosen=only,
        said="",
        shown=listing.SHOWN,
        first=base if after else "",
        next=following,
        **words_of(page),
    )


@form("/admin/registry/find", action="registration.list", resource="registration")
async def find_registration(work: UnitOfWork, page: Page) -> Response[bytes]:
    """By number or by a part of the name, neither of which stands in an address."""
    said = page.form.text("said")
    rows = await listing.found(work, said) if said else []
    if len(rows) == 1:
        return page.redirect(f"/admin/registry/{rows[0].person.id}")
    return page.render(
        "professional_registry/people.html",
        rows=rows,
        chosen=None,
        said=said,
        shown=listing.SHOWN,
        first="/admin/registry",
        next="",
        **words_of(page),
    )


@screen("/admin/registry/new", action="registration.create", resource="registration")
async def new_registration(
    work: UnitOfWork, page: Page, user_id: int | None = None
) -> Response[bytes]:
    """The form for a registration that a person holds."""
    if not work.actor.has(MANAGE):
        raise CapabilityMissing(
            "Sorry, you are not allowed to manage registrations.", action="registration.create"
        )
    return _form(page, {"user_id": str(user_id or "")}, {})


@form("/admin/registry/new", action="registration.create", resource="registration")
async def add_registration(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Note it and ask the register at once."""
    sent = page.form
    try:
        person = await registrations.register(
            work,
            _user_of(page),
            sent.text("registration"),
            sent.text("full_name"),
            Profile(
                specialty=sent.text("specialty") or None,
                can_approve_medical_content=sent.has("can_approve"),
            ),
        )
    except InvalidInput as refused:
        return _form(page, dict(sent.pairs()), refused.faults, 422)
    except NotFound:
        return _form(page, dict(sent.pairs()), {"user_id": page.say("is nobody's here")}, 422)
    verified = await registrations.verify(work, person.id)
    refuse_unproved(verified)
    return page.redirect(
        f"/admin/registry/{person.id}", page.say("The registration is added, and was asked about.")
    )


def _user_of(page: Page) -> int:
    number = page.form.number("user_id")
    if number is None or number < 1:
        raise InvalidInput({"user_id": "must be the number of a person"})
    return number


def _form(page: Page, given: Any, faults: Any, status: int = 200) -> Response[bytes]:
    return page.render("professional_registry/new.html", status=status, given=given, faults=faults)


PEOPLE_SCREENS: list[Any] = [
    list_registrations,
    find_registration,
    new_registration,
    add_registration,
]
