"""Who works here: the list, one person, and an account for somebody new."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.queries import with_query
from cms.admin.routing import form, screen
from cms.admin.screens.people_links import handed_over
from cms.admin.screens.person import person_page
from cms.admin.screens.person_changes import PERSON_CHANGES
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from cms.identity import lost_passwords, members, roster

_A_PAGE = 50


@screen("/admin/people", action="user.list", resource="user")
async def list_people(
    work: UnitOfWork, page: Page, search: str = "", role: str = "", after: int | None = None
) -> Response[bytes]:
    """Everybody with an account, by name."""
    found = await roster.page(work, search=search, role=role, after=after, most=_A_PAGE + 1)
    shown, kept = found[:_A_PAGE], {"search": search, "role": role}
    following = with_query("/admin/people", **kept, after=shown[-1].id) if found[_A_PAGE:] else ""
    return page.render(
        "people/list.html",
        people=shown,
        labels=await roster.labels(work),
        search=search,
        role=role,
        first=with_query("/admin/people", **kept) if after else "",
        next=following,
    )


@screen("/admin/people/new", action="user.create", resource="user")
async def new_person(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The form for an account."""
    return await _form(work, page)


@form("/admin/people/new", action="user.create", resource="user")
async def add_person(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Add somebody; she chooses her password by a link."""
    sent = page.form
    try:
        user = await members.add(
            work, sent.text("login"), sent.text("email"), sent.text("name"), sent.all("roles")
        )
        issued = await lost_passwords.issue(work, user.id)
    except (InvalidInput, Conflict) as refused:
        faults = refused.faults if isinstance(refused, InvalidInput) else {"": refused.message}
        return await _form(work, page, faults)
    where = f"/admin/people/{user.id}"
    if not issued.token:
        return page.redirect(where, page.say("The account is there, and a letter is on its way."))
    return handed_over(page, f"/admin/password?token={issued.token}", issued.link.expires_at, where)


async def _form(
    work: UnitOfWork, page: Page, faults: dict[str, str] | None = None
) -> Response[bytes]:
    status = 422 if faults else 200
    roles = await roster.roles_for(work, 0)
    return page.render("people/new.html", status=status, roles=roles, faults=faults or {})


@screen("/admin/people/{user_id:int}", action="user.read", resource="user")
async def show_person(work: UnitOfWork, page: Page, user_id: int) -> Response[bytes]:
    """One person with what she has: roles, sign-ins, applications."""
    return await person_page(work, page, user_id)


PEOPLE_SCREENS: list[Any] = [list_people, new_person, add_person, show_person, *PERSON_CHANGES]
