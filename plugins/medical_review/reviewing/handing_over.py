"""Giving many reviews to one person at once: when somebody is away, or leaves."""

from collections.abc import Collection

from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.reviewing import rounds
from plugins.medical_review.reviewing.claims import (
    ASSIGN,
    in_hand,
    reassign,
    refuse_unable_to_take,
)

MOST = 100


async def hand_over(work: UnitOfWork, review_ids: Collection[int], to: int) -> int:
    """Give these reviews to her, each instead of the one person who has it in hand; how many they
    are. All or none: InvalidInput names every review that she cannot take, and why."""
    require(
        work.actor.has(ASSIGN), "review.assign", "Sorry, you are not allowed to assign reviews."
    )
    wanted = sorted(set(review_ids))
    if not 1 <= len(wanted) <= MOST:
        raise InvalidInput({"review": f"tick 1 to {MOST} reviews"})
    await _refuse_unable(work, wanted, to)
    held = await in_hand(work, wanted)
    for review_id in wanted:
        others = [claim.user_id for claim in held[review_id] if claim.user_id != to]
        await reassign(work, review_id, to, others[0] if len(others) == 1 else None)
    return len(wanted)


async def _refuse_unable(work: UnitOfWork, review_ids: Collection[int], to: int) -> None:
    faults: dict[str, str] = {}
    for review_id in review_ids:
        try:
            await refuse_unable_to_take(work, await rounds.of(work, review_id), to)
        except InvalidInput as refused:
            faults |= {f"review {review_id}": fault for fault in refused.faults.values()}
    if faults:
        raise InvalidInput(faults)
