"""/api/v1/invitations: asking people to join, and joining. A link's secret travels in bodies."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, post
from cms.database.work import UnitOfWork
from cms.identity import invitations, lost_passwords
from cms.identity.invitations import Invited
from cms.identity.link_models import Invitation


class InvitationIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom one asks to join, with which roles; `days` is how long the link is valid."""

    email: str
    roles: list[str]
    days: int = invitations.USUAL
    language: str = ""


class InvitationOut(msgspec.Struct, frozen=True, omit_defaults=True):
    """`email` is empty once the invitation has ended, `ended_as` accepted, taken_back or lapsed.
    `token` is what the link holds, shown once and only where no mail server sends it."""

    id: int
    email: str
    roles: list[str]
    invited_by: int
    invited_at: datetime
    expires_at: datetime
    mail: str
    ended_at: datetime | None = None
    ended_as: str | None = None
    user_id: int | None = None
    token: str = ""

    @classmethod
    def of(cls, one: Invitation, token: str = "") -> "InvitationOut":
        own = {n: getattr(one, n) for n in cls.__struct_fields__ if n != "token"}
        return cls(token=token, **own)


class Invitations(msgspec.Struct, frozen=True):
    """The newest first. `next` is the `after` of the following page, where there may be one."""

    invitations: list[InvitationOut]
    next: int | None


class Joining(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the holder of a link chooses."""

    token: str
    login: str
    display_name: str
    password: str


class Joined(msgspec.Struct, frozen=True):
    user_id: int


class LostPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A login or an e-mail address."""

    login: str


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: str
    password: str


class IssuedLink(msgspec.Struct, frozen=True):
    """`token` is empty where the link goes by mail."""

    expires_at: datetime
    token: str


PerPage = Annotated[int, msgspec.Meta(ge=1, le=100)]
_PATH, _ONE = "/invitations", "/invitations/{invitation_id:int}"
_OF = "account_invitation"


@get(_PATH, action="account_invitation.list", resource=_OF, tags=["people"])
async def list_invitations(
    work: UnitOfWork, after: int | None = None, per_page: PerPage = 50
) -> Invitations:
    """Who was invited."""
    found = await invitations.listed(work, limit=per_page, after=after)
    following = found[-1][0].id if len(found) == per_page else None
    return Invitations([InvitationOut.of(one) for one, _ in found], following)


@post(_PATH, action="account_invitation.make", resource=_OF, tags=["people"])
async def invite(data: InvitationIn, work: UnitOfWork) -> Response[InvitationOut]:
    """Ask somebody to join; the link goes by mail, or stands in this answer and nowhere else."""
    made = await invitations.invite(
        work, data.email, data.roles, days=data.days, language=data.language
    )
    return _once(made)


@post(f"{_ONE}/link", action="account_invitation.make", resource=_OF, tags=["people"])
async def send_again(work: UnitOfWork, invitation_id: int) -> Response[InvitationOut]:
    """A new link; the old one is worth nothing."""
    return _once(await invitations.send_again(work, invitation_id))


def _once(made: Invited) -> Response[InvitationOut]:
    body = InvitationOut.of(made.invitation, made.token)
    return Response(body, status_code=201, headers={"Cache-Control": "no-store"})


@delete(_ONE, action="account_invitation.end", resource=_OF, tags=["people"])
async def take_back(work: UnitOfWork, invitation_id: int) -> None:
    """The link is worth nothing from now on."""
    await invitations.take_back(work, invitation_id)


@post(
    f"{_PATH}/accept",
    action="account_invitation.accept",
    resource=_OF,
    status_code=201,
    tags=["people"],
)
async def join(data: Joining, work: UnitOfWork) -> Joined:
    """Join by the link of an invitation."""
    user = await invitations.accept(
        work,
        data.token,
        login=data.login,
        display_name=data.display_name,
        password=data.password,
    )
    return Joined(user.id)


@post(
    "/auth/lost-password",
    action="password.ask",
    resource="password_link",
    status_code=202,
    tags=["sign-in"],
)
async def ask_for_link(data: LostPassword, work: UnitOfWork) -> None:
    """Have a link sent. The answer is the same whether or not there is somebody."""
    await lost_passwords.ask(work, data.login)


@post(
    "/auth/new-password",
    action="password.choose",
    resource="password_link",
    status_code=204,
    tags=["sign-in"],
)
async def choose_password(data: NewPassword, work: UnitOfWork) -> None:
    """Choose a new password by a link; everything that was signed in is signed out."""
    await lost_passwords.choose(work, data.token, data.password)


@post(
    "/users/{user_id:int}/password-link",
    action="password.issue",
    resource="user",
    tags=["people"],
)
async def issue_link(work: UnitOfWork, user_id: int) -> Response[IssuedLink]:
    """A link to a new password for somebody else."""
    issued = await lost_passwords.issue(work, user_id)
    body = IssuedLink(issued.link.expires_at, issued.token)
    return Response(body, status_code=201, headers={"Cache-Control": "no-store"})


INVITATION_ROUTES: list[HTTPRouteHandler] = [
    list_invitations,
    invite,
    send_again,
    take_back,
    join,
    ask_for_link,
    choose_password,
    issue_link,
]
