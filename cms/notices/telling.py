"""Telling people, in the transaction of what happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.jobs.queue import enqueue, enqueue_at
from cms.kernel.notices import Mailing, NoticeKind
from cms.kernel.work import Work
from cms.notices.hours import Hours
from cms.notices.models import MailState, Notice, NoticeHours, NoticePreference
from cms.notices.preferences import hours_of
from cms.site.webhook_news import announce_later

MAIL = "mail_notice"
TOPIC = "notice.created"


@dataclass(frozen=True)
class _Reader:
    """Somebody who is to be told, and how she wants it."""

    user_id: int
    has_address: bool
    in_app: bool
    mailing: Mailing
    hours: Hours


async def tell(
    work: Work,
    kind: str,
    people: Iterable[int],
    facts: Mapping[str, Any],
    *,
    key: str | None = None,
) -> list[int]:
    """Tell these people (ids of users; each once, and nobody who has left) and return the ids of
    the notices. With a `key` nobody is told the same kind a second time under it, so that a job
    may run twice. LookupError for a kind that no plugin declares, ValueError for facts that are
    not what it declares."""
    whole = cast(UnitOfWork, work)
    declared = whole.registry.notices.get(kind)
    if declared is None:
        raise LookupError(f"no plugin declares the notice {kind!r}")
    kept = declared.kept(facts)
    readers = await _readers(whole, declared, set(people))
    rows = [await _row(whole, declared, kept, reader, key) for reader in readers]
    wanted = {row["id"]: row for row in rows if row["is_listed"] or row["mail"] != MailState.NONE}
    if not wanted:
        return []
    written = await work.execute(
        insert(Notice).values(list(wanted.values())).on_conflict_do_nothing().returning(Notice.id)
    )
    told = sorted(row.id for row in written)
    await _send_later(whole, [wanted[one] for one in told])
    return told


async def _readers(work: UnitOfWork, kind: NoticeKind, people: set[int]) -> list[_Reader]:
    if not people:
        return []
    mine = and_(NoticePreference.tenant_id == User.tenant_id, NoticePreference.user_id == User.id)
    rows = await work.all(
        select(User.id, User.email, NoticePreference, NoticeHours)
        .outerjoin(NoticePreference, and_(mine, NoticePreference.kind == kind.slug))
        .outerjoin(
            NoticeHours,
            and_(NoticeHours.tenant_id == User.tenant_id, NoticeHours.user_id == User.id),
        )
        .where(
            User.tenant_id == work.tenant_id,
            User.id.in_(people),
            User.is_active,
            User.left_at.is_(None),
        )
        .order_by(User.id)
    )
    return [_reader(kind, *row) for row in rows]


def _reader(
    kind: NoticeKind,
    user_id: int,
    email: str,
    preference: NoticePreference | None,
    hours: NoticeHours | None,
) -> _Reader:
    in_app = kind.in_app if preference is None else preference.in_app
    mailing = kind.mail if preference is None else Mailing(preference.mail)
    if kind.is_mandatory:
        # She may have chosen before the kind became mandatory.
        in_app, mailing = True, kind.mail if mailing is Mailing.NEVER else mailing
    return _Reader(user_id, bool(email), in_app, mailing, hours_of(hours))


async def _row(
    work: UnitOfWork,
    kind: NoticeKind,
    facts: Mapping[str, int | str],
    reader: _Reader,
    key: str | None,
) -> dict[str, Any]:
    state, at = _letter(work, kind, reader)
    return {
        "tenant_id": work.tenant_id,
        "id": await work.next_id("notice"),
        "user_id": reader.user_id,
        "kind": kind.slug,
        "about": kind.about,
        "about_id": facts[kind.about_fact],
        "facts": facts,
        "key": key,
        "is_urgent": kind.is_urgent,
        "is_listed": reader.in_app,
        "created_at": work.now,
        "mail": state.value,
        "mail_at": at,
    }


def _letter(
    work: UnitOfWork, kind: NoticeKind, reader: _Reader
) -> tuple[MailState, datetime | None]:
    """Whether a letter follows, and when."""
    if reader.mailing is Mailing.NEVER or not reader.has_address:
        return MailState.NONE, None
    if work.shop.mailer is None:
        return MailState.OFF, None
    if reader.mailing is Mailing.DIGEST:
        return MailState.DIGEST, reader.hours.next_digest(work.now, work.tenant.zone)
    if kind.is_urgent:
        return MailState.WAITING, work.now
    return MailState.WAITING, reader.hours.free_at(work.now, work.tenant.zone)


async def _send_later(work: UnitOfWork, rows: list[dict[str, Any]]) -> None:
    """Jobs of this transaction: a letter each, and one message to subscribers with ids only."""
    for row in rows:
        if row["mail"] != MailState.WAITING:
            continue
        if row["mail_at"] <= work.now:
            await enqueue(work, MAIL, {"notice_id": row["id"]})
        else:
            await enqueue_at(work, MAIL, {"notice_id": row["id"]}, row["mail_at"])
    if rows and work.tenant.site.sends_webhooks:
        first = rows[0]
        told = {
            "notice": first["kind"],
            "about": {"type": first["about"], "id": first["about_id"]},
            "told": [{"id": row["id"], "user_id": row["user_id"]} for row in rows],
        }
        await announce_later(work, TOPIC, first["id"], told)
