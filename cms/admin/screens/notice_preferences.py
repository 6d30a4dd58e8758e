"""How one wants to be told of things, and when."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.kernel.notices import Mailing
from cms.notices import preferences
from cms.notices.hours import Hours
from cms.notices.models import Digest
from cms.notices.preferences import Preference

_HERE = "/admin/profile/notices"


@screen(_HERE, action="notice_preference.read", resource="notice_preference")
async def show_preferences(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Each kind of notice, by which way it comes."""
    return await _shown(work, page, {})


async def _shown(work: UnitOfWork, page: Page, faults: dict[str, str]) -> Response[bytes]:
    status = 422 if faults else 200
    kept = await preferences.mine(work)
    return page.render("notices/preferences.html", status=status, kept=kept, faults=faults)


@form(_HERE, action="notice_preference.change", resource="notice_preference")
async def save_preferences(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Keep what was chosen for each kind; what stayed as it was is not written."""
    for kind in (await preferences.mine(work)).kinds:
        in_app, mail = _chosen(page, kind)
        if (in_app, mail) != (kind.in_app, kind.mail):
            await preferences.choose(work, kind.kind, in_app=in_app, mail=mail)
    return page.redirect(_HERE, page.say("Your choices are saved."))


def _chosen(page: Page, kind: Preference) -> tuple[bool, Mailing]:
    """A box that nobody may untick is not sent, and counts as it is."""
    in_app = kind.is_mandatory or page.form.has(f"in_app.{kind.kind}")
    mail = page.form.text(f"mail.{kind.kind}")
    return in_app, Mailing(mail) if mail in set(Mailing) else kind.mail


@form(f"{_HERE}/hours", action="notice_preference.change", resource="notice_preference")
async def save_hours(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Keep when one is left in peace, and when the digest comes."""
    sent = page.form
    digest = sent.text("digest")
    hour, weekday = sent.number("digest_hour"), sent.number("digest_weekday")
    hours = Hours(
        sent.text("timezone")[:60],
        sent.text("quiet_from")[:5],
        sent.text("quiet_until")[:5],
        Digest(digest) if digest in set(Digest) else Digest.DAILY,
        8 if hour is None else hour,
        0 if weekday is None else weekday,
    )
    try:
        await preferences.keep_hours(work, hours)
    except InvalidInput as refused:
        return await _shown(work, page, refused.faults)
    return page.redirect(_HERE, page.say("Your hours are saved."))


PREFERENCE_SCREENS: list[Any] = [show_preferences, save_preferences, save_hours]
