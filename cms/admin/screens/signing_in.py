"""Signing in and out."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, open_form, screen
from cms.api.own_paths import own_path
from cms.database.work import UnitOfWork
from cms.identity.secrets import SecretKey
from cms.identity.sessions import clear_cookie, end_session, set_cookie
from cms.identity.signing_in import sign_in_browser


@screen("/admin/sign-in", action="session.ask", resource="session")
async def show_sign_in(work: UnitOfWork, page: Page, next: str = "") -> Response[bytes]:
    """The form for login and password."""
    if not work.actor.is_anonymous:
        return page.redirect(own_path(next))
    return page.render("identity/sign_in.html", next=own_path(next), login="", is_refused=False)


@open_form("/admin/sign-in", action="auth.sign_in", resource="session")
async def sign_in(work: UnitOfWork, page: Page, secret: SecretKey) -> Response[bytes]:
    """Open a session, and go on to where the person wanted to be."""
    login, wanted = page.form.text("login")[:320], own_path(page.form.text("next"))
    opened = await sign_in_browser(
        work,
        secret,
        login,
        page.form.raw("password")[:1000],
        is_remembered=page.form.has("remember"),
    )
    if opened is None:
        return page.render(
            "identity/sign_in.html", status=401, next=wanted, login=login, is_refused=True
        )
    answer = page.redirect(wanted)
    set_cookie(answer, opened, page.request)
    return answer


@form("/admin/sign-out", action="auth.sign_out", resource="session")
async def sign_out(work: UnitOfWork, page: Page) -> Response[bytes]:
    """End the session of this browser."""
    await end_session(work)
    answer = page.redirect("/admin/sign-in?out=1")
    clear_cookie(answer)
    return answer


SIGN_IN_SCREENS: list[Any] = [show_sign_in, sign_in, sign_out]
