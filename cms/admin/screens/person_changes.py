"""What those who run a site do about one person."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.screens.people_links import handed_over
from cms.admin.screens.person import person_page
from cms.content.leaving import let_go, posts_of
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from cms.identity import lost_passwords, members, roster

_ONE = "/admin/people/{user_id:int}"
_PROFILE = ("display_name", "first_name", "last_name", "nickname", "email", "url", "description")


@form(f"{_ONE}/profile", action="user.edit", resource="user")
async def save_profile(work: UnitOfWork, page: Page, user_id: int) -> Response[bytes]:
    """What is said of her."""
    wanted = {name: page.form.text(name) for name in _PROFILE}
    try:
        await members.edit(work, user_id, {**wanted, "locale": page.form.text("locale")})
    except InvalidInput as refused:
        return await person_page(work, page, user_id, refused.faults)
    return _back(page, user_id, page.say("The profile is saved."))


@form(f"{_ONE}/roles", action="user.promote", resource="user")
async def save_roles(work: UnitOfWork, page: Page, user_id: int) -> Response[bytes]:
    """Which roles she has, and until when."""
    wanted = page.form.all("roles")
    try:
        until = _ends(work, page, await roster.roles_for(work, user_id), wanted)
        await members.give_roles(work, user_id, wanted, until)
    except InvalidInput as refused:
        return await person_page(work, page, user_id, refused.faults)
    except Conflict as refused:
        return await person_page(work, page, user_id, {"roles": refused.message})
    return _back(page, user_id, page.say("The roles are saved."))


def _ends(
    work: UnitOfWork, page: Page, held: Any, wanted: list[str]
) -> Mapping[str, datetime | None]:
    """The end of each wanted role: of the day in the site's zone, or as it stands already."""
    faults: dict[str, str] = {}
    until: dict[str, datetime | None] = {}
    for role in held:
        written = page.form.text(f"until-{role.name}")
        if role.name not in wanted:
            continue
        stands = role.until.astimezone(work.tenant.zone).date().isoformat() if role.until else ""
        if written == stands and (role.is_held or not written):
            if role.is_held or role.days is None:
                until[role.name] = role.until
            continue
        try:
            day = date.fromisoformat(written) if written else None
        except ValueError:
            faults[f"until-{role.name}"] = page.say("must be a day, such as 2030-12-31")
            continue
        last = time(23, 59, 59, tzinfo=work.tenant.zone)
        until[role.name] = datetime.combine(day, last) if day else None
    if faults:
        raise InvalidInput(faults)
    return until


@form(f"{_ONE}/unlock", action="user.sign_out", resource="user")
async def unlock(work: UnitOfWork, page: Page, user_id: int) -> Response[bytes]:
    """Let her try to sign in again."""
    await members.unlock(work, user_id)
    return _back(page, user_id, page.say("The account is unlocked."))


@form(f"{_ONE}/sign-out", action="user.sign_out", resource="user")
async def sign_out(work: UnitOfWork, page: Page, user_id: int) -> Response[bytes]:
    """End one sign-in, or all of them."""
    named = page.form.text("sign_in")
    if named:
        await members.end_sign_in(work, user_id, _uuid(named))
    else:
        await members.end_all_sign_ins(work, user_id)
    return _back(page, user_id, page.say("Signed out."))


@form(f"{_ONE}/application", action="application_password.delete", resource="application_password")
async def revoke_application(work: UnitOfWork, page: Page, user_id: int) -> Response[bytes]:
    """Let a program act for her no longer."""
    await members.revoke_application(work, user_id, _uuid(page.form.text("application")))
    return _back(page, user_id, page.say("The application may do nothing any more."))


@form(f"{_ONE}/password", action="password.issue", resource="user")
async def issue_password_link(work: UnitOfWork, page: Page, user_id: int) -> Response[bytes]:
    """A link by which she chooses a new password."""
    issued = await lost_passwords.issue(work, user_id)
    if not issued.token:
        return _back(page, user_id, page.say("A letter with the link is on its way."))
    where = f"/admin/people/{user_id}"
    return handed_over(page, f"/admin/password?token={issued.token}", issued.link.expires_at, where)


@form(f"{_ONE}/factors", action="factor.reset", resource="user")
async def reset_factors(work: UnitOfWork, page: Page, user_id: int) -> Response[bytes]:
    """Let her password alone sign her in, until she has set up another app."""
    await members.reset_factors(work, user_id)
    return _back(page, user_id, page.say("The second factor is taken off."))


@screen(f"{_ONE}/leave", action="user.delete", resource="user")
async def ask_leave(work: UnitOfWork, page: Page, user_id: int) -> Response[bytes]:
    """What it means that somebody leaves."""
    return await _leaving(work, page, user_id, {})


@form(f"{_ONE}/leave", action="user.delete", resource="user")
async def leave(work: UnitOfWork, page: Page, user_id: int) -> Response[bytes]:
    """Close the account for good."""
    if not page.form.has("sure"):
        return await _leaving(work, page, user_id, {"sure": page.say("tick this to go on")})
    try:
        await let_go(work, user_id, page.form.text("reassign"))
    except InvalidInput as refused:
        return await _leaving(work, page, user_id, refused.faults)
    except Conflict as refused:
        return await _leaving(work, page, user_id, {"reassign": refused.message})
    return page.redirect("/admin/people", page.say("The account is closed."))


async def _leaving(
    work: UnitOfWork, page: Page, user_id: int, faults: dict[str, str]
) -> Response[bytes]:
    user, posts = await roster.one(work, user_id), await posts_of(work, user_id)
    status = 422 if faults else 200
    return page.render("people/leave.html", status=status, user=user, posts=posts, faults=faults)


def _back(page: Page, user_id: int, told: str) -> Response[bytes]:
    return page.redirect(f"/admin/people/{user_id}", told)


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        return UUID(int=0)


PERSON_CHANGES: list[Any] = [
    save_profile,
    save_roles,
    unlock,
    sign_out,
    revoke_application,
    issue_password_link,
    reset_factors,
    ask_leave,
    leave,
]
