"""Signing in, by the password and by a code, and out again."""

from typing import Any

from litestar import Response

from cms.admin.page import Page, signing_in
from cms.admin.routing import form, open_form, open_screen
from cms.api.own_paths import own_path
from cms.database.work import UnitOfWork
from cms.identity.secrets import SecretKey
from cms.identity.session_cookies import (
    clear_pending_cookie,
    keeps_cookie,
    pending_in,
    set_pending_cookie,
)
from cms.identity.sessions import clear_cookie, end_session, set_cookie
from cms.identity.signing_in import AwaitedCode, awaits_code, sign_in_browser, sign_in_by_code


@open_screen("/admin/sign-in", action="session.ask", resource="session")
async def show_sign_in(
    work: UnitOfWork,
    page: Page,
    secret: SecretKey,
    next: str = "",
) -> Response[bytes]:
    """The form for login and password, or for the code that is awaited; with `over` in the address
    it begins again."""
    wanted, asked = own_path(next), page.request.query_params
    if not work.actor.is_anonymous:
        return page.redirect(wanted)
    pending = pending_in(page.request.cookies)
    if pending and "over" not in asked and await awaits_code(work, secret, pending):
        return _code_form(page, wanted)
    answer = _password_form(page, wanted, is_refused="refused" in asked)
    if pending:
        clear_pending_cookie(answer)
    return answer


@open_form("/admin/sign-in", action="auth.sign_in", resource="session")
async def sign_in(work: UnitOfWork, page: Page, secret: SecretKey) -> Response[bytes]:
    """Open a session, and go on to where the person wanted to be; or ask for the code first."""
    login, wanted = page.form.text("login")[:320], own_path(page.form.text("next"))
    opened = await sign_in_browser(
        work,
        secret,
        login,
        page.form.raw("password")[:1000],
        is_remembered=page.form.has("remember"),
    )
    if opened is None:
        return _password_form(page, wanted, login=login, is_refused=True, status=401)
    if isinstance(opened, AwaitedCode):
        answer = page.redirect(signing_in(wanted))
        set_pending_cookie(answer, opened.secret)
        return answer
    answer = page.redirect(wanted)
    set_cookie(answer, opened, page.request)
    return answer


@open_form("/admin/sign-in/code", action="auth.sign_in", resource="session")
async def give_code(work: UnitOfWork, page: Page, secret: SecretKey) -> Response[bytes]:
    """The second step: the code of the authenticator app, or a recovery code."""
    wanted = own_path(page.form.text("next"))
    pending = pending_in(page.request.cookies) or ""
    opened = await sign_in_by_code(work, secret, pending, page.form.text("code")[:40])
    if opened is not None:
        answer = page.redirect(wanted)
        set_cookie(answer, opened, page.request)
        clear_pending_cookie(answer)
        return answer
    await work.session.flush()
    if await awaits_code(work, secret, pending):
        return _code_form(page, wanted, is_refused=True, status=401)
    answer = _password_form(page, wanted, is_refused=True, status=401)
    clear_pending_cookie(answer)
    return answer


def _password_form(
    page: Page, wanted: str, *, login: str = "", is_refused: bool, status: int = 200
) -> Response[bytes]:
    return page.render(
        "identity/sign_in.html",
        status=status,
        next=wanted,
        login=login,
        is_refused=is_refused,
        is_out="out" in page.request.query_params,
        is_kept=keeps_cookie(page.request),
    )


def _code_form(
    page: Page, wanted: str, *, is_refused: bool = False, status: int = 200
) -> Response[bytes]:
    return page.render(
        "identity/sign_in_code.html",
        status=status,
        next=wanted,
        is_refused=is_refused,
        begin=f"{signing_in(wanted)}&over=1",
    )


@form("/admin/sign-out", action="auth.sign_out", resource="session")
async def sign_out(work: UnitOfWork, page: Page) -> Response[bytes]:
    """End the session of this browser."""
    await end_session(work)
    answer = page.redirect("/admin/sign-in?out=1")
    clear_cookie(answer)
    return answer


SIGN_IN_SCREENS: list[Any] = [show_sign_in, sign_in, give_code, sign_out]
