"""Letters that did not leave the house: seen and tried again by those who run the site."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict
from cms.identity.models import User
from cms.jobs.queue import enqueue
from cms.notices.events import NoticeTriedAgain
from cms.notices.models import MailState, Notice
from cms.notices.telling import MAIL

_FAILED = (MailState.REFUSED.value, MailState.FAILED.value)


@dataclass(frozen=True)
class FailedLetter:
    """`state` is refused (for good) or failed (after every attempt)."""

    id: int
    reader_id: int
    reader: str
    kind: str
    state: str
    failed_at: datetime | None


async def failed_letters(work: UnitOfWork, most: int = 50) -> list[FailedLetter]:
    """The newest letters of notices that were given up."""
    _require(work, "notice.retry")
    rows = await work.all(
        select(Notice, User.display_name)
        .join(User, (User.tenant_id == Notice.tenant_id) & (User.id == Notice.user_id))
        .where(Notice.tenant_id == work.tenant_id, Notice.mail.in_(_FAILED))
        .order_by(Notice.id.desc())
        .limit(most)
    )
    return [
        FailedLetter(one.id, one.user_id, name, one.kind, one.mail, one.mail_at)
        for one, name in rows
    ]


async def mail_again(work: UnitOfWork, notice_id: int) -> None:
    """Try the letter of a notice from the beginning. Conflict when it was not given up."""
    _require(work, "notice.retry")
    changed = await work.execute(
        update(Notice)
        .where(
            Notice.tenant_id == work.tenant_id,
            Notice.id == notice_id,
            Notice.mail.in_(_FAILED),
        )
        .values(mail=MailState.WAITING.value, mail_at=work.now, mail_attempts=0, mail_fault="")
        .returning(Notice.user_id)
        .execution_options(synchronize_session=False)
    )
    row = changed.one_or_none()
    if row is None:
        raise Conflict("This letter was not given up, or is tried again already.")
    await enqueue(work, MAIL, {"notice_id": notice_id})
    await work.emit(NoticeTriedAgain(user_id=row.user_id, notice_id=notice_id))


def _require(work: UnitOfWork, action: str) -> None:
    is_allowed = not work.actor.is_anonymous and work.actor.has("manage_options")
    require(is_allowed, action, "Failures are for those who run the site (manage_options).")
