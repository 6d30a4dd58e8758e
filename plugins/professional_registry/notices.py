"""The person and the officers are told of each step of a case, in the application itself."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from sqlalchemy import insert, select, update

from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.identity.models import User
from cms.kernel.work import Work
from plugins.professional_registry.case_events import (
    CaseClosed,
    CaseContested,
    CaseOpened,
    CaseReviewed,
)
from plugins.professional_registry.case_models import Notice
from plugins.professional_registry.messages import message
from plugins.professional_registry.permissions import MANAGE, OVERSEE, holders


class Told(msgspec.Struct, frozen=True):
    """A notice as its reader gets it."""

    id: int
    case_id: int
    kind: str
    title: str
    text: str
    created_at: datetime
    read_at: datetime | None


async def tell_of_opening(work: Work, event: CaseOpened) -> None:
    """The person learns that she is suspended, the officers that there is something to do."""
    await _tell(work, event.case_id, "suspended", [event.user_id])
    await _tell(work, event.case_id, "opened", await _officers(work, event.user_id))


async def tell_of_contest(work: Work, event: CaseContested) -> None:
    """The officers learn that a review is wanted."""
    await _tell(work, event.case_id, "contested", await _officers(work, event.user_id))


async def tell_of_review(work: Work, event: CaseReviewed) -> None:
    """The person learns what came of it."""
    await _tell(work, event.case_id, "reviewed", [event.user_id])


async def tell_of_end(work: Work, event: CaseClosed) -> None:
    """The person learns that her case has ended."""
    await _tell(work, event.case_id, "closed", [event.user_id])


async def _officers(work: Work, besides: int) -> list[int]:
    found = await holders(work, [MANAGE, OVERSEE])
    return [one.user_id for one in found if one.user_id != besides]


async def _tell(work: Work, case_id: int, kind: str, people: Iterable[int]) -> None:
    rows = [
        {
            "tenant_id": work.tenant_id,
            "id": await work.next_id("registration_notice"),
            "user_id": user_id,
            "case_id": case_id,
            "kind": kind,
            "created_at": work.now,
        }
        for user_id in people
    ]
    if rows:
        await work.execute(insert(Notice), rows)


async def unread_first(work: UnitOfWork, limit: int = 100) -> list[Told]:
    """The actor's own notices in her language: unread ones first, then the newest."""
    rows = await work.all(
        select(Notice, User.locale)
        .join(User, (User.tenant_id == Notice.tenant_id) & (User.id == Notice.user_id))
        .where(Notice.tenant_id == work.tenant_id, Notice.user_id == (work.actor.user_id or 0))
        .order_by(Notice.read_at.is_not(None), Notice.created_at.desc(), Notice.id.desc())
        .limit(limit)
    )
    return [_told(row[0], row[1] or work.tenant.language) for row in rows]


def _told(notice: Notice, locale: str) -> Told:
    said = message(notice.kind, locale)
    own = (said.title, said.text, notice.created_at, notice.read_at)
    return Told(notice.id, notice.case_id, notice.kind, *own)


async def mark_read(work: UnitOfWork, notice_id: int) -> None:
    """Note that the actor has read a notice of hers; NotFound for anybody else's."""
    marked = await work.execute(
        update(Notice)
        .where(
            Notice.tenant_id == work.tenant_id,
            Notice.id == notice_id,
            Notice.user_id == (work.actor.user_id or 0),
        )
        .values(read_at=work.now)
        .returning(Notice.id)
    )
    if marked.one_or_none() is None:
        raise NotFound("notice", notice_id)
