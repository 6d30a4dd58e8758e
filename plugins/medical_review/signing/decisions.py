"""A decision on a text becomes a signed row."""

from typing import Any

from cms.content import posts
from cms.database.work import UnitOfWork
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing.models import DecisionRecord, Review, Verdict
from plugins.medical_review.signing import signing
from plugins.medical_review.signing.signatures import MEANING, hash_of
from plugins.professional_registry.bylines import byline

KIND = "decision"


async def sign(
    work: UnitOfWork,
    review: Review,
    verdict: Verdict,
    comment: str,
    reviewer_id: int,
    *,
    on_behalf_of: int | None = None,
    guest: signing.Guest | None = None,
) -> DecisionRecord:
    """The decision as a row, with everything that its signer put her name to: the actor, for
    herself or for somebody who has delegated it to her, or a guest."""
    decision_id = await work.next_id("review_decision")
    signed = await signing.sign(
        work,
        signing.About(KIND, decision_id),
        statement(review, verdict, comment),
        review.content_hash,
        MEANING[verdict],
        byline=await _byline(work, review),
        on_behalf_of=on_behalf_of,
        guest=guest,
    )
    decision = DecisionRecord(
        tenant_id=work.tenant_id,
        id=decision_id,
        review_id=review.id,
        post_id=review.post_id,
        revision_id=review.revision_id,
        content_hash=review.content_hash,
        stage=review.stage,
        verdict=verdict.value,
        comment=comment,
        meaning=signed.meaning,
        level=signed.level,
        reviewer_id=reviewer_id,
        reviewer_name=signed.signer_name,
        reviewer_registration=signed.registration,
        method=signed.method,
        factors=signed.factors,
        authenticated_at=signed.authenticated_at,
        decided_at=signed.signed_at,
    )
    decision.decision_hash = hash_of(decision)
    work.session.add(decision)
    return decision


def statement(review: Review, verdict: Verdict, comment: str) -> dict[str, Any]:
    """What a reviewer says of which text; the same each time that it is asked for."""
    return {
        "review": review.id,
        "post": review.post_id,
        "revision": review.revision_id,
        "stage": review.stage,
        "verdict": verdict.value,
        "comment": comment,
    }


async def _byline(work: UnitOfWork, review: Review) -> str:
    """The line of the professional who answers for the text, as readers would see it today."""
    revision = await posts.revision(work, review.post_id, review.revision_id)
    person = revision.parts.get(PART, {}).get(RESPONSIBLE)
    line = await byline(work, person) if person is not None else None
    return line.text if line else ""
