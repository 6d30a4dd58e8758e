"""Who is away, and who speaks for whom: each says it of herself, and it ends by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.identity.users import present_user
from cms.kernel.work import ReadableWork
from plugins.medical_review.reviewing import rounds
from plugins.medical_review.reviewing.claim_events import (
    AbsenceEnded,
    AbsenceNoted,
    DelegationEnded,
    DelegationMade,
)
from plugins.medical_review.reviewing.claims import ASSIGN, tell_ended
from plugins.medical_review.reviewing.course_models import Absence, Claim, Delegation, Ended
from plugins.medical_review.reviewing.reading import VIEW

LONGEST_DELEGATION, LONGEST_ABSENCE = timedelta(days=90), timedelta(days=732)


async def note_absence(
    work: UnitOfWork, user_id: int | None, from_at: datetime, to_at: datetime
) -> Absence:
    """Note when somebody is away: the actor, or anybody for whoever assigns reviews. What she has
    in hand when it begins is free again."""
    person = _own_or_assigned(work, user_id)
    _refuse_span(from_at, to_at, work.now, LONGEST_ABSENCE, ("from_at", "to_at"))
    await present_user(work, person)
    absence_id = await work.next_id("review_absence")
    await work.execute(
        insert(Absence).values(
            tenant_id=work.tenant_id,
            id=absence_id,
            user_id=person,
            from_at=from_at,
            to_at=to_at,
            noted_by=work.actor.user_id,
            noted_at=work.now,
        )
    )
    span = {"from": from_at.isoformat(), "to": to_at.isoformat()}
    await work.emit(AbsenceNoted(absence_id=absence_id, user_id=person, after=span))
    if from_at <= work.now:
        await free_absent(work)
    return await _absence(work, absence_id)


async def end_absence(work: UnitOfWork, absence_id: int) -> None:
    """She is back, or never went."""
    found = await _absence(work, absence_id)
    _own_or_assigned(work, found.user_id)
    await work.execute(
        update(Absence)
        .where(
            Absence.tenant_id == work.tenant_id,
            Absence.id == absence_id,
            Absence.ended_at.is_(None),
        )
        .values(ended_at=work.now)
    )
    await work.emit(AbsenceEnded(absence_id=absence_id, user_id=found.user_id))


async def absences(work: UnitOfWork) -> list[Absence]:
    """Who is or will be away: everybody for those who assign, else the actor's own."""
    which = [
        Absence.tenant_id == work.tenant_id,
        Absence.ended_at.is_(None),
        Absence.to_at > work.now,
    ]
    if not work.actor.has(ASSIGN):
        which.append(Absence.user_id == (work.actor.user_id or 0))
    rows = await work.all(select(Absence).where(*which).order_by(Absence.from_at, Absence.id))
    return [row[0] for row in rows]


async def _absence(work: ReadableWork, absence_id: int) -> Absence:
    row = await work.one(
        select(Absence).where(Absence.tenant_id == work.tenant_id, Absence.id == absence_id)
    )
    if row is None:
        raise NotFound("absence", absence_id)
    found: Absence = row[0]
    return found


async def free_absent(work: UnitOfWork) -> None:
    """End what people have in hand who are away now, so that it is offered to others again."""
    rows = await work.all(
        select(Claim.review_id, Claim.user_id)
        .join(Absence, (Absence.tenant_id == Claim.tenant_id) & (Absence.user_id == Claim.user_id))
        .where(
            Claim.tenant_id == work.tenant_id,
            Claim.ended_at.is_(None),
            Absence.ended_at.is_(None),
            Absence.from_at <= work.now,
            Absence.to_at > work.now,
        )
        .distinct()
        .order_by(Claim.review_id, Claim.user_id)
    )
    for row in rows:
        await rounds.end_claims(work, row.review_id, Ended.ABSENT, row.user_id)
        await tell_ended(work, row.review_id, row.user_id, Ended.ABSENT)


async def delegate(
    work: UnitOfWork, to_user_id: int, ends_at: datetime, starts_at: datetime | None = None
) -> Delegation:
    """Let another reviewer decide for the actor until `ends_at`, 90 days at most. Her own signature
    stands under it, and the record says for whom."""
    person, begins = work.actor.user_id or 0, starts_at or work.now
    require(work.actor.has(VIEW), "review.delegate", "Sorry, you review nothing to delegate.")
    _refuse_span(begins, ends_at, work.now, LONGEST_DELEGATION, ("starts_at", "ends_at"))
    if to_user_id == person:
        raise InvalidInput({"to_user_id": "is yourself; name somebody else"})
    await present_user(work, to_user_id)
    delegation_id = await work.next_id("review_delegation")
    await work.execute(
        insert(Delegation).values(
            tenant_id=work.tenant_id,
            id=delegation_id,
            from_user_id=person,
            to_user_id=to_user_id,
            starts_at=begins,
            ends_at=ends_at,
            noted_by=person,
            noted_at=work.now,
        )
    )
    await work.emit(
        DelegationMade(
            delegation_id=delegation_id,
            from_user_id=person,
            to_user_id=to_user_id,
            after={"from": begins.isoformat(), "to": ends_at.isoformat()},
        )
    )
    return await _delegation(work, delegation_id)


async def end_delegation(work: UnitOfWork, delegation_id: int) -> None:
    """Take a delegation back; for whoever gave it, and those who assign reviews."""
    found = await _delegation(work, delegation_id)
    _own_or_assigned(work, found.from_user_id)
    await work.execute(
        update(Delegation)
        .where(
            Delegation.tenant_id == work.tenant_id,
            Delegation.id == delegation_id,
            Delegation.ended_at.is_(None),
        )
        .values(ended_at=work.now)
    )
    await work.emit(DelegationEnded(delegation_id=delegation_id, from_user_id=found.from_user_id))


async def delegations(work: UnitOfWork) -> Sequence[Delegation]:
    """Those that count now or later: everybody's for those who assign, else those that the actor
    gave or was given."""
    person = work.actor.user_id or 0
    which = [
        Delegation.tenant_id == work.tenant_id,
        Delegation.ended_at.is_(None),
        Delegation.ends_at > work.now,
    ]
    if not work.actor.has(ASSIGN):
        own = or_(Delegation.from_user_id == person, Delegation.to_user_id == person)
        which.append(own)
    rows = await work.all(
        select(Delegation).where(*which).order_by(Delegation.starts_at, Delegation.id)
    )
    return [row[0] for row in rows]


async def _delegation(work: ReadableWork, delegation_id: int) -> Delegation:
    row = await work.one(
        select(Delegation).where(
            Delegation.tenant_id == work.tenant_id, Delegation.id == delegation_id
        )
    )
    if row is None:
        raise NotFound("delegation", delegation_id)
    found: Delegation = row[0]
    return found


def _own_or_assigned(work: UnitOfWork, user_id: int | None) -> int:
    own = work.actor.user_id
    person = user_id if user_id is not None else own
    require(
        person is not None and (person == own or work.actor.has(ASSIGN)),
        "review.assign",
        "Sorry, you may say this of yourself only.",
    )
    return person or 0


def _refuse_span(
    begins: datetime, ends: datetime, now: datetime, longest: timedelta, names: tuple[str, str]
) -> None:
    faults: dict[str, str] = {}
    for name, moment in zip(names, (begins, ends), strict=True):
        if moment.tzinfo is None:
            faults[name] = "must say its offset from UTC, such as 2031-05-04T08:00:00Z"
    if faults:
        raise InvalidInput(faults)
    if ends <= max(begins, now):
        faults[names[1]] = f"must be later than now and than {names[0]}"
    elif ends - begins > longest:
        faults[names[1]] = f"must be at most {longest.days} days after {names[0]}"
    if faults:
        raise InvalidInput(faults)
