"""How one's account is kept: the second factor, the browsers, the applications."""

from typing import Any
from uuid import UUID

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.screens.profile import me
from cms.database.work import UnitOfWork
from cms.errors import CmsError, Conflict, InvalidInput
from cms.identity import application_passwords, factors, sessions
from cms.identity.agents import family_of
from cms.identity.families import NAMES
from cms.identity.secrets import SecretKey
from cms.identity.totp import picture_of

_HERE, _APP = "/admin/profile/security", "/admin/profile/security/app"
_LONGEST_NAME = 200
_NO_NAME = "is needed, so that you know later which application to revoke"


@screen(_HERE, action="session.list", resource="session")
async def show_security(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Everything that can be used to act as this person."""
    return await _security(work, page)


async def _security(
    work: UnitOfWork, page: Page, *, status: int = 200, **facts: Any
) -> Response[bytes]:
    user_id = work.actor.user_id or 0
    own = await sessions.own_sessions(work)
    return page.render(
        "identity/security.html",
        status=status,
        standing=await factors.standing_of_factors(work, user_id),
        sessions=[(one, _named(page, one.user_agent)) for one in own],
        applications=await application_passwords.of_user(work, user_id),
        **{"faults": {}, "name": "", "made": "", **facts},
    )


def _named(page: Page, user_agent: str) -> str:
    return ", ".join(page.say(NAMES[kind]) for kind in family_of(user_agent))


@form(f"{_APP}/begin", action="factor.edit", resource="user")
async def begin_app(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Draw a secret for an authenticator app."""
    await factors.begin_totp(work, await me(work))
    return page.redirect(_APP)


@screen(_APP, action="factor.read", resource="user")
async def show_app(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The secret that was begun, as a picture and as text."""
    return await _app(work, page, {})


@form(_APP, action="factor.edit", resource="user")
async def confirm_app(work: UnitOfWork, page: Page, secret: SecretKey) -> Response[bytes]:
    """The first code of the app: it counts from now on, and the recovery codes are shown."""
    try:
        codes = await factors.confirm_totp(work, secret, await me(work), page.form.text("code"))
    except InvalidInput as refused:
        return await _app(work, page, refused.faults)
    return page.render("identity/recovery_codes.html", codes=codes)


async def _app(work: UnitOfWork, page: Page, faults: dict[str, str]) -> Response[bytes]:
    begun = await factors.begun_totp(work, await me(work))
    if begun is None:
        return page.redirect(_HERE)
    return page.render(
        "identity/authenticator.html",
        status=422 if faults else 200,
        begun=begun,
        picture=picture_of(begun.address),
        faults=faults,
    )


@form(f"{_APP}/remove", action="factor.edit", resource="user")
async def remove_app(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The password alone signs one in again."""
    await factors.remove_factors(work, work.actor.user_id or 0)
    return page.redirect(_HERE, page.say("The authenticator app is removed."))


@form(f"{_HERE}/recovery-codes", action="factor.edit", resource="user")
async def renew_codes(work: UnitOfWork, page: Page, secret: SecretKey) -> Response[bytes]:
    """Ten new recovery codes, shown this once."""
    codes = await factors.renew_recovery_codes(work, secret, work.actor.user_id or 0)
    return page.render("identity/recovery_codes.html", codes=codes)


@form("/admin/profile/sessions/{session_id:uuid}/end", action="session.end", resource="session")
async def end_one_session(work: UnitOfWork, page: Page, session_id: UUID) -> Response[bytes]:
    """Sign another browser out."""
    await sessions.end_session_of(work, session_id)
    return page.redirect(_HERE, page.say("The session has ended."))


@form(
    "/admin/profile/applications",
    action="application_password.create",
    resource="application_password",
)
async def add_application(work: UnitOfWork, page: Page, secret: SecretKey) -> Response[bytes]:
    """Let an application act for one; its password is shown this once."""
    name = page.form.text("name")[:_LONGEST_NAME]
    if not name:
        return await _security(work, page, status=422, faults={"name": _NO_NAME})
    try:
        _, made = await application_passwords.create(work, secret, await me(work), name, "")
    except Conflict as taken:
        return await _security(work, page, status=422, name=name, faults=_fault(taken))
    return await _security(work, page, made=made)


def _fault(error: CmsError) -> dict[str, str]:
    return {"name": error.message}


@form(
    "/admin/profile/applications/{password_id:uuid}/revoke",
    action="application_password.delete",
    resource="application_password",
)
async def revoke_application(work: UnitOfWork, page: Page, password_id: UUID) -> Response[bytes]:
    """The application can no longer act for one."""
    record = await application_passwords.one_of(work, work.actor.user_id or 0, password_id)
    await application_passwords.revoke(work, record)
    return page.redirect(_HERE, page.say("The application is revoked."))


SECURITY_SCREENS: list[Any] = [
    show_security,
    begin_app,
    show_app,
    confirm_app,
    remove_app,
    renew_codes,
    end_one_session,
    add_application,
    revoke_application,
]
