"""Notices by mail: at once, or many in one letter a day or week. Rows are the queue: a job that is
lost, or a server that is down for two days, loses no letter."""

import random
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import ColumnElement, select, update

from cms.database.work import UnitOfWork
from cms.errors import Unavailable
from cms.identity.models import User
from cms.jobs.queue import enqueue, enqueue_at
from cms.kernel.declarations import Job
from cms.kernel.events import Outcome
from cms.mail.smtp import MailRefused
from cms.notices.events import NoticeMailed
from cms.notices.models import MailState, Notice
from cms.notices.telling import MAIL
from cms.notices.writing import written

log = structlog.get_logger()

MAIL_DIGEST, SWEEP = "mail_notice_digest", "sweep_notices"
# Seconds before each further attempt: 10 attempts over two days.
PAUSES = (60, 300, 900, 1800, 7200, 18_000, 36_000, 43_200, 57_600)
MOST_ATTEMPTS = len(PAUSES) + 1
JITTER = 0.2
# Longer than a mail server is waited for: who is still at it is not overtaken.
LEASE = timedelta(minutes=10)
_MOST_IN_A_SWEEP = 500


async def mail(work: UnitOfWork, notice_id: int) -> None:
    """The job of one letter. One that comes too early, too late or twice does nothing."""
    await _send(work, await _claimed(work, MailState.WAITING, Notice.id == notice_id))


async def mail_digest(work: UnitOfWork, user_id: int) -> None:
    """The job of one person's digest: what is due in it, in one letter."""
    await _send(work, await _claimed(work, MailState.DIGEST, Notice.user_id == user_id))


async def sweep(work: UnitOfWork) -> None:
    """Digests whose hour has come, and letters whose job was lost on the way."""
    due = (Notice.tenant_id == work.tenant_id, Notice.mail_at <= work.now)
    readers = await work.all(
        select(Notice.user_id)
        .where(*due, Notice.mail == MailState.DIGEST.value)
        .distinct()
        .limit(_MOST_IN_A_SWEEP)
    )
    for row in readers:
        await enqueue(work, MAIL_DIGEST, {"user_id": row.user_id})
    waiting = await work.all(
        select(Notice.id)
        .where(*due, Notice.mail == MailState.WAITING.value)
        .order_by(Notice.mail_at)
        .limit(_MOST_IN_A_SWEEP)
    )
    for row in waiting:
        await enqueue(work, MAIL, {"notice_id": row.id})


async def _claimed(work: UnitOfWork, state: MailState, which: ColumnElement[bool]) -> list[Notice]:
    """Take what is due, so that no other job has it until the lease ends."""
    rows = await work.execute(
        update(Notice)
        .where(
            Notice.tenant_id == work.tenant_id,
            which,
            Notice.mail == state.value,
            Notice.mail_at <= work.now,
        )
        .values(mail_at=work.now + LEASE, mail_attempts=Notice.mail_attempts + 1)
        .returning(Notice)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted((row[0] for row in rows), key=lambda notice: notice.id)


async def _send(work: UnitOfWork, claimed: Sequence[Notice]) -> None:
    if not claimed:
        return
    reader = await work.session.get(User, (work.tenant_id, claimed[0].user_id))
    is_there = reader is not None and reader.is_active and bool(reader.email)
    notices = [one for one in claimed if is_there and one.read_at is None]
    await _note(work, [one for one in claimed if one not in notices], MailState.DROPPED)
    if reader is None or not notices:
        return
    mailer, letter = work.shop.mailer, await written(work, reader, notices)
    # The mail server may take its time; no transaction and no connection waits for it.
    await work.commit()
    try:
        if mailer is None:
            raise Unavailable("There is no mail server; set CMS_SMTP_URL.")
        await mailer.send(letter)
    except MailRefused as refusal:
        log.warning("a notice could not be mailed", notice=notices[0].id, reason=str(refusal))
        await _finish(work, notices, MailState.REFUSED, "refused")
    except Unavailable as trouble:
        log.warning("a notice is mailed later", notice=notices[0].id, reason=trouble.message)
        await _try_again(work, notices)
    else:
        await _finish(work, notices, MailState.SENT, "")


async def _try_again(work: UnitOfWork, notices: Sequence[Notice]) -> None:
    attempt = max(one.mail_attempts for one in notices)
    if attempt >= MOST_ATTEMPTS:
        await _finish(work, notices, MailState.FAILED, "unavailable")
        return
    # With jitter: letters that failed together are not all tried together again.
    spread = 1 + random.uniform(-JITTER, JITTER)  # noqa: S311 - nothing is kept secret by it
    at = work.now + timedelta(seconds=PAUSES[attempt - 1] * spread)
    await _write(work, notices, mail_at=at, mail_fault="unavailable")
    if notices[0].mail == MailState.WAITING:
        await enqueue_at(work, MAIL, {"notice_id": notices[0].id}, at)


async def _finish(
    work: UnitOfWork, notices: Sequence[Notice], state: MailState, fault: str
) -> None:
    await _note(work, notices, state, fault)
    is_sent = state is MailState.SENT
    await work.emit(
        NoticeMailed(
            user_id=notices[0].user_id,
            notice_id=notices[0].id,
            notices=len(notices),
            outcome=Outcome.SUCCESS if is_sent else Outcome.FAILED,
        )
    )


async def _note(
    work: UnitOfWork, notices: Sequence[Notice], state: MailState, fault: str = ""
) -> None:
    if notices:
        await _write(work, notices, mail=state.value, mail_at=work.now, mail_fault=fault)


async def _write(work: UnitOfWork, notices: Sequence[Notice], **values: object) -> None:
    await work.execute(
        update(Notice)
        .where(Notice.tenant_id == work.tenant_id, Notice.id.in_([one.id for one in notices]))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


JOBS = (
    # They plan their own attempts; the queue repeats only what broke on our side.
    Job(MAIL, mail),
    Job(MAIL_DIGEST, mail_digest),
    Job(SWEEP, sweep, cron="*/5 * * * *"),
)
