"""A decision on a text becomes a signed row."""

from cms.database.work import UnitOfWork
from cms.identity.users import get_user
from plugins.medical_review.reviewing.models import DecisionRecord, Review, Verdict
from plugins.medical_review.signing.signatures import LEVEL, MEANING, hash_of
from plugins.professional_registry.standing import snapshot


async def sign(
    work: UnitOfWork, review: Review, verdict: Verdict, comment: str, reviewer_id: int
) -> DecisionRecord:
    """The decision as a row, with everything that its signer put her name to."""
    proof = work.actor.authentication
    decision = DecisionRecord(
        tenant_id=work.tenant_id,
        id=await work.next_id("review_decision"),
        review_id=review.id,
        post_id=review.post_id,
        revision_id=review.revision_id,
        content_hash=review.content_hash,
        stage=review.stage,
        verdict=verdict.value,
        comment=comment,
        meaning=MEANING[verdict],
        level=LEVEL,
        reviewer_id=reviewer_id,
        reviewer_name=(await get_user(work, reviewer_id)).display_name,
        reviewer_registration=await snapshot(work, reviewer_id) or None,
        method=proof.method.value,
        factors=sorted(proof.factors),
        authenticated_at=proof.at,
        decided_at=work.now,
    )
    decision.decision_hash = hash_of(decision)
    work.session.add(decision)
    return decision
