"""The second factor of one's sign-in: /api/v1/users/me/factors."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, post
from cms.database.work import UnitOfWork
from cms.errors import Unauthenticated
from cms.identity import factors, members
from cms.identity.models import User
from cms.identity.secrets import SecretKey
from cms.identity.totp import picture_of
from cms.identity.users import get_user

_MINE = "/users/me/factors"
_UNKEPT = {"Cache-Control": "private, no-store"}
_TAGS = ["sign-in"]


class FactorsOut(msgspec.Struct, frozen=True):
    """`totp_since`: when the authenticator app was confirmed; null without one."""

    totp_since: datetime | None
    recovery_codes_left: int


class EnrolmentOut(msgspec.Struct, frozen=True):
    """Shown this once. `address` is what an authenticator app reads, `picture` the same as an SVG
    element with a QR code."""

    secret: str
    address: str
    picture: str


class CodeIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The six digits that the app shows now."""

    code: Annotated[str, msgspec.Meta(min_length=6, max_length=20)]


class CodesOut(msgspec.Struct, frozen=True):
    """Shown this once; each opens the account once in the place of the app's code."""

    recovery_codes: list[str]


@get(_MINE, action="factor.read", resource="user", tags=_TAGS)
async def read_factors(work: UnitOfWork) -> FactorsOut:
    """What one signs in with besides the password."""
    standing = await factors.standing_of_factors(work, (await _me(work)).id)
    return FactorsOut(standing.since, standing.recovery_codes)


@post(f"{_MINE}/totp", action="factor.edit", resource="user", tags=_TAGS)
async def begin_totp(work: UnitOfWork) -> Response[EnrolmentOut]:
    """A secret for an authenticator app, which counts once a code of it has come."""
    begun = await factors.begin_totp(work, await _me(work))
    told = EnrolmentOut(begun.secret, begun.address, picture_of(begun.address))
    return Response(told, status_code=201, headers=_UNKEPT)


@post(f"{_MINE}/totp/confirm", action="factor.edit", resource="user", tags=_TAGS)
async def confirm_totp(work: UnitOfWork, data: CodeIn, secret: SecretKey) -> Response[CodesOut]:
    """From now on the password alone signs nobody in."""
    codes = await factors.confirm_totp(work, secret, await _me(work), data.code)
    return Response(CodesOut(codes), status_code=200, headers=_UNKEPT)


@delete(f"{_MINE}/totp", action="factor.edit", resource="user", status_code=204, tags=_TAGS)
async def remove_totp(work: UnitOfWork) -> None:
    """The password alone signs one in again."""
    await factors.remove_factors(work, (await _me(work)).id)


@post(f"{_MINE}/recovery-codes", action="factor.edit", resource="user", tags=_TAGS)
async def renew_codes(work: UnitOfWork, secret: SecretKey) -> Response[CodesOut]:
    """Ten new ones; those of before open nothing any more."""
    codes = await factors.renew_recovery_codes(work, secret, (await _me(work)).id)
    return Response(CodesOut(codes), status_code=200, headers=_UNKEPT)


@delete(
    "/users/{user_id:int}/factors",
    action="factor.reset",
    resource="user",
    status_code=204,
    tags=_TAGS,
)
async def reset_factors(work: UnitOfWork, user_id: int) -> None:
    """For somebody who has lost telephone and codes: her password signs her in again, until she has
    set up another app."""
    await members.reset_factors(work, user_id)


async def _me(work: UnitOfWork) -> User:
    if work.actor.user_id is None:
        raise Unauthenticated("Sign in first: POST /api/v1/auth/token.")
    return await get_user(work, work.actor.user_id)


FACTOR_ROUTES: list[HTTPRouteHandler] = [
    read_factors,
    begin_totp,
    confirm_totp,
    remove_totp,
    renew_codes,
    reset_factors,
]
