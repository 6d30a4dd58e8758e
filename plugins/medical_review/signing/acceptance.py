"""Whether the organisation accepts signatures by passkeys as advanced, in its own words.

Lei 14.063/2020, art. 4, II, and MP 2.200-2/2001, art. 10, § 2: other means than a certificate of
ICP-Brasil count between those who accept them.
"""

from sqlalchemy import update

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput, NotFound
from plugins.medical_review.reviewing.reading import OVERSEE
from plugins.medical_review.signing.events import AcceptanceRecorded, AcceptanceWithdrawn
from plugins.medical_review.signing.models import Acceptance
from plugins.medical_review.signing.passkeys import signer_of
from plugins.medical_review.signing.proofs import current_acceptance

SHORTEST, LONGEST = 20, 5000


async def record(work: UnitOfWork, words: str, *, accepts_synced: bool) -> Acceptance:
    """From now on passkey signatures are advanced; what was said before is withdrawn by it."""
    person = _officer(work, "signing_acceptance.record")
    said = words.strip()
    if not SHORTEST <= len(said) <= LONGEST or "\0" in said:
        fault = (
            f"must say in {SHORTEST} to {LONGEST} characters what is accepted, by whom, for what"
        )
        raise InvalidInput({"words": fault})
    current = await current_acceptance(work)
    if current is not None:
        await _end(work, current, person)
    accepted = Acceptance(
        tenant_id=work.tenant_id,
        id=await work.next_id("signing_acceptance"),
        words=said,
        accepts_synced=accepts_synced,
        accepted_by=person,
        accepted_at=work.now,
    )
    work.session.add(accepted)
    told = {"accepts_synced": accepts_synced}
    await work.emit(AcceptanceRecorded(acceptance_id=accepted.id, after=told))
    return accepted


async def withdraw(work: UnitOfWork) -> None:
    """Passkey signatures are simple again; those that were given keep what they were."""
    person = _officer(work, "signing_acceptance.withdraw")
    current = await current_acceptance(work)
    if current is None:
        raise NotFound("acceptance", "of passkey signatures")
    await _end(work, current, person)


async def _end(work: UnitOfWork, current: Acceptance, person: int) -> None:
    await work.execute(
        update(Acceptance)
        .where(Acceptance.tenant_id == work.tenant_id, Acceptance.id == current.id)
        .values(withdrawn_by=person, withdrawn_at=work.now)
    )
    await work.emit(AcceptanceWithdrawn(acceptance_id=current.id))


def _officer(work: UnitOfWork, action: str) -> int:
    if not work.actor.has(OVERSEE):
        raise CapabilityMissing(
            "Sorry, only who oversees compliance says which signatures are accepted.",
            action=action,
        )
    return signer_of(work, action)
