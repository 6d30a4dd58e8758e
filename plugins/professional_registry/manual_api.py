"""/api/v1/registry: corrections of the councils' table, manual proofs, claims, the clinic."""

from datetime import datetime
from typing import Any, Self

import msgspec

from cms.api.routing import get, post, put
from cms.database.work import UnitOfWork
from plugins.professional_registry import claims, clinic, correcting, proofs
from plugins.professional_registry.claims import Title
from plugins.professional_registry.clinic import Clinic, Identification
from plugins.professional_registry.correcting import Proposal
from plugins.professional_registry.manual_models import Correction, ManualProof
from plugins.professional_registry.proofs import Seen
from plugins.professional_registry.standing import Standing, standing


class CorrectionOut(msgspec.Struct, frozen=True, kw_only=True):
    """`state` is proposed while a second person is needed, then in_force, then withdrawn."""

    id: int
    council: str
    kind: str
    subject: str
    value: dict[str, Any]
    state: str
    note: str
    proposed_by: int | None
    proposed_at: datetime
    confirmed_by: int | None
    confirmed_at: datetime | None
    withdrawn_by: int | None
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, row: Correction) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.__struct_fields__})


class ProofOut(msgspec.Struct, frozen=True, kw_only=True):
    """A proof; it counts while it is confirmed, not withdrawn, and not over."""

    id: int
    professional_id: int
    page: str
    name_shown: str
    status: str
    status_raw: str
    specialties: list[dict[str, Any]]
    evidence_sha256: str
    evidence_name: str
    evidence_size: int
    checked_by: int
    checked_at: datetime
    expires_at: datetime
    confirmed_by: int | None
    confirmed_at: datetime | None
    withdrawn_by: int | None
    withdrawn_at: datetime | None
    note: str

    @classmethod
    def of(cls, row: ManualProof) -> Self:
        return cls(**{name: getattr(row, name) for name in cls.__struct_fields__})


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that is to be announced; what is left out is announced no longer."""

    specialty: str | None = None
    subspecialty: str | None = None
    titles: tuple[Title, ...] = ()


@get("/corrections", action="council.read", resource="council")
async def list_corrections(work: UnitOfWork) -> list[CorrectionOut]:
    """The corrections in force, and those that wait for a second person."""
    return [CorrectionOut.of(row) for row in await correcting.all_of(work)]


@post("/corrections", action="council.correct", resource="council", status_code=201)
async def propose(data: Proposal, work: UnitOfWork) -> CorrectionOut:
    """Correct an item; the state says whether a second person is needed."""
    return CorrectionOut.of(await correcting.propose(work, data))


@post(
    "/corrections/{correction_id:int}/confirm",
    action="council.confirm",
    resource="council",
    status_code=200,
)
async def confirm_correction(correction_id: int, work: UnitOfWork) -> CorrectionOut:
    """Put a proposed correction in force."""
    return CorrectionOut.of(await correcting.confirm(work, correction_id))


@post(
    "/corrections/{correction_id:int}/withdraw",
    action="council.withdraw",
    resource="council",
    status_code=200,
)
async def withdraw_correction(correction_id: int, work: UnitOfWork) -> CorrectionOut:
    """Take a correction back."""
    return CorrectionOut.of(await correcting.withdraw(work, correction_id))


@get("/registrations/{professional_id:int}/proofs", action="proof.list", resource="proof")
async def list_proofs(professional_id: int, work: UnitOfWork) -> list[ProofOut]:
    """The manual proofs of a registration, the newest first."""
    return [ProofOut.of(row) for row in await proofs.proofs_of(work, professional_id)]


@post(
    "/registrations/{professional_id:int}/proofs",
    action="proof.record",
    resource="proof",
    status_code=201,
)
async def record_proof(professional_id: int, data: Seen, work: UnitOfWork) -> ProofOut:
    """Keep what you saw on the register's own page; it counts once somebody else confirms it."""
    return ProofOut.of(await proofs.record(work, professional_id, data))


@post("/proofs/{proof_id:int}/confirm", action="proof.confirm", resource="proof", status_code=200)
async def confirm_proof(proof_id: int, work: UnitOfWork) -> ProofOut:
    """Confirm a proof as the second person; the registration is verified by it at once."""
    return ProofOut.of(await proofs.confirm(work, proof_id))


@post("/proofs/{proof_id:int}/withdraw", action="proof.withdraw", resource="proof", status_code=200)
async def withdraw_proof(proof_id: int, work: UnitOfWork) -> ProofOut:
    """Take a proof back; the registration is what the sources say."""
    return ProofOut.of(await proofs.withdraw(work, proof_id))


@put(
    "/registrations/{professional_id:int}/claims",
    action="registration.claim",
    resource="registration",
)
async def claim(professional_id: int, data: Claims, work: UnitOfWork) -> Standing | None:
    """Say which specialties and titles may be announced; one without RQE is refused."""
    person = await claims.claim(
        work,
        professional_id,
        specialty=data.specialty,
        subspecialty=data.subspecialty,
        titles=data.titles,
    )
    return await standing(work, person.user_id)


@get("/clinic", action="clinic.read", resource="clinic")
async def read_clinic(work: UnitOfWork) -> Clinic:
    """Who the clinic is, who answers for it, and the statement for the site's main page."""
    return await clinic.read(work)


@put("/clinic", action="clinic.identify", resource="clinic")
async def identify_clinic(data: Identification, work: UnitOfWork) -> Clinic:
    """Set the identification; every fault of it is named."""
    return await clinic.identify(work, data)


manual_routes = [
    list_corrections,
    propose,
    confirm_correction,
    withdraw_correction,
    list_proofs,
    record_proof,
    confirm_proof,
    withdraw_proof,
    claim,
    read_clinic,
    identify_clinic,
]
