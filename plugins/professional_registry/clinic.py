"""The clinic says who it is and which physician answers for it (CFM 2.336/2023, arts. 5 and 6)."""

import re
from dataclasses import replace
from typing import Any

import msgspec
from sqlalchemy import select

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.kernel.events import difference
from cms.kernel.work import ReadableWork
from cms.site.chrome import Imprint
from plugins.professional_registry import corrections
from plugins.professional_registry.bylines import Byline, byline_of
from plugins.professional_registry.councils import CRM
from plugins.professional_registry.identity import RegistrationId, canonical, parse
from plugins.professional_registry.manual_events import ClinicIdentified
from plugins.professional_registry.manual_models import ClinicIdentification
from plugins.professional_registry.standing import snapshots
from plugins.professional_registry.two_people import require_manager

LONGEST_NAME = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class Identification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`registration` is the establishment's own at the council; `specialty` is what it announces
    itself as, and then the director has its RQE."""

    name: str
    registration: str
    director_user_id: int
    specialty: str | None = None


class Clinic(msgspec.Struct, frozen=True, kw_only=True):
    """`statement` stands on the main page of the site (art. 6); it is empty, and `fault` says why,
    while the director may not sign."""

    name: str
    registration: str
    director_user_id: int
    specialty: str | None
    director: Byline | None
    statement: str
    fault: str = ""


async def identify(work: UnitOfWork, wanted: Identification) -> Clinic:
    """Set the identification. InvalidInput names every fault of it."""
    require_manager(work, "clinic.identify")
    faults: dict[str, str] = {}
    name = " ".join(wanted.name.split())
    if not name or len(name) > LONGEST_NAME or _CONTROL.search(name):
        faults["name"] = f"must be plain text of 1 to {LONGEST_NAME} characters"
    key = await _parsed(work, wanted.registration, faults)
    if key is not None:
        faults |= await _director_faults(work, wanted, key)
    if key is None or faults:
        raise InvalidInput(faults)
    await _keep(work, msgspec.structs.replace(wanted, name=name), key)
    return await read(work)


async def read(work: ReadableWork) -> Clinic:
    """Who the clinic is, with the director's standing of today. NotFound before it has said so."""
    row = await work.one(
        select(ClinicIdentification)
        .where(ClinicIdentification.tenant_id == work.tenant_id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("clinic identification of", "this site")
    return await _shown(work, row[0])


async def statement(work: ReadableWork) -> str:
    """The text of art. 5: the establishment's name and registration; the technical director's name,
    registration and, for a specialised one, RQE. Empty when there is none to show."""
    try:
        return (await read(work)).statement
    except NotFound:
        return ""


async def name_director(work: ReadableWork, imprint: Imprint) -> Imprint:
    """The same at the foot of the site's pages."""
    said = await statement(work)
    return replace(imprint, lines=(*imprint.lines, said)) if said else imprint


async def _parsed(
    work: ReadableWork, registration: str, faults: dict[str, str]
) -> RegistrationId | None:
    try:
        return parse(registration, await corrections.councils(work))
    except InvalidInput as refusal:
        faults |= refusal.faults
        return None


async def _director_faults(
    work: ReadableWork, wanted: Identification, key: RegistrationId
) -> dict[str, str]:
    taken = await _director(work, wanted.director_user_id, key.council)
    if not taken.get("may_sign"):
        return {
            "director_user_id": f"user {wanted.director_user_id} may not sign with a {key.council} "
            f"registration today ({taken.get('reason') or 'registry.missing'})"
        }
    if wanted.specialty and key.council != CRM:
        return {"specialty": "is announced by the CFM's rule only"}
    if wanted.specialty and not _line(taken, wanted.specialty).specialties:
        return {"specialty": f"the director has no RQE for {wanted.specialty!r}"}
    return {}


async def _director(work: ReadableWork, user_id: int, council: str) -> dict[str, Any]:
    return (await snapshots(work, [user_id], council)).get(user_id, {})


def _line(taken: dict[str, Any], specialty: str | None) -> Byline:
    line = byline_of({**taken, "claimed": [specialty]} if specialty else taken)
    if line is None:
        raise LookupError("a statement was asked for with a director who may not sign")
    return line


async def _keep(work: UnitOfWork, wanted: Identification, key: RegistrationId) -> None:
    row = await work.entity(
        select(ClinicIdentification)
        .where(ClinicIdentification.tenant_id == work.tenant_id)
        .with_for_update()
    )
    before = _facts(row) if row else {}
    row = row or ClinicIdentification(tenant_id=work.tenant_id)
    row.name, row.specialty = wanted.name, wanted.specialty
    row.council, row.regional = key.council, key.regional
    row.number, row.category = key.number, key.category
    row.director_user_id = wanted.director_user_id
    row.updated_by, row.updated_at = work.actor.user_id, work.now
    work.session.add(row)
    old, new = difference(before, _facts(row))
    await work.emit(
        ClinicIdentified(director_user_id=row.director_user_id, before=old or None, after=new)
    )


def _facts(row: ClinicIdentification) -> dict[str, Any]:
    return {
        "name": row.name,
        "registration": canonical(_key(row)),
        "director_user_id": row.director_user_id,
        "specialty": row.specialty,
    }


def _key(row: ClinicIdentification) -> RegistrationId:
    return RegistrationId(row.council, row.regional, row.number, row.category)


async def _shown(work: ReadableWork, row: ClinicIdentification) -> Clinic:
    taken = await _director(work, row.director_user_id, row.council)
    director = _line(taken, row.specialty) if taken.get("may_sign") else None
    registration = canonical(_key(row))
    fault = "" if director else f"the director may not sign: {taken.get('reason') or 'missing'}"
    if director and row.specialty and not director.specialties:
        fault = f"the director has no RQE for {row.specialty!r} any more"
    whole = f"{row.name} · {registration} · Diretor(a) técnico(a): "
    return Clinic(
        name=row.name,
        registration=registration,
        director_user_id=row.director_user_id,
        specialty=row.specialty,
        director=director,
        statement="" if fault or director is None else f"{whole}{director.text}",
        fault=fault,
    )
