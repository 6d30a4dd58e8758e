"""One's own profile: what one is called, how one reads, and the password."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.reader import PREFERENCES, THEMES
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.identity.accounts import change_profile
from cms.identity.models import User
from cms.identity.users import get_user

_FIELDS = ("display_name", "first_name", "last_name", "email", "locale")
_LOCALES = frozenset({"", "pt-BR", "en"})
_DIFFERENT = "is not the same in both fields; type it twice alike"


async def me(work: UnitOfWork) -> User:
    """The person who asks; a stranger gets no page that needs her."""
    return await get_user(work, work.actor.user_id or 0)


@screen("/admin/profile", action="user.read_self", resource="user")
async def show_profile(work: UnitOfWork, page: Page) -> Response[bytes]:
    """What others read of one, and how one reads oneself."""
    user = await me(work)
    return _profile(page, {name: getattr(user, name) for name in _FIELDS}, {})


@form("/admin/profile", action="user.edit_self", resource="user")
async def save_profile(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Keep name, address, language and theme."""
    user = await me(work)
    sent = {name: page.form.text(name)[:320] for name in _FIELDS}
    wanted: dict[str, Any] = {
        **sent,
        "display_name": sent["display_name"] or user.display_name,
        "locale": sent["locale"] if sent["locale"] in _LOCALES else user.locale,
        "preferences": _preferences(page, user),
    }
    try:
        await change_profile(work, user, wanted)
    except InvalidInput as refused:
        return _profile(page, sent, refused.faults)
    await page.open()  # she may read in another language from now on
    return page.redirect("/admin/profile", page.say("Your profile is saved."))


def _preferences(page: Page, user: User) -> dict[str, Any]:
    """Those of the application with the theme; what the block editor keeps beside them stays."""
    kept = dict(user.preferences or {})
    own = kept.get(PREFERENCES)
    theme = page.form.text("theme")
    chosen = {"theme": theme} if theme in THEMES else {}
    return {**kept, PREFERENCES: {**(own if isinstance(own, dict) else {}), **chosen}}


@form("/admin/profile/password", action="user.edit_self", resource="user")
async def set_password(work: UnitOfWork, page: Page) -> Response[bytes]:
    """A new password; every other session and token of the person ends."""
    user = await me(work)
    password = page.form.raw("password")
    faults = {} if password == page.form.raw("password_again") else {"password_again": _DIFFERENT}
    if not faults:
        try:
            await change_profile(work, user, {"password": password})
        except InvalidInput as refused:
            faults = refused.faults
    if faults:
        return _profile(page, {name: getattr(user, name) for name in _FIELDS}, faults)
    told = page.say("Your password is changed. Every other session of yours has ended.")
    return page.redirect("/admin/profile", told)


def _profile(page: Page, shown: dict[str, str], faults: dict[str, str]) -> Response[bytes]:
    return page.render(
        "identity/profile.html", status=422 if faults else 200, user=shown, faults=faults
    )


PROFILE_SCREENS: list[Any] = [show_profile, save_profile, set_password]
