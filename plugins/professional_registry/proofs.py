"""Manual proof: one person looks and keeps evidence, another confirms; then it counts, for a while.

Who looked, when, where, the hash of the evidence and the day it runs out are all mandatory
(regulation facts §1.4: the way that is always open when a council has no service).
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import select

from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.kernel.lawfulness import DataSubject
from cms.kernel.work import ReadableWork
from plugins.professional_registry import registrations
from plugins.professional_registry.manual_events import (
    ManualProofConfirmed,
    ManualProofRecorded,
    ManualProofWithdrawn,
)
from plugins.professional_registry.manual_models import ManualProof
from plugins.professional_registry.models import Professional
from plugins.professional_registry.names import is_same_name
from plugins.professional_registry.settings import RegistrySettings
from plugins.professional_registry.statuses import Status
from plugins.professional_registry.two_people import (
    SecondPersonNeeded,
    person_of,
    require_manager,
)

LARGEST_EVIDENCE = 2**40
_SHA256 = re.compile(r"[0-9a-f]{64}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
# Councils are autarchies: their pages stand here. A lookalike under .com.br proves nothing.
_OFFICIAL = (".org.br", ".gov.br")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
# Whoever looked has seen something: that nothing is known is no result.
_NO_RESULT = frozenset({Status.SOURCE_UNAVAILABLE, Status.UNVERIFIED})
RESULTS = tuple(status for status in Status if status not in _NO_RESULT)


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file that was kept (a screenshot, a certificate); `size` in bytes. It is not sent here:
    the hash proves whichever copy is shown later."""

    name: str
    size: int
    sha256: str


class SpecialtyShown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A specialty as the page shows it, with its RQE if there is one."""

    name: str
    rqe: str | None = None


class Seen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person saw: `page` is the address of the register's page, `name` and `said` are what
    it shows, `status` what that means."""

    page: str
    name: str
    status: str
    said: str
    checked_at: datetime
    expires_at: datetime
    evidence: Evidence
    specialties: tuple[SpecialtyShown, ...] = ()
    note: str = ""


async def record(
    work: UnitOfWork, professional_id: int, seen: Seen, settings: RegistrySettings | None = None
) -> ManualProof:
    """Keep what the actor saw. It proves nothing until somebody else confirms it."""
    checker = person_of(work, "proof.record")
    person = await registrations.get(work, professional_id)
    _refuse_own(person, checker, "proof.record")
    faults = _faults(person, seen, work.now, settings or work.settings(RegistrySettings))
    if faults:
        raise InvalidInput(faults)
    proof = _proof(await work.next_id("manual_proof"), work, person, seen)
    proof.checked_by = checker
    work.session.add(proof)
    await work.emit(
        ManualProofRecorded(
            proof_id=proof.id,
            professional_id=person.id,
            after={"status": proof.status, "sha256": proof.evidence_sha256},
            about=DataSubject.user(person.user_id),
        )
    )
    return proof


async def confirm(
    work: UnitOfWork, proof_id: int, settings: RegistrySettings | None = None
) -> ManualProof:
    """Confirm as the second person, and verify the registration by it. Conflict for a proof that
    was confirmed or withdrawn before, or has run out."""
    second = person_of(work, "proof.confirm")
    proof, person = await _locked(work, proof_id)
    _refuse_own(person, second, "proof.confirm")
    if second == proof.checked_by:
        raise SecondPersonNeeded("You recorded this proof yourself.", action="proof.confirm")
    _refuse_closed(proof, work.now)
    proof.confirmed_by, proof.confirmed_at = second, work.now
    about = DataSubject.user(person.user_id)
    await work.emit(ManualProofConfirmed(proof_id=proof.id, professional_id=person.id, about=about))
    await registrations.verify(work, person.id, settings)
    return proof


async def withdraw(
    work: UnitOfWork, proof_id: int, settings: RegistrySettings | None = None
) -> ManualProof:
    """Take a proof back, as anybody else who manages registrations; one that counted leaves the
    registration to what the sources say."""
    require_manager(work, "proof.withdraw")
    proof, person = await _locked(work, proof_id)
    _refuse_own(person, work.actor.user_id, "proof.withdraw")
    if proof.withdrawn_at is not None:
        raise Conflict("The proof is withdrawn already.")
    proof.withdrawn_by, proof.withdrawn_at = work.actor.user_id, work.now
    about = DataSubject.user(person.user_id)
    await work.emit(ManualProofWithdrawn(proof_id=proof.id, professional_id=person.id, about=about))
    if proof.confirmed_at is not None:
        await registrations.verify(work, person.id, settings)
    return proof


async def proofs_of(work: ReadableWork, professional_id: int) -> Sequence[ManualProof]:
    """All proofs of a registration, the newest first; withdrawn ones too."""
    rows = await work.all(
        select(ManualProof)
        .where(
            ManualProof.tenant_id == work.tenant_id,
            ManualProof.professional_id == professional_id,
        )
        .order_by(ManualProof.checked_at.desc(), ManualProof.id.desc())
    )
    return [row[0] for row in rows]


async def _locked(work: UnitOfWork, proof_id: int) -> tuple[ManualProof, Professional]:
    """The person first, as verification locks her: two who confirm wait for each other."""
    statement = select(ManualProof).where(
        ManualProof.tenant_id == work.tenant_id, ManualProof.id == proof_id
    )
    row = await work.one(statement)
    if row is None:
        raise NotFound("manual proof", proof_id)
    person = await registrations.get(work, row[0].professional_id, lock=True)
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return (await work.one(locked))[0], person


def _refuse_own(person: Professional, actor_id: int | None, action: str) -> None:
    if person.user_id == actor_id:
        raise SecondPersonNeeded("Nobody vouches for her own registration.", action=action)


def _refuse_closed(proof: ManualProof, now: datetime) -> None:
    if proof.withdrawn_at is not None:
        raise Conflict("The proof was withdrawn: record a new one.")
    if proof.confirmed_at is not None:
        raise Conflict("The proof is confirmed already.")
    if proof.expires_at <= now:
        raise Conflict(f"The proof ran out on {proof.expires_at:%Y-%m-%d}: look again.")


def _proof(proof_id: int, work: ReadableWork, person: Professional, seen: Seen) -> ManualProof:
    return ManualProof(
        tenant_id=work.tenant_id,
        id=proof_id,
        professional_id=person.id,
        checked_at=seen.checked_at,
        page=_without_query(seen.page),
        name_shown=" ".join(seen.name.split()),
        status=seen.status,
        status_raw=seen.said.strip(),
        specialties=[msgspec.to_builtins(specialty) for specialty in seen.specialties],
        evidence_sha256=seen.evidence.sha256.lower(),
        evidence_name=seen.evidence.name.strip(),
        evidence_size=seen.evidence.size,
        expires_at=seen.expires_at,
        recorded_at=work.now,
        note=seen.note.strip(),
    )


def _faults(
    person: Professional, seen: Seen, now: datetime, settings: RegistrySettings
) -> dict[str, str]:
    found = {
        "page": _page_fault(seen.page, person.country),
        "name": _name_fault(seen.name, person.full_name),
        "status": "" if seen.status in RESULTS else f"must be one of {', '.join(RESULTS)}",
        "said": _text_fault(seen.said, 200),
        "evidence": _evidence_fault(seen.evidence),
        "note": _text_fault(seen.note, 2000) if seen.note else "",
        **_time_faults(seen, now, settings),
    }
    faults = {field: fault for field, fault in found.items() if fault}
    if any(_text_fault(s.name, 200) or not _is_rqe(s.rqe) for s in seen.specialties):
        faults["specialties"] = "each needs a name, and an RQE of digits or none"
    return faults


def _is_rqe(rqe: str | None) -> bool:
    return rqe is None or re.fullmatch(r"\d{1,7}", rqe, re.ASCII) is not None


def _name_fault(shown: str, full_name: str) -> str:
    if _text_fault(shown, 200):
        return _text_fault(shown, 200)
    if not is_same_name(shown, full_name):
        return f"{shown!r} is not {full_name!r}: correct the registration, or look up hers"
    return ""


def _page_fault(page: str, country: str) -> str:
    try:
        parts = urlsplit(page)
        host = parts.hostname or ""
    except ValueError:
        return "is no address of a page"
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return "must be the address of the register's page: https://host/…"
    if parts.username is not None or len(page) > 500 or _CONTROL.search(page):
        return "must be a plain address of at most 500 characters, without a user"
    if country == "BR" and not host.endswith(_OFFICIAL):
        return f"{host} is no council's host: they end with {' or '.join(_OFFICIAL)}"
    return ""


def _without_query(page: str) -> str:
    """Searches carry names, and some a CPF: what is kept is where, not what was typed."""
    return urlsplit(page)._replace(query="", fragment="").geturl()


def _evidence_fault(evidence: Evidence) -> str:
    if not _SHA256.fullmatch(evidence.sha256.lower()):
        return "sha256 must be the file's SHA-256, 64 hexadecimal digits"
    if _text_fault(evidence.name, 255):
        return f"name {_text_fault(evidence.name, 255)}"
    if not 0 < evidence.size <= LARGEST_EVIDENCE:
        return "size must be the file's size in bytes; an empty file proves nothing"
    return ""


def _time_faults(seen: Seen, now: datetime, settings: RegistrySettings) -> dict[str, str]:
    if seen.checked_at.tzinfo is None or seen.expires_at.tzinfo is None:
        return {"checked_at": "times need an offset, like 2026-11-21T09:30:00-03:00"}
    longest = timedelta(days=settings.manual_proof_days)
    faults = {}
    if seen.checked_at > now:
        faults["checked_at"] = "is in the future"
    if seen.expires_at <= now:
        faults["expires_at"] = "is over: look again"
    elif seen.expires_at > seen.checked_at + longest:
        faults["expires_at"] = f"may be at most {longest.days} days after checked_at"
    return faults


def _text_fault(text: str, longest: int) -> str:
    if not text.strip():
        return "is empty"
    if len(text) > longest or _CONTROL.search(text):
        return f"must be plain text of at most {longest} characters in one line"
    return ""
