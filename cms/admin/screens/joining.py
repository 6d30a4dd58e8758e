"""Pages for people without a session: joining by a link, and choosing a new password."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import open_form, open_screen
from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput
from cms.identity import invitations, lost_passwords
from cms.identity.links import LinkRefused

_JOIN, _LOST, _NEW = "/admin/join", "/admin/lost-password", "/admin/password"
_OF = "account_invitation"


@open_screen(_JOIN, action="session.ask", resource="session")
async def show_joining(work: UnitOfWork, page: Page, token: str = "") -> Response[bytes]:
    """Where somebody who was invited chooses login and password. Looking uses nothing up."""
    return await _joining(work, page, token, {})


async def _joining(
    work: UnitOfWork, page: Page, token: str, faults: dict[str, str]
) -> Response[bytes]:
    try:
        invitation = await invitations.opened(work, token)
    except LinkRefused as refused:
        return _refused(page, refused)
    status = 422 if faults else 200
    facts = {"email": invitation.email, "token": token, "faults": faults}
    return page.render("people/join.html", status=status, **facts)


def _refused(page: Page, refused: CmsError) -> Response[bytes]:
    return page.render("people/link_refused.html", status=refused.status)


@open_form(_JOIN, action="account_invitation.accept", resource=_OF)
async def join(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Use the link up."""
    sent = page.form
    try:
        await invitations.accept(
            work,
            sent.raw("token"),
            login=sent.text("login"),
            display_name=sent.text("display_name"),
            password=sent.raw("password"),
        )
    except LinkRefused as refused:
        return _refused(page, refused)
    except InvalidInput as refused:
        return await _joining(work, page, sent.raw("token"), refused.faults)
    return page.redirect("/admin/sign-in", page.say("Your account is there. Sign in with it now."))


@open_screen(_LOST, action="session.ask", resource="session")
async def show_lost(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Where one asks for a link to a new password."""
    return page.render("people/lost_password.html", has_mail=work.shop.mailer is not None)


@open_form(_LOST, action="password.ask", resource="password_link")
async def ask_for_link(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The same answer for everybody."""
    await lost_passwords.ask(work, page.form.text("login"))
    return page.render("people/lost_password_asked.html")


@open_screen(_NEW, action="session.ask", resource="session")
async def show_new_password(work: UnitOfWork, page: Page, token: str = "") -> Response[bytes]:
    """Where one chooses a new password. Looking uses nothing up."""
    try:
        await lost_passwords.opened(work, token)
    except LinkRefused as refused:
        return _refused(page, refused)
    return page.render("people/new_password.html", token=token, faults={})


@open_form(_NEW, action="password.choose", resource="password_link")
async def choose_password(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Use the link up; everything that was signed in is signed out."""
    token = page.form.raw("token")
    try:
        await lost_passwords.choose(work, token, page.form.raw("password"))
    except LinkRefused as refused:
        return _refused(page, refused)
    except InvalidInput as refused:
        return page.render(
            "people/new_password.html", status=422, token=token, faults=refused.faults
        )
    return page.redirect("/admin/sign-in", page.say("Your new password counts from now on."))


JOINING_SCREENS: list[Any] = [
    show_joining,
    join,
    show_lost,
    ask_for_link,
    show_new_password,
    choose_password,
]
