"""Registrations: adding one, and asking the source what it is worth today."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from cms.errors import CapabilityMissing, Conflict, InvalidInput, NotFound
from cms.kernel.events import Outcome, difference
from cms.kernel.work import ReadableWork, Work
from plugins.professional_registry import corrections, foreign
from plugins.professional_registry.councils import by_acronym
from plugins.professional_registry.events import (
    RegistrationAdded,
    RegistrationStatusChanged,
    RegistrationVerified,
)
from plugins.professional_registry.identity import RegistrationId, canonical, parse
from plugins.professional_registry.manual import NAME as MANUAL
from plugins.professional_registry.manual import heeding_proof
from plugins.professional_registry.models import Professional, StatusHistory
from plugins.professional_registry.names import is_same_name
from plugins.professional_registry.provider import Answer
from plugins.professional_registry.settings import RegistrySettings
from plugins.professional_registry.sources import ask
from plugins.professional_registry.statuses import Status, Validation, validation_of

MANAGE = "manage_registrations"
_USER = text("select 1 from cms.users where tenant_id = :tenant and id = :id")


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What a person tells of herself, and what the publisher lets her approve. None of it is proof:
    a specialty is announced only when the source has it with its RQE."""

    specialty: str | None = None
    subspecialty: str | None = None
    institution: str | None = None
    position: str | None = None
    bio: str | None = None
    profile_photo_url: str | None = None
    website: str | None = None
    can_approve_medical_content: bool = False
    approval_scope: dict[str, Any] | None = None


async def register(
    work: Work, user_id: int, number: str, full_name: str, profile: Profile | None = None
) -> Professional:
    """Note that a person holds a registration; it is pending until `verify`.

    Somebody else has to do it: rosters are public, so whoever could state name and number herself
    could take the name of any physician.
    """
    _require(work, "registration.create")
    identity = parse(number, await corrections.councils(work))
    if len(full_name.split()) < 2:
        raise InvalidInput({"full_name": f"{full_name!r}: write first and last name in full"})
    if await work.one(_USER, {"tenant": work.tenant_id, "id": user_id}) is None:
        raise NotFound("user", user_id)
    professional_id = await _insert(work, user_id, identity, full_name, profile or Profile())
    await work.emit(
        RegistrationAdded(
            professional_id=professional_id,
            user_id=user_id,
            after={"registration": canonical(identity)},
        )
    )
    return await get(work, professional_id)


async def verify(
    work: Work,
    professional_id: int,
    settings: RegistrySettings | None = None,
    since: datetime | None = None,
) -> Professional:
    """Ask the source again and keep what it says; a change of standing is told as an event. An
    answer that the source gave before `since` does not serve again."""
    _require(work, "registration.verify")
    return await ask_again(work, professional_id, settings, since)


async def ask_again(
    work: Work,
    professional_id: int,
    settings: RegistrySettings | None = None,
    since: datetime | None = None,
) -> Professional:
    """The same for a use case that has made sure itself that its actor may have it asked."""
    settings = settings or work.settings(RegistrySettings)
    answer = await consult(work, await get(work, professional_id), settings, since)
    # Locked only now: a source may take its time, and whoever signs meanwhile need not wait.
    person = await get(work, professional_id, lock=True)
    await keep(work, person, answer, settings)
    return person


async def consult(
    work: Work, person: Professional, settings: RegistrySettings, since: datetime | None = None
) -> Answer:
    """What the source says of a registration today; nothing is noted at the registration."""
    known = _known_as_of(person)
    identity = identity_of(person)
    return await ask(work, identity, person.full_name, settings, known, since=since)


async def keep(
    work: Work, person: Professional, answer: Answer, settings: RegistrySettings
) -> None:
    """Store an answer about a locked registration, whoever it was that had it asked for, weighed
    against what people proved and the name that she has here."""
    answer = judged(await heeding_proof(work, person, answer), person.full_name)
    before = _state(person)
    _record(person, answer, work.now, settings)
    await _note_history(work, person, before, answer)
    await _tell(work, person, before, answer)


async def verify_all(
    work: Work, council: str | None = None, settings: RegistrySettings | None = None
) -> int:
    """Verify every registration, in the order of ids so that two runs cannot lock each other."""
    statement = select(Professional.id).where(Professional.tenant_id == work.tenant_id)
    if council is not None:
        statement = statement.where(Professional.council == council)
    rows = await work.all(statement.order_by(Professional.id))
    for row in rows:
        await verify(work, row.id, settings)
    return len(rows)


async def refresh_due(work: Work) -> None:
    """The daily job: verify again what has expired, so that the change of standing is told."""
    rows = await work.all(
        select(Professional.id)
        .where(
            Professional.tenant_id == work.tenant_id,
            Professional.validation_status == Validation.VERIFIED,
            Professional.expires_at <= work.now,
        )
        .order_by(Professional.id)
    )
    for row in rows:
        await verify(work, row.id)


async def get(work: ReadableWork, professional_id: int, *, lock: bool = False) -> Professional:
    """The registration, or NotFound."""
    statement = (
        select(Professional)
        .where(Professional.tenant_id == work.tenant_id, Professional.id == professional_id)
        .execution_options(populate_existing=True)
    )
    row = await work.one(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound("registration", professional_id)
    person: Professional = row[0]
    return person


async def find(work: ReadableWork, number: str) -> Professional:
    """The registration that a person writes as `CRM-SP 123456`, or NotFound."""
    identity = parse(number, await corrections.councils(work))
    row = await work.one(select(Professional).where(*_key(work, identity)))
    if row is None:
        raise NotFound("registration", canonical(identity))
    person: Professional = row[0]
    return person


def identity_of(person: Professional) -> RegistrationId:
    return RegistrationId(
        person.council, person.regional, person.number, person.category, person.country
    )


def judged(answer: Answer, full_name: str) -> Answer:
    """The answer, or UNVERIFIED when the register has that number under another name: whatever it
    says then, good or bad, is about somebody else."""
    if not answer.names or any(is_same_name(name, full_name) for name in answer.names):
        return answer
    return msgspec.structs.replace(
        answer, status=Status.UNVERIFIED, note="the register has another name for this number"
    )


def _require(work: ReadableWork, action: str) -> None:
    if not work.actor.has(MANAGE):
        raise CapabilityMissing(
            "Sorry, you are not allowed to manage registrations.", action=action
        )


def _key(work: ReadableWork, identity: RegistrationId) -> tuple[Any, ...]:
    return (
        Professional.tenant_id == work.tenant_id,
        Professional.country == identity.country,
        Professional.council == identity.council,
        Professional.regional == identity.regional,
        Professional.number == identity.number,
        Professional.category == identity.category,
    )


async def _insert(
    work: Work, user_id: int, identity: RegistrationId, full_name: str, profile: Profile
) -> int:
    professional_id = await work.next_id("professional")
    inserted = await work.execute(
        insert(Professional)
        .values(
            tenant_id=work.tenant_id,
            id=professional_id,
            user_id=user_id,
            **msgspec.structs.asdict(identity),
            **msgspec.structs.asdict(profile),
            profession=_profession(identity),
            full_name=" ".join(full_name.split()),
            specialties=[],
            validation_status=Validation.PENDING,
            status_normalised=Status.UNVERIFIED,
            status_raw="",
            created_at=work.now,
            updated_at=work.now,
        )
        .on_conflict_do_nothing()
        .returning(Professional.id)
    )
    if inserted.one_or_none() is None:
        raise Conflict(f"{canonical(identity)} is registered already, for this person or another.")
    return professional_id


def _profession(identity: RegistrationId) -> str:
    if identity.council in foreign.registers():
        return foreign.profession_of(identity.council, identity.number)
    professions = by_acronym()[identity.council].professions
    marks = {identity.category, identity.number[:1]} - {""}
    named = (p for p in professions if marks & {p.code, p.prefix, *p.suffix.split("|")} - {""})
    return next(named, professions[0]).id


def _known_as_of(person: Professional) -> datetime | None:
    known = person.external_validation_response or {}
    written = known.get("as_of")
    # What people saw stands behind every source (`heeding_proof`), so it makes none redundant.
    return datetime.fromisoformat(written) if written and known["source"] != MANUAL else None


def _state(person: Professional) -> dict[str, Any]:
    return {"status": person.status_normalised, "validation": person.validation_status}


def _record(
    person: Professional, answer: Answer, now: datetime, settings: RegistrySettings
) -> None:
    person.last_validation_check = person.updated_at = now
    # A source that is down says nothing of the person: what it said before stands, and runs out.
    # People's word that was taken back is no such word: nothing stands behind it any more.
    says_something = answer.status is not Status.SOURCE_UNAVAILABLE or _rests_on_people(person, now)
    if person.external_validation_response is None or (
        says_something and not _is_outdated(person, answer)
    ):
        _take(person, answer, now, settings)
    is_over = person.expires_at is not None and person.expires_at <= now
    if person.validation_status == Validation.VERIFIED and is_over:
        person.validation_status = Validation.EXPIRED


def _rests_on_people(person: Professional, now: datetime) -> bool:
    """Whether what is known is a proof of people that has not run out. One that counts still would
    have been the answer (`heeding_proof`), so this one was withdrawn."""
    known = person.external_validation_response or {}
    is_over = person.expires_at is None or person.expires_at <= now
    return known.get("source") == MANUAL and not is_over


def _is_outdated(person: Professional, answer: Answer) -> bool:
    """Whether she was asked about again while this answer was on its way, or another source knows
    something newer: yesterday's word of the council outlives last week's roster."""
    known = msgspec.convert(person.external_validation_response, Answer)
    # Whether a proof counts is weighed anew each time; its date does not shield it, and where the
    # source did not know, or where it stops her, the source's date does not shield the source.
    if known.source == MANUAL:
        return False
    is_unknown = known.status is Status.UNVERIFIED
    if answer.source == MANUAL and (is_unknown or not answer.status.may_sign):
        return False
    if known.fetched_at > answer.fetched_at:
        return True
    if known.source == answer.source or known.as_of is None:
        return False
    return answer.as_of is None or known.as_of > answer.as_of


def _take(person: Professional, answer: Answer, now: datetime, settings: RegistrySettings) -> None:
    validation = validation_of(answer.status)
    person.status_normalised = answer.status
    person.status_raw = answer.status_raw
    person.validation_status = validation
    person.specialties = [msgspec.to_builtins(specialty) for specialty in answer.specialties]
    person.validation_api_used = answer.source
    person.external_validation_response = msgspec.to_builtins(answer)
    if validation is Validation.VERIFIED:
        person.validated_at = now
        # A verification is as old as the source's knowledge, not as the question.
        fresh_until = (answer.as_of or now) + timedelta(days=settings.fresh_days)
        person.expires_at = answer.expires_at or fresh_until


async def _note_history(
    work: Work, person: Professional, before: Mapping[str, Any], answer: Answer
) -> None:
    if person.status_normalised == before["status"]:
        return
    await work.execute(
        insert(StatusHistory).values(
            tenant_id=work.tenant_id,
            id=await work.next_id("registration_status"),
            professional_id=person.id,
            at=work.now,
            from_status=before["status"],
            to_status=person.status_normalised,
            status_raw=person.status_raw,
            source=answer.source,
            as_of=answer.as_of,
        )
    )


async def _tell(work: Work, person: Professional, before: dict[str, Any], answer: Answer) -> None:
    old, new = difference(before, _state(person))
    status = Status(person.status_normalised)
    await work.emit(
        RegistrationVerified(
            professional_id=person.id,
            user_id=person.user_id,
            status=answer.status,
            outcome=_outcome(answer.status),
            before=old,
            after=new,
        )
    )
    if new:
        await work.emit(
            RegistrationStatusChanged(
                professional_id=person.id,
                user_id=person.user_id,
                status=status,
                validation=Validation(person.validation_status),
                before=old,
                after=new,
            )
        )


def _outcome(status: Status) -> Outcome:
    if status is Status.SOURCE_UNAVAILABLE:
        return Outcome.FAILED
    return Outcome.SUCCESS if status.may_sign else Outcome.REFUSED
