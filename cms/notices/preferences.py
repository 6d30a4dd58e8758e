"""How a person wants to be told: of which kinds by which way, and at which hours."""

from collections.abc import Mapping
from datetime import time
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.identity.models import User
from cms.kernel.notices import Mailing, NoticeKind
from cms.notices.events import NoticePreferencesChanged
from cms.notices.hours import Hours
from cms.notices.models import Digest, NoticeHours, NoticePreference

_CLOCK = "%H:%M"


class Preference(msgspec.Struct, frozen=True):
    """How the actor is told of one kind. `about`: when such a notice comes, in her language.
    `is_default`: she has said nothing. `mail` is at_once, digest or never."""

    kind: str
    about: str
    in_app: bool
    mail: Mailing
    is_urgent: bool
    is_mandatory: bool
    is_default: bool


class Preferences(msgspec.Struct, frozen=True):
    hours: Hours
    kinds: list[Preference]


def hours_of(row: NoticeHours | None) -> Hours:
    """The hours of a person; one who has said nothing is never quiet and reads a digest at 8."""
    if row is None:
        return Hours()
    return Hours(
        row.timezone,
        row.quiet_from.strftime(_CLOCK) if row.quiet_from else "",
        row.quiet_until.strftime(_CLOCK) if row.quiet_until else "",
        Digest(row.digest),
        row.digest_hour,
        row.digest_weekday,
    )


async def mine(work: UnitOfWork) -> Preferences:
    """Everything that the actor can be told of, and how she is."""
    me = work.actor.user_id or 0
    rows = await work.all(
        select(User.locale, NoticePreference, NoticeHours)
        .outerjoin(
            NoticePreference,
            (NoticePreference.tenant_id == User.tenant_id) & (NoticePreference.user_id == User.id),
        )
        .outerjoin(
            NoticeHours,
            (NoticeHours.tenant_id == User.tenant_id) & (NoticeHours.user_id == User.id),
        )
        .where(User.tenant_id == work.tenant_id, User.id == me)
    )
    if not rows:
        raise NotFound("user", me)
    said = {row[1].kind: row[1] for row in rows if row[1] is not None}
    locale = rows[0][0] or work.tenant.language
    kinds = sorted(work.registry.notices.values(), key=lambda kind: kind.slug)
    return Preferences(
        hours_of(rows[0][2]), [_shown(kind, said.get(kind.slug), locale) for kind in kinds]
    )


def _shown(kind: NoticeKind, row: NoticePreference | None, locale: str) -> Preference:
    return Preference(
        kind.slug,
        kind.words[kind.language(locale)].about,
        kind.in_app if row is None else row.in_app,
        kind.mail if row is None else Mailing(row.mail),
        kind.is_urgent,
        kind.is_mandatory,
        row is None,
    )


async def choose(work: UnitOfWork, slug: str, *, in_app: bool, mail: Mailing) -> None:
    """Say how the actor wants to be told of this kind from now on."""
    kind = work.registry.notices.get(slug)
    if kind is None:
        raise NotFound("kind of notice", slug[:60])
    faults: dict[str, str] = {}
    if kind.is_mandatory and not in_app:
        faults["in_app"] = "nobody turns this kind off: who is told must be able to read it"
    if kind.is_mandatory and mail is Mailing.NEVER and kind.mail is not Mailing.NEVER:
        faults["mail"] = "must be at_once or digest: nobody turns this kind off"
    if faults:
        raise InvalidInput(faults)
    values = {"in_app": in_app, "mail": mail.value}
    await _put(work, NoticePreference, {"kind": slug}, values)


async def keep_hours(work: UnitOfWork, hours: Hours) -> None:
    """Say when the actor is left in peace, and when her digest comes."""
    faults = hours.faults()
    if faults:
        raise InvalidInput(faults)
    said: dict[str, Any] = msgspec.to_builtins(hours)
    for name in ("quiet_from", "quiet_until"):
        said[name] = time.fromisoformat(said[name]) if said[name] else None
    await _put(work, NoticeHours, {}, said)


async def _put(
    work: UnitOfWork, model: Any, key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    me = work.actor.user_id or 0
    keys = {"tenant_id": work.tenant_id, "user_id": me, **key}
    await work.execute(
        insert(model)
        .values(**keys, **values)
        .on_conflict_do_update(index_elements=list(keys), set_=dict(values))
    )
    after = {"of": key.get("kind", "hours"), **msgspec.to_builtins(values)}
    await work.emit(NoticePreferencesChanged(user_id=me, after=after))
