"""The provider that answers from what two people saw: a register's own page, its date, its hash.

It never raises anybody above what an online source says: the stricter of the two counts.
"""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from cms.kernel.declarations import Health
from cms.kernel.work import ReadableWork
from plugins.professional_registry.councils import by_acronym
from plugins.professional_registry.foreign import registers
from plugins.professional_registry.identity import RegistrationId
from plugins.professional_registry.manual_models import ManualProof
from plugins.professional_registry.models import Professional, StatusHistory
from plugins.professional_registry.provider import Answer, Capabilities, Specialty
from plugins.professional_registry.statuses import Status

NAME = "manual"
# The source has an opinion of the person, and it is no permission.
_STOPS = frozenset(
    {
        Status.RESTRICTED,
        Status.SUSPENDED,
        Status.INACTIVE,
        Status.REVOKED,
        Status.DECEASED,
        Status.TRANSFERRED,
    }
)
_INDEFINITE = frozenset({Status.NOT_FOUND, Status.UNVERIFIED, Status.SOURCE_UNAVAILABLE})


class ManualProofs:
    """Knows every council, and of each only whom people have looked up."""

    name = NAME

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(councils=(*by_acronym(), *registers()), matches_identity=True)

    def validate_format(self, identity: RegistrationId) -> str | None:
        if identity.council not in self.capabilities.councils:
            return f"nobody knows a council {identity.council}"
        return None

    async def lookup(self, work: ReadableWork, identity: RegistrationId, name: str) -> Answer:
        """What the newest proof that counts says, of the registration with exactly this key. The
        name was compared when the proof was recorded."""
        del name
        row = await work.one(
            select(Professional.id).where(
                Professional.tenant_id == work.tenant_id,
                Professional.country == identity.country,
                Professional.council == identity.council,
                Professional.regional == identity.regional,
                Professional.number == identity.number,
                Professional.category == identity.category,
            )
        )
        found = await proof_of(work, row.id) if row else None
        return answer_of(work, found) if found else _nothing(work)

    async def health(self, work: ReadableWork) -> Health:
        """People are always there; a proof that ran out shows at the registration itself."""
        del work
        return Health(self.name, True, "proofs are looked up when they are asked for")


async def proof_of(work: ReadableWork, professional_id: int) -> ManualProof | None:
    """The proof that counts today: confirmed by a second person, not withdrawn, not run out. Of
    several the newest, by the day that somebody looked."""
    row = await work.one(
        select(ManualProof)
        .where(
            ManualProof.tenant_id == work.tenant_id,
            ManualProof.professional_id == professional_id,
            ManualProof.confirmed_at.is_not(None),
            ManualProof.withdrawn_at.is_(None),
            ManualProof.expires_at > work.now,
        )
        .order_by(ManualProof.checked_at.desc(), ManualProof.id.desc())
        .limit(1)
    )
    return row[0] if row else None


async def heeding_proof(work: ReadableWork, person: Professional, answer: Answer) -> Answer:
    """What counts for this registration: the source's answer, or the proof where the source does
    not know, and the stricter of the two where both do."""
    proof = await proof_of(work, person.id)
    if proof is None or answer.status in _STOPS:
        return answer
    said = answer_of(work, proof)
    if answer.status is Status.NOT_FOUND and _day_of(answer) >= proof.checked_at:
        return answer
    if answer.status.may_sign:
        return said if said.status in _STOPS else answer
    if said.status.may_sign and await _was_stopped(work, person):
        # The source is down or does not know today. What it said last still stands above a proof.
        return msgspec.structs.replace(
            answer, note="a register had stopped this registration: no manual proof lifts that"
        )
    return said


def answer_of(work: ReadableWork, proof: ManualProof) -> Answer:
    """A proof in the shape of every other source's answer."""
    return Answer(
        status=Status(proof.status),
        source=NAME,
        fetched_at=work.now,
        as_of=proof.checked_at,
        expires_at=proof.expires_at,
        name=proof.name_shown,
        status_raw=proof.status_raw,
        specialties=tuple(Specialty(**specialty) for specialty in proof.specialties),
        note=proof.note,
        evidence={"proof": proof.id, "page": proof.page, "sha256": proof.evidence_sha256},
    )


def _day_of(answer: Answer) -> datetime:
    return answer.as_of or answer.fetched_at


async def _was_stopped(work: ReadableWork, person: Professional) -> bool:
    """Whether the last definite word of any source but people was a stop. Two places tell: the
    answer kept with the registration, and the history, should another have taken its place."""
    kept: dict[str, Any] = person.external_validation_response or {}
    if kept.get("source") not in {None, NAME} and Status(kept["status"]) not in _INDEFINITE:
        return Status(kept["status"]) in _STOPS
    row = await work.one(
        select(StatusHistory.to_status)
        .where(
            StatusHistory.tenant_id == work.tenant_id,
            StatusHistory.professional_id == person.id,
            StatusHistory.source != NAME,
            StatusHistory.to_status.not_in(_INDEFINITE),
        )
        .order_by(StatusHistory.at.desc(), StatusHistory.id.desc())
        .limit(1)
    )
    return row is not None and Status(row.to_status) in _STOPS


def _nothing(work: ReadableWork) -> Answer:
    return Answer(
        status=Status.UNVERIFIED,
        source=NAME,
        fetched_at=work.now,
        note="nobody has looked this registration up, or nobody has confirmed it",
    )
