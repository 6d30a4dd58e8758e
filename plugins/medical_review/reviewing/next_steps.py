"""What the actor may do next with a text, and of what she may not, each reason and what to do about
it: so that no screen has to know the rules, and nobody has to guess why a button is grey."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from cms.content import posts
from cms.content.models import Post
from cms.content.permissions import may_edit
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing
from cms.kernel.objections import Objection
from plugins.medical_review.reviewing import reviews, rounds, voices
from plugins.medical_review.reviewing.approvers import approver_objections
from plugins.medical_review.reviewing.blockers import Blockers, blockers
from plugins.medical_review.reviewing.claims import ASSIGN, in_hand, refuse_claimed
from plugins.medical_review.reviewing.course_models import Round
from plugins.medical_review.reviewing.errors import (
    CountedAlready,
    InOtherHands,
    OtherStage,
    OwnText,
)
from plugins.medical_review.reviewing.models import Review
from plugins.medical_review.reviewing.speaking import refuse_own, seats_for, speaker
from plugins.medical_review.workflows.choosing import definition_of

_NOTHING_OPEN = Objection(
    "review.none_open", "No review of this text is under way.", "Submit the text first."
)
_NOT_IN_HAND = Objection(
    "review.not_claimed", "You do not have this review in hand.", "Claim it, if it is free."
)
_NO_ROLE = Objection(
    "role.may_not",
    "Your roles do not let you do this.",
    "Ask somebody whose roles do, or an administrator for the role.",
)
_NOTHING_NEW = Objection(
    "review.open_already", "This text is under review already.", "Wait for the reviewers."
)


@dataclass(frozen=True)
class Steps:
    """Each step with its objections; one without any may be taken now."""

    content_hash: str
    review: Review | None
    way: Round | None
    steps: dict[str, list[Objection]]


async def next_steps(work: UnitOfWork, post_id: int) -> Steps:
    """Every step of the text's review, for the actor; nothing moves."""
    found: Blockers = await blockers(work, post_id)
    post = await posts.get(work, post_id)
    review = await reviews.open_of(work, post_id)
    submit = [*found.submit, *([_NOTHING_NEW] if review is not None else [])]
    steps = {"submit": submit, "publish": found.publish}
    if review is None:
        closed = ("withdraw", "claim", "release", "approve", "send_back", "reassign", "schedule")
        steps |= {name: [_NOTHING_OPEN] for name in closed}
        return Steps(found.content_hash, None, None, steps)
    way = await rounds.of(work, review.id)
    return Steps(found.content_hash, review, way, steps | await while_open(work, post, review, way))


async def while_open(
    work: UnitOfWork, post: Post, review: Review, way: Round
) -> dict[str, list[Objection]]:
    """The steps of an open review, each with what stands in the actor's way."""
    decide = await _deciding(work, review, way)
    own = decide or await approver_objections(work, work.actor.user_id or 0)
    may_withdraw = may_edit(work.actor, posts.type_of(work, post), post)
    held = {one.user_id for one in (await in_hand(work, [review.id]))[review.id]}
    assign = [] if work.actor.has(ASSIGN) else [_NO_ROLE]
    return {
        "withdraw": [] if may_withdraw else [_NO_ROLE],
        "claim": decide,
        "release": [] if work.actor.user_id in held else [_NOT_IN_HAND],
        "approve": own,
        "send_back": decide,
        "reassign": assign,
        "schedule": assign,
    }


async def _deciding(work: UnitOfWork, review: Review, way: Round) -> list[Objection]:
    """Why she cannot decide in this stage: every reason, not only the first."""
    definition = await definition_of(work, way.workflow, way.version)
    try:
        who = await speaker(work, definition, None)
    except CapabilityMissing:
        return [_NO_ROLE]
    stage = definition.stage(way.stage) or definition.stages[0]
    heard = await voices.licensed(work, await voices.said(work, review.id))

    async def seats() -> None:
        seats_for(who, stage, heard)

    checks: list[Callable[[], Awaitable[None]]] = [
        lambda: refuse_own(work, review, who.people),
        seats,
        lambda: refuse_claimed(work, way, stage, heard, who.people),
    ]
    return [refused for check in checks for refused in await _refused(check)]


async def _refused(check: Callable[[], Awaitable[None]]) -> list[Objection]:
    try:
        await check()
    except (OwnText, CountedAlready, OtherStage, InOtherHands) as refusal:
        return [refusal.objection]
    return []
