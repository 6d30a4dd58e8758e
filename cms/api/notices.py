"""What one was told, and how one wants to be told: /api/v1/notices."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get, post, put
from cms.database.work import UnitOfWork
from cms.kernel.notices import Mailing
from cms.notices import preferences, reading
from cms.notices.hours import Hours
from cms.notices.preferences import Preferences
from cms.notices.reading import Told

Limit = Annotated[int, msgspec.Meta(ge=1, le=100)]


class Page(msgspec.Struct, frozen=True):
    """Notices, the newest first; `next` is the value of `after` that continues the page."""

    notices: list[Told]
    next: int | None


class Unread(msgspec.Struct, frozen=True):
    """How many notices one has not read."""

    unread: int


class ReadIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`up_to`: only what one was told until then, such as the newest that one has seen."""

    up_to: datetime | None = None


class PreferenceIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`mail` is at_once, digest or never."""

    in_app: bool
    mail: Mailing


@get("/notices", action="notice.list", resource="notice", tags=["notices"])
async def list_notices(
    work: UnitOfWork, limit: Limit = 50, after: int | None = None, unread: bool = False
) -> Page:
    """What one was told, in one's own language; with `unread` only what one has not read."""
    found = await reading.mine(work, limit=limit, after=after, only_unread=unread)
    return Page(found, found[-1].id if len(found) == limit else None)


@get("/notices/unread", action="notice.list", resource="notice", tags=["notices"])
async def count_unread(work: UnitOfWork) -> Unread:
    return Unread(await reading.unread(work))


@post(
    "/notices/{notice_id:int}/read",
    action="notice.mark",
    resource="notice",
    status_code=200,
    tags=["notices"],
)
async def mark_read(work: UnitOfWork, notice_id: int) -> Unread:
    """Note that one has read it."""
    await reading.mark_read(work, notice_id)
    return Unread(await reading.unread(work))


@post("/notices/read", action="notice.mark", resource="notice", status_code=200, tags=["notices"])
async def mark_all_read(data: ReadIn, work: UnitOfWork) -> Unread:
    """Note that one has read everything, or everything until then."""
    await reading.mark_all_read(work, data.up_to or work.now)
    return Unread(await reading.unread(work))


@get(
    "/notices/preferences",
    action="notice_preference.read",
    resource="notice_preference",
    tags=["notices"],
)
async def read_preferences(work: UnitOfWork) -> Preferences:
    """Everything that one can be told of, by which way one is, and when."""
    return await preferences.mine(work)


@put(
    "/notices/preferences/{kind:str}",
    action="notice_preference.change",
    resource="notice_preference",
    tags=["notices"],
)
async def choose(data: PreferenceIn, work: UnitOfWork, kind: str) -> Preferences:
    """Say how one wants to be told of this kind."""
    await preferences.choose(work, kind, in_app=data.in_app, mail=data.mail)
    return await preferences.mine(work)


@put(
    "/notices/hours",
    action="notice_preference.change",
    resource="notice_preference",
    tags=["notices"],
)
async def keep_hours(data: Hours, work: UnitOfWork) -> Preferences:
    """Say when one is left in peace, and when the digest comes; what is left out is the default."""
    await preferences.keep_hours(work, data)
    return await preferences.mine(work)


NOTICE_ROUTES: list[HTTPRouteHandler] = [
    list_notices,
    count_unread,
    mark_read,
    mark_all_read,
    read_preferences,
    choose,
    keep_hours,
]
