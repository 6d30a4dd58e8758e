"""Notices that have served are erased: what they say of people is kept no longer than needed (LGPD,
art. 15, I, and 16)."""

from datetime import timedelta

from sqlalchemy import and_, delete, or_, select

from cms.database.work import UnitOfWork
from cms.kernel.declarations import Job
from cms.notices.events import NoticesForgotten
from cms.notices.models import MailState, Notice

_MOST_AT_ONCE = 10_000
"""So many in one transaction; the rest goes the next night."""

_STILL_MAILED = (MailState.WAITING.value, MailState.DIGEST.value)


async def forget_notices(work: UnitOfWork) -> None:
    """Erase what was read longer ago than the site keeps it, and what was only mailed and is as
    old. What nobody has read yet stays, and so does what still waits for its letter."""
    oldest = work.now - timedelta(days=work.tenant.site.notices_kept_days)
    never_shown = and_(~Notice.is_listed, Notice.read_at.is_(None), Notice.created_at < oldest)
    old = (
        select(Notice.id)
        .where(
            Notice.tenant_id == work.tenant_id,
            or_(Notice.read_at < oldest, never_shown),
            Notice.mail.not_in(_STILL_MAILED),
        )
        .limit(_MOST_AT_ONCE)
    )
    erased = await work.execute(
        delete(Notice).where(Notice.tenant_id == work.tenant_id, Notice.id.in_(old))
    )
    if erased.rowcount:
        await work.emit(NoticesForgotten(after={"count": erased.rowcount}))


JOBS = (Job("forget_notices", forget_notices, cron="29 3 * * *"),)
