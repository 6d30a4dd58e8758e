"""Who is told of what happens to a text before it is published: reviewers that it waits, and those
whose text it is what came of it.

Who could decide is found by a job after the commit: these may be hundreds, and no author who
submits a text waits for it. Each is told once for a stage, also when the job runs twice.
"""

from typing import Any

from sqlalchemy import select, text

from cms.errors import NotFound
from cms.kernel.hooks import Hooks
from cms.kernel.notices import NoticeKind
from cms.kernel.work import Work
from cms.notices.telling import tell
from plugins.medical_review import messages
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing import reviews, rounds
from plugins.medical_review.reviewing.candidates import candidates
from plugins.medical_review.reviewing.claim_events import (
    DecisionEscalated,
    DecisionOverdue,
    DelegationMade,
    ReviewClaimed,
)
from plugins.medical_review.reviewing.claims import ASSIGN
from plugins.medical_review.reviewing.course_models import Claim
from plugins.medical_review.reviewing.events import ReviewAdvanced, ReviewDecided, ReviewOpened
from plugins.medical_review.reviewing.models import Review, State
from plugins.medical_review.workflows.choosing import definition_of
from plugins.professional_registry.permissions import holders

# Its author, who wrote and who edited the working text, and who answers for it.
_PARTIES = text(
    """
    select p.author_id, r.author_id as writer_id, r.editor_id,
           (r.parts -> :part ->> :responsible)::bigint as responsible_id
    from cms.posts p
    join cms.revisions r on r.tenant_id = p.tenant_id and r.id = p.working_revision_id
    where p.tenant_id = :tenant and p.id = :post
    """
)
_ENDED = {State.APPROVED.value: messages.APPROVED, State.SENT_BACK.value: messages.SENT_BACK}


def connect(hooks: Hooks) -> None:
    """What is told in the transaction of what happened, and what by a job after it."""
    hooks.after_commit(ReviewOpened, tell_of_opening)
    hooks.after_commit(ReviewAdvanced, tell_of_stage)
    hooks.after_commit(DecisionOverdue, tell_of_delay)
    hooks.observe(ReviewAdvanced, tell_of_advance)
    hooks.observe(ReviewDecided, tell_of_decision)
    hooks.observe(ReviewClaimed, tell_of_claim)
    hooks.observe(DecisionEscalated, tell_of_escalation)
    hooks.observe(DelegationMade, tell_of_delegation)


async def tell_of_opening(work: Work, event: ReviewOpened) -> None:
    """Whoever may decide learns that a text waits."""
    await _tell_able(work, event.review_id)


async def tell_of_stage(work: Work, event: ReviewAdvanced) -> None:
    """So does whoever may decide in the next stage."""
    await _tell_able(work, event.review_id)


async def _tell_able(work: Work, review_id: int) -> None:
    review = await _open_one(work, review_id)
    if review is not None:
        people = await _able(work, review)
        await _tell(work, messages.TO_REVIEW, review, people, f"{review.id} {review.stage}")


async def tell_of_delay(work: Work, event: DecisionOverdue) -> None:
    """Whoever has it in hand learns that its time is over; where nobody has, whoever could."""
    review = await _open_one(work, event.review_id)
    if review is not None:
        people = await _claimants(work, review.id) or await _able(work, review)
        await _tell(work, messages.OVERDUE, review, people, f"{review.id} {review.stage}")


async def _open_one(work: Work, review_id: int) -> Review | None:
    """The review while somebody may decide on it; it may have gone on before the job ran."""
    try:
        review = await reviews.get(work, review_id)
    except NotFound:
        return None
    return review if review.state == State.OPEN else None


async def _able(work: Work, review: Review) -> set[int]:
    """Those in whose way nothing stands, in the stage that the review is in."""
    way = await rounds.of(work, review.id)
    definition = await definition_of(work, way.workflow, way.version)
    found = await candidates(work, definition, review)
    return {one.user_id for one in found if way.stage in one.stages and not one.objections}


async def _claimants(work: Work, review_id: int) -> set[int]:
    rows = await work.all(
        select(Claim.user_id).where(
            Claim.tenant_id == work.tenant_id,
            Claim.review_id == review_id,
            Claim.ended_at.is_(None),
        )
    )
    return {row.user_id for row in rows}


async def tell_of_advance(work: Work, event: ReviewAdvanced) -> None:
    """Those whose text it is learn that a stage has ended well."""
    people = await _parties(work, event.post_id)
    stage = (event.after or {}).get("stage", "")
    await _tell(work, messages.ADVANCED, event, people, f"{event.review_id} {stage}")


async def tell_of_decision(work: Work, event: ReviewDecided) -> None:
    """Those whose text it is learn what came of the review, once something has: one of several
    voices that a review needs is not its end."""
    ended = _ENDED.get((event.after or {}).get("state", ""))
    if ended is not None:
        people = await _parties(work, event.post_id) - {work.actor.user_id}
        await _tell(work, ended, event, people, str(event.review_id))


async def tell_of_claim(work: Work, event: ReviewClaimed) -> None:
    """Whom a review was given to learns of it, and those whose text it is that somebody has it."""
    review = await reviews.get(work, event.review_id)
    key = f"{review.id} {event.user_id} {work.now.isoformat()}"
    if event.user_id != work.actor.user_id:
        await _tell(work, messages.GIVEN, review, {event.user_id}, key)
    people = await _parties(work, review.post_id)
    await _tell(work, messages.IN_HAND, review, people, key)


async def tell_of_escalation(work: Work, event: DecisionEscalated) -> None:
    """Whoever assigns reviews has to step in."""
    people = {one.user_id for one in await holders(work, [ASSIGN])}
    key = f"{event.review_id} {(event.after or {}).get('due_at', '')}"
    await _tell(work, messages.STEP_IN, event, people, key)


async def tell_of_delegation(work: Work, event: DelegationMade) -> None:
    """Whoever is to decide for another learns of it."""
    facts = {"delegation_id": event.delegation_id}
    await tell(work, messages.DELEGATED.slug, [event.to_user_id], facts)


async def _tell(work: Work, kind: NoticeKind, about: Any, people: set[int], key: str) -> None:
    review_id = about.id if isinstance(about, Review) else about.review_id
    facts = {"review_id": review_id, "post_id": about.post_id}
    await tell(work, kind.slug, people, facts, key=key)


async def _parties(work: Work, post_id: int) -> set[int]:
    """Those who have a part in the working text."""
    of = {"tenant": work.tenant_id, "post": post_id, "part": PART, "responsible": RESPONSIBLE}
    row = await work.one(_PARTIES, of)
    return {one for one in row if one is not None} if row else set()
