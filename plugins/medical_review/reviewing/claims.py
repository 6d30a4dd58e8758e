"""Taking a review up, and giving it back: so that two people do not read the same text unawares."""

from collections.abc import Collection, Sequence

from sqlalchemy import insert, select

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from cms.kernel.work import ReadableWork
from plugins.medical_review.quorum.engine import Voice
from plugins.medical_review.quorum.rules import Stage
from plugins.medical_review.reviewing import reviews, rounds, voices
from plugins.medical_review.reviewing.candidates import candidates
from plugins.medical_review.reviewing.claim_events import ClaimEnded, ReviewClaimed
from plugins.medical_review.reviewing.course_models import Claim, Ended, Round
from plugins.medical_review.reviewing.errors import InOtherHands, ReviewClosed
from plugins.medical_review.reviewing.models import State
from plugins.medical_review.reviewing.speaking import refuse_own, seats_for, speaker
from plugins.medical_review.workflows.choosing import definition_of

ASSIGN = "assign_reviews"


async def in_hand(work: ReadableWork, review_ids: Sequence[int]) -> dict[int, list[Claim]]:
    """Who has each of these reviews in hand, in one query."""
    rows = await work.all(
        select(Claim)
        .where(
            Claim.tenant_id == work.tenant_id,
            Claim.review_id.in_(review_ids),
            Claim.ended_at.is_(None),
        )
        .order_by(Claim.taken_at, Claim.id)
    )
    found: dict[int, list[Claim]] = {review_id: [] for review_id in review_ids}
    for (claim,) in rows:
        found[claim.review_id].append(claim)
    return found


async def refuse_claimed(
    work: ReadableWork,
    way: Round,
    stage: Stage,
    heard: Sequence[Voice],
    people: Collection[int],
) -> None:
    """InOtherHands when others have taken all the places that are still open in the stage."""
    held = [claim.user_id for claim in (await in_hand(work, [way.review_id]))[way.review_id]]
    if set(held) & set(people):
        return
    spoken = sum(1 for v in heard if v.stage == stage.name and v.approves and v.counts)
    if held and len(held) >= max(1, stage.people - spoken):
        raise InOtherHands(held)


async def claim(work: UnitOfWork, review_id: int) -> None:
    """Take the review up; once more is no fault. Raises as `decide` does for who may not."""
    way = await _locked(work, review_id)
    definition = await definition_of(work, way.workflow, way.version)
    who = await speaker(work, definition, None)
    review = await reviews.get(work, review_id)
    await refuse_own(work, review, who.people)
    stage = definition.stage(way.stage) or definition.stages[0]
    heard = await voices.licensed(work, await voices.said(work, review_id))
    seats_for(who, stage, heard)
    await refuse_claimed(work, way, stage, heard, who.people)
    held = (await in_hand(work, [review_id]))[review_id]
    if who.person not in {one.user_id for one in held}:
        await give(work, way, who.person)


async def release(work: UnitOfWork, review_id: int) -> None:
    """Give the review back; the places are open again."""
    way = await _locked(work, review_id)
    person = work.actor.user_id or 0
    if not await rounds.end_claims(work, review_id, Ended.RELEASED, person):
        raise Conflict("You do not have this review in hand.", code="review.not_claimed")
    await tell_ended(work, way.review_id, person, Ended.RELEASED)


async def reassign(work: UnitOfWork, review_id: int, to: int, instead_of: int | None) -> None:
    """Give the review into somebody's hand, instead of hers who has it. Whoever has it herself may
    pass it on; else the capability to assign reviews is needed."""
    may = work.actor.has(ASSIGN) or instead_of == work.actor.user_id is not None
    require(may, "review.assign", "Sorry, you are not allowed to assign reviews.")
    way = await _locked(work, review_id)
    await refuse_unable_to_take(work, way, to)
    if instead_of is not None:
        if not await rounds.end_claims(work, review_id, Ended.REASSIGNED, instead_of):
            raise InvalidInput({"instead_of": f"person {instead_of} does not have it in hand"})
        await tell_ended(work, review_id, instead_of, Ended.REASSIGNED)
    held = (await in_hand(work, [review_id]))[review_id]
    if to not in {one.user_id for one in held}:
        await give(work, way, to)


async def refuse_unable_to_take(work: UnitOfWork, way: Round, to: int) -> None:
    """InvalidInput when she cannot decide in the stage that the review is in."""
    review = await reviews.get(work, way.review_id)
    definition = await definition_of(work, way.workflow, way.version)
    found = await candidates(work, definition, review)
    one = next((one for one in found if one.user_id == to and way.stage in one.stages), None)
    if one is None:
        raise InvalidInput(
            {"to_user_id": f"{to} has no role that decides in {way.stage!r}; name somebody who has"}
        )
    if one.objections:
        reasons = "; ".join(f"{o.message} {o.remedy}" for o in one.objections)
        raise InvalidInput({"to_user_id": reasons})


async def _locked(work: UnitOfWork, review_id: int) -> Round:
    review = await reviews.get(work, review_id, lock=True)
    if review.state != State.OPEN:
        raise ReviewClosed(review.state)
    return await rounds.of(work, review_id)


async def give(work: UnitOfWork, way: Round, person: int) -> None:
    """Note that she has the review in hand now."""
    claim_id = await work.next_id("review_claim")
    await work.execute(
        insert(Claim).values(
            tenant_id=work.tenant_id,
            id=claim_id,
            review_id=way.review_id,
            stage=way.stage,
            user_id=person,
            given_by=work.actor.user_id,
            taken_at=work.now,
        )
    )
    await work.emit(
        ReviewClaimed(review_id=way.review_id, user_id=person, after={"stage": way.stage})
    )


async def tell_ended(work: UnitOfWork, review_id: int, person: int, ended: Ended) -> None:
    """A claim has ended otherwise than by a decision."""
    await work.emit(ClaimEnded(review_id=review_id, user_id=person, after={"ended": ended.value}))
