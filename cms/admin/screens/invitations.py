"""Asking people to join."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.queries import with_query
from cms.admin.routing import form, screen
from cms.admin.screens.people_links import handed_over
from cms.admin.translating import LANGUAGES, NAMES
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from cms.identity import invitations, roster
from cms.identity.invitations import Invited

_A_PAGE = 50
_PATH, _OF = "/admin/people/invitations", "account_invitation"


@screen(_PATH, action="account_invitation.list", resource=_OF)
async def list_invitations(
    work: UnitOfWork, page: Page, after: int | None = None
) -> Response[bytes]:
    """Who was invited, the newest first."""
    return await _listed(work, page, after=after)


async def _listed(
    work: UnitOfWork, page: Page, *, after: int | None = None, faults: dict[str, str] | None = None
) -> Response[bytes]:
    found = await invitations.listed(work, limit=_A_PAGE + 1, after=after)
    shown = found[:_A_PAGE]
    return page.render(
        "people/invitations.html",
        status=422 if faults else 200,
        invitations=shown,
        labels=await roster.labels(work),
        roles=await roster.roles_for(work, 0),
        languages=[(code, NAMES[code]) for code in LANGUAGES],
        usual_days=invitations.USUAL,
        has_mail=work.shop.mailer is not None,
        faults=faults or {},
        first=_PATH if after else "",
        next=with_query(_PATH, after=shown[-1][0].id) if found[_A_PAGE:] else "",
    )


@form(_PATH, action="account_invitation.make", resource=_OF)
async def invite(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Invite somebody by her address."""
    sent = page.form
    try:
        made = await invitations.invite(
            work,
            sent.text("email"),
            sent.all("roles"),
            days=sent.number("days") or 0,
            language=sent.text("language"),
        )
    except InvalidInput as refused:
        return await _listed(work, page, faults=refused.faults)
    except Conflict as refused:
        return await _listed(work, page, faults={"email": refused.message})
    return _sent(page, made)


@form(f"{_PATH}/{{invitation_id:int}}/link", action="account_invitation.make", resource=_OF)
async def send_again(work: UnitOfWork, page: Page, invitation_id: int) -> Response[bytes]:
    """A new link for the same invitation."""
    return _sent(page, await invitations.send_again(work, invitation_id))


def _sent(page: Page, made: Invited) -> Response[bytes]:
    if not made.token:
        return page.redirect(_PATH, page.say("The invitation is on its way."))
    path = f"/admin/join?token={made.token}"
    return handed_over(page, path, made.invitation.expires_at, _PATH)


@form(f"{_PATH}/{{invitation_id:int}}/end", action="account_invitation.end", resource=_OF)
async def take_back(work: UnitOfWork, page: Page, invitation_id: int) -> Response[bytes]:
    """Make a link worthless."""
    await invitations.take_back(work, invitation_id)
    return page.redirect(_PATH, page.say("The invitation is taken back."))


INVITATION_SCREENS: list[Any] = [list_invitations, invite, send_again, take_back]
