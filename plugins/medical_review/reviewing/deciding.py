"""Approving a text, or sending it back: by somebody who has no part in it, on words she read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm.attributes import set_committed_value

from cms.content import heads, posts
from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.medical_review.quorum.engine import Outcome, Verdicts, Voice, judge
from plugins.medical_review.quorum.rules import Definition, Stage
from plugins.medical_review.reviewing import reviews, rounds, voices
from plugins.medical_review.reviewing.approvers import refuse_unable
from plugins.medical_review.reviewing.claims import refuse_claimed
from plugins.medical_review.reviewing.course_models import Ended, Round
from plugins.medical_review.reviewing.errors import ReviewClosed, ReviewStale
from plugins.medical_review.reviewing.events import ReviewAdvanced, ReviewDecided
from plugins.medical_review.reviewing.models import DecisionRecord, Review, State, Verdict
from plugins.medical_review.reviewing.speaking import Speaker, refuse_own, seats_for, speaker
from plugins.medical_review.signing.decisions import sign
from plugins.medical_review.workflows.choosing import definition_of
from plugins.medical_review.workflows.shipped import APPROVE

__all__ = ["APPROVE", "decide"]

LONGEST_COMMENT = 5000

_HASH = re.compile(r"[0-9a-f]{64}")
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Said:
    """A decision as somebody sent it."""

    verdict: str
    comment: str
    content_hash: str


@dataclass(frozen=True)
class Judgement:
    """What the reviewer says, and the text she says it of."""

    verdict: Verdict
    comment: str
    content_hash: str


@dataclass(frozen=True)
class Hearing:
    """A review with where it is on its way, and what was said in it before."""

    review: Review
    way: Round
    definition: Definition
    heard: Sequence[Voice]

    @property
    def stage(self) -> Stage:
        return self.definition.stage(self.way.stage) or self.definition.stages[0]


async def decide(
    work: UnitOfWork,
    review_id: int,
    verdict: str,
    comment: str,
    content_hash: str,
    *,
    on_behalf_of: int | None = None,
) -> DecisionRecord:
    """Approve the text with this SHA-256, or send it back with a comment that says why; with
    `on_behalf_of` for somebody who has delegated it.

    Raises OwnText, ReviewClosed, ReviewStale, OtherStage, CountedAlready, InOtherHands,
    NotDelegated, ApproverMayNotSign; InvalidInput names every fault of the request.
    """
    way = await rounds.of(work, review_id)
    definition = await definition_of(work, way.workflow, way.version)
    who = await speaker(work, definition, on_behalf_of)
    return await decide_as(work, way, definition, who, Said(verdict, comment, content_hash))


async def decide_as(
    work: UnitOfWork, way: Round, definition: Definition, who: Speaker, said: Said
) -> DecisionRecord:
    """The same for somebody of whom it is known for whom she speaks, and as what."""
    review_id = way.review_id
    post = await posts.lock(work, way.post_id)
    review = await reviews.get(work, review_id, lock=True)
    await refuse_own(work, review, who.people)
    if who.guest is None:
        facts = {**posts.facts(post), "medical_context": True}
        await work.decide("review.decide", "review", review.id, facts)
    judgement = _judgement(said)
    await _refuse_stale(work, post, review, judgement.content_hash)
    return await _speak(work, await _hearing(work, review, definition), who, judgement)


async def _hearing(work: UnitOfWork, review: Review, definition: Definition) -> Hearing:
    """Read with the review locked: what was known before we waited for it is old."""
    way = await rounds.of(work, review.id)
    heard = await voices.licensed(work, await voices.said(work, review.id))
    return Hearing(review, way, definition, heard)


async def _speak(
    work: UnitOfWork, hearing: Hearing, who: Speaker, judgement: Judgement
) -> DecisionRecord:
    review, stage = hearing.review, hearing.stage
    seats = seats_for(who, stage, hearing.heard)
    await refuse_claimed(work, hearing.way, stage, hearing.heard, who.people)
    if judgement.verdict is Verdict.APPROVE:
        await refuse_unable(work, who.person, is_guest=who.guest is not None)
    said = (judgement.verdict, judgement.comment, who.person)
    decision = await sign(work, review, *said, on_behalf_of=who.behalf, guest=who.guest)
    await work.session.flush()
    approves = judgement.verdict is Verdict.APPROVE
    voice = Voice(who.person, stage.name, seats, approves, who.behalf)
    await voices.keep(work, decision, voice)
    set_committed_value(decision, "on_behalf_of", who.behalf)
    spoken = [*hearing.heard, *await voices.licensed(work, [voice])]
    found = judge(hearing.definition, voices.matter_of(hearing.way), spoken, work.now)
    await _conclude(work, hearing, decision, found)
    return decision


def _judgement(sent: Said) -> Judgement:
    verdict, said = sent.verdict, sent.comment.strip()
    digest = sent.content_hash.strip().lower()
    known = [v.value for v in Verdict]
    faults: dict[str, str] = {}
    if verdict not in known:
        faults["verdict"] = f"{verdict[:40]!r} must be one of {', '.join(known)}"
    if verdict == Verdict.SEND_BACK and not said:
        faults["comment"] = "must say what has to change, when a text is sent back"
    if len(said) > LONGEST_COMMENT or _UNSTORABLE.search(said):
        faults["comment"] = f"must be plain text of at most {LONGEST_COMMENT} characters"
    if not _HASH.fullmatch(digest):
        faults["content_hash"] = (
            "must be the SHA-256 of the text you have read, 64 hexadecimal digits; "
            "the review shows it as content_hash"
        )
    if faults:
        raise InvalidInput(faults)
    return Judgement(Verdict(verdict), said, digest)


async def _refuse_stale(work: UnitOfWork, post: Post, review: Review, sent: str) -> None:
    """What the reviewer read, what was submitted and what would go live are one text."""
    if review.state != State.OPEN:
        raise ReviewClosed(review.state)
    working = await heads.newest(work, post, review.revision_id)
    if not sent == review.content_hash.hex() == working.content_hash.hex():
        raise ReviewStale(sent, review.content_hash.hex(), working.content_hash.hex())


_CLOSES_AS = {Outcome.APPROVED: State.APPROVED, Outcome.SENT_BACK: State.SENT_BACK}


async def _conclude(
    work: UnitOfWork, hearing: Hearing, decision: DecisionRecord, found: Verdicts
) -> None:
    """Tell of the decision, and do what follows from it: the review ends, goes on, or waits."""
    review, state = hearing.review, _CLOSES_AS.get(found.outcome, State.OPEN)
    if state is not State.OPEN:
        await reviews.close(work, review, state)
    else:
        await rounds.end_claims(work, review.id, Ended.DECIDED, decision.reviewer_id)
    content_hash = decision.content_hash.hex()
    await work.emit(
        ReviewDecided(
            review_id=review.id,
            decision_id=decision.id,
            post_id=review.post_id,
            revision_id=review.revision_id,
            content_hash=content_hash,
            verdict=Verdict(decision.verdict),
            state=state,
            before={"state": State.OPEN.value},
            after={"state": state.value, "signed": decision.decision_hash.hex()},
        )
    )
    if state is State.SENT_BACK:
        await reviews.return_to_draft(work, review.post_id, review.revision_id, content_hash)
    if state is State.OPEN and found.stage != hearing.way.stage:
        await _advance(work, hearing, found.stage)


async def _advance(work: UnitOfWork, hearing: Hearing, to: str) -> None:
    review, way = hearing.review, hearing.way
    before = way.stage
    await rounds.enter(work, way, hearing.definition, to)
    await work.emit(
        ReviewAdvanced(
            review_id=review.id,
            post_id=review.post_id,
            before={"stage": before},
            after={"stage": to},
        )
    )
