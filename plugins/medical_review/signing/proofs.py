"""What a person has given with a key of her own for the words that she signs now."""

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from cms.kernel.work import ReadableWork
from plugins.medical_review.signing.levels import ADVANCED, LEVELS, QUALIFIED, SIMPLE, Given
from plugins.medical_review.signing.models import Acceptance, Passkey, Proof, Signature
from plugins.medical_review.signing.statements import ToSign, moment

PASSKEY, ICP_BRASIL = "passkey", "icp_brasil"
GOOD_FOR = timedelta(minutes=5)
"""How long a proof waits for its signature."""

_NOBODY_ACCEPTED = (
    "you signed with a passkey, and the organisation has not recorded that it accepts such "
    "signatures (Lei 14.063/2020, art. 4, II)."
)
_SYNCED = (
    "your passkey is copied between devices by its maker, and the organisation accepts only those "
    "that stay on one device."
)


async def given_for(work: ReadableWork, to_sign: ToSign) -> Given:
    """The strongest proof of the last five minutes for exactly these words that no signature has
    used yet."""
    if to_sign.signer is None:
        return Given()
    rows = await work.all(_waiting(work, to_sign))
    if not rows:
        return Given()
    accepted = await current_acceptance(work)
    found = [_worth(proof, is_synced, accepted) for proof, is_synced in rows]
    return max(found, key=lambda given: LEVELS.index(given.level))


async def current_acceptance(work: ReadableWork) -> Acceptance | None:
    """What the organisation says of passkey signatures today."""
    row = await work.one(
        select(Acceptance).where(
            Acceptance.tenant_id == work.tenant_id, Acceptance.withdrawn_at.is_(None)
        )
    )
    return row[0] if row else None


def _waiting(work: ReadableWork, to_sign: ToSign) -> Any:
    used = select(Signature.id).where(
        Signature.tenant_id == Proof.tenant_id, Signature.proof_id == Proof.id
    )
    mine = (Passkey.tenant_id == Proof.tenant_id, Passkey.id == Proof.passkey_id)
    return (
        select(Proof, Passkey.is_synced)
        .outerjoin(Passkey, mine[0] & mine[1])
        .where(
            Proof.tenant_id == work.tenant_id,
            Proof.user_id == to_sign.signer,
            Proof.to_sign == to_sign.hash,
            Proof.given_at > work.now - GOOD_FOR,
            Passkey.removed_at.is_(None),
            ~used.exists(),
        )
        .order_by(Proof.id)
    )


def _worth(proof: Proof, is_synced: bool | None, accepted: Acceptance | None) -> Given:
    if proof.kind == ICP_BRASIL:
        # The signature itself holds the CPF of its maker: it stays with the proof.
        shown = {name: said for name, said in proof.evidence.items() if name != "cades"}
        return Given(QUALIFIED, "", proof.id, shown)
    if accepted is None:
        return Given(SIMPLE, _NOBODY_ACCEPTED, proof.id, dict(proof.evidence))
    if is_synced and not accepted.accepts_synced:
        return Given(SIMPLE, _SYNCED, proof.id, dict(proof.evidence))
    why = "only a certificate of ICP-Brasil makes it qualified."
    return Given(ADVANCED, why, proof.id, {**proof.evidence, "acceptance": _told(accepted)})


def _told(accepted: Acceptance) -> dict[str, Any]:
    return {
        "id": accepted.id,
        "accepted_at": moment(accepted.accepted_at),
        "words_sha256": hashlib.sha256(accepted.words.encode()).hexdigest(),
    }
