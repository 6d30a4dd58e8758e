"""Whether a person may sign as a professional now, and what stands beside the signature."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ARRAY, BigInteger, Text, bindparam, func, or_, select

from cms.database.reads import Query, Snapshot
from cms.kernel.work import ReadableWork
from plugins.professional_registry.identity import canonical
from plugins.professional_registry.models import Professional
from plugins.professional_registry.registrations import identity_of
from plugins.professional_registry.statuses import Status, Validation

REVOKED, EXPIRED, UNVERIFIED = "registry.revoked", "registry.expired", "registry.unverified"


_PROFESSIONAL = Snapshot(Professional)
# Asked once in every request of a signed-in person. A council of null means any.
_OF_PEOPLE = Query(
    select(*_PROFESSIONAL.columns)
    .where(
        Professional.tenant_id == bindparam("tenant"),
        Professional.user_id == func.any(bindparam("people", type_=ARRAY(BigInteger))),
        or_(
            Professional.council == bindparam("council", type_=Text),
            bindparam("council", type_=Text).is_(None),
        ),
    )
    .order_by(Professional.id)
)


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`reason` is empty for somebody who may sign, otherwise one of the objection codes.

    `can_approve` says what the publisher lets her approve; it is void without `may_sign`.
    """

    user_id: int
    professional_id: int
    registration: str
    full_name: str
    profession: str
    may_sign: bool
    status: Status
    status_raw: str
    validation: Validation
    reason: str
    fresh_until: datetime | None
    checked_at: datetime | None
    source: str | None
    can_approve: bool


async def standing(work: ReadableWork, user_id: int) -> Standing | None:
    """The person's best registration today, or None when she has none."""
    return (await standings(work, [user_id])).get(user_id)


async def standings(work: ReadableWork, user_ids: Sequence[int]) -> dict[int, Standing]:
    """The same for a page of people, in one query."""
    people = await _registrations(work, user_ids)
    return {
        user_id: _standing(*_best(registrations, work.now))
        for user_id, registrations in people.items()
    }


async def standing_of(work: ReadableWork, person: Professional) -> Standing:
    """How this one registration stands, in the light of the person's others."""
    others = (await _registrations(work, [person.user_id]))[person.user_id]
    barred = _barred(others)
    return _standing(barred.get(person.council, person), _reason(person, barred, work.now))


async def snapshot(work: ReadableWork, user_id: int) -> dict[str, Any]:
    """What stands beside a signature for ever: who it was and what the register said that day.

    Empty for somebody without a registration.
    """
    return (await snapshots(work, [user_id])).get(user_id, {})


async def snapshots(
    work: ReadableWork, user_ids: Sequence[int], council: str | None = None
) -> dict[int, dict[str, Any]]:
    """The same for a page of people, in one query; of their registrations at one council, if any
    is named."""
    people = await _registrations(work, user_ids, council)
    return {
        user_id: _snapshot(*_best(registrations, work.now))
        for user_id, registrations in people.items()
    }


async def _registrations(
    work: ReadableWork, user_ids: Sequence[int], council: str | None = None
) -> dict[int, list[Professional]]:
    values = {"tenant": work.tenant_id, "people": list(user_ids), "council": council}
    people: dict[int, list[Professional]] = {}
    for row in await work.fetch(_OF_PEOPLE, **values):
        person = _PROFESSIONAL.of(row)
        people.setdefault(person.user_id, []).append(person)
    return people


def _best(registrations: list[Professional], now: datetime) -> tuple[Professional, str]:
    """The registration that speaks for the person, with the reason why it may not sign, if any."""
    barred = _barred(registrations)
    judged = [(barred.get(p.council, p), _reason(p, barred, now)) for p in registrations]
    order = ["", EXPIRED, UNVERIFIED, REVOKED]
    return min(judged, key=lambda pair: (order.index(pair[1]), pair[0].id))


def _barred(registrations: list[Professional]) -> dict[str, Professional]:
    return {p.council: p for p in registrations if Status(p.status_normalised).bars_everywhere}


def _reason(person: Professional, barred: dict[str, Professional], now: datetime) -> str:
    validation = Validation(person.validation_status)
    if person.council in barred or validation is Validation.REVOKED:
        return REVOKED
    if validation is Validation.PENDING or not Status(person.status_normalised).may_sign:
        return UNVERIFIED
    is_fresh = person.expires_at is not None and person.expires_at > now
    return "" if is_fresh and validation is Validation.VERIFIED else EXPIRED


def _standing(person: Professional, reason: str) -> Standing:
    return Standing(
        user_id=person.user_id,
        professional_id=person.id,
        registration=canonical(identity_of(person)),
        full_name=person.full_name,
        profession=person.profession,
        may_sign=reason == "",
        status=Status(person.status_normalised),
        status_raw=person.status_raw,
        validation=Validation(person.validation_status),
        reason=reason,
        fresh_until=person.expires_at,
        checked_at=person.last_validation_check,
        source=person.validation_api_used,
        can_approve=reason == "" and person.can_approve_medical_content,
    )


def _snapshot(person: Professional, reason: str) -> dict[str, Any]:
    identity = identity_of(person)
    as_of = (person.external_validation_response or {}).get("as_of")
    return {
        "registration": canonical(identity),
        **msgspec.structs.asdict(identity),
        "full_name": person.full_name,
        "profession": person.profession,
        "may_sign": reason == "",
        "reason": reason,
        "status": person.status_normalised,
        "status_raw": person.status_raw,
        "validation": person.validation_status,
        "source": person.validation_api_used,
        "as_of": as_of,
        "checked_at": _text(person.last_validation_check),
        "fresh_until": _text(person.expires_at),
        "specialties": person.specialties,
        "titles": person.titles,
        "claimed": [name for name in (person.specialty, person.subspecialty) if name],
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
