"""What a person was told: her own notices, and nobody else's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func, select, tuple_, update

from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.identity.models import User
from cms.notices.models import MailState, Notice
from cms.notices.titles import titles_of
from cms.notices.words import Reading, said


class About(msgspec.Struct, frozen=True):
    """What a notice is about."""

    type: str
    id: int


class Letter(msgspec.Struct, frozen=True):
    """How far the letter is: none, off (there is no mail server), waiting, digest, sent, dropped
    (it was read before), refused or failed. `at`: when it is sent, tried again, or was sent."""

    state: MailState
    at: datetime | None
    attempts: int
    fault: str


class Told(msgspec.Struct, frozen=True):
    """A notice as its reader gets it, in her language. `link` is the path of what it is about."""

    id: int
    kind: str
    title: str
    text: str
    link: str
    about: About
    is_urgent: bool
    created_at: datetime
    read_at: datetime | None
    mail: Letter


async def mine(
    work: UnitOfWork, *, limit: int, after: int | None = None, only_unread: bool = False
) -> list[Told]:
    """The actor's notices, the newest first; `after` is the last one of the page before."""
    statement = _own(work).order_by(Notice.created_at.desc(), Notice.id.desc()).limit(limit)
    if only_unread:
        statement = statement.where(Notice.read_at.is_(None))
    if after is not None:
        last = select(Notice.created_at).where(*_rows_of(work), Notice.id == after)
        place = tuple_(Notice.created_at, Notice.id)
        statement = statement.where(place < tuple_(last.scalar_subquery(), after))
    return await _all_told(work, await work.all(statement))


async def about(work: UnitOfWork, kinds: Sequence[str], limit: int) -> list[Told]:
    """The actor's notices of these kinds: unread ones first, then the newest."""
    rows = await work.all(
        _own(work)
        .where(Notice.kind.in_(kinds))
        .order_by(Notice.read_at.is_not(None), Notice.created_at.desc(), Notice.id.desc())
        .limit(limit)
    )
    return await _all_told(work, rows)


async def _all_told(work: UnitOfWork, rows: Sequence[Any]) -> list[Told]:
    titles = await titles_of(work, [row[0] for row in rows], work.actor)
    return [
        _told(work, notice, Reading(locale or work.tenant.language, work.tenant.zone, titles))
        for notice, locale in rows
    ]


def _own(work: UnitOfWork) -> Any:
    return (
        select(Notice, User.locale)
        .join(User, (User.tenant_id == Notice.tenant_id) & (User.id == Notice.user_id))
        .where(*_rows_of(work))
        .execution_options(populate_existing=True)
    )


def _rows_of(work: UnitOfWork) -> tuple[Any, ...]:
    return (
        Notice.tenant_id == work.tenant_id,
        Notice.user_id == (work.actor.user_id or 0),
        Notice.is_listed,
    )


def _told(work: UnitOfWork, notice: Notice, reading: Reading) -> Told:
    words = said(work.registry.notices.get(notice.kind), notice.kind, notice.facts, reading)
    return Told(
        notice.id,
        notice.kind,
        *words,
        About(notice.about, notice.about_id),
        notice.is_urgent,
        notice.created_at,
        notice.read_at,
        Letter(MailState(notice.mail), notice.mail_at, notice.mail_attempts, notice.mail_fault),
    )


async def unread(work: UnitOfWork) -> int:
    """How many the actor has not read."""
    row = await work.one(
        select(func.count()).select_from(Notice).where(*_rows_of(work), Notice.read_at.is_(None))
    )
    return int(row[0])


async def mark_read(work: UnitOfWork, notice_id: int) -> None:
    """Note that the actor has read a notice of hers; NotFound for anybody else's. The first time
    counts."""
    marked = await work.execute(
        update(Notice)
        .where(*_rows_of(work), Notice.id == notice_id)
        .values(read_at=func.coalesce(Notice.read_at, work.now))
        .returning(Notice.id)
        .execution_options(synchronize_session=False)
    )
    if marked.one_or_none() is None:
        raise NotFound("notice", notice_id)


async def mark_all_read(work: UnitOfWork, up_to: datetime) -> None:
    """Note that the actor has read everything that she was told until then."""
    await work.execute(
        update(Notice)
        .where(*_rows_of(work), Notice.read_at.is_(None), Notice.created_at <= up_to)
        .values(read_at=work.now)
        .execution_options(synchronize_session=False)
    )
