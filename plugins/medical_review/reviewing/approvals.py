"""What reviews have said of a post so far. An approval is for one text: for its hash, no other, and
it is there once the review of that text has its quorum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import Select, and_, case, select
from sqlalchemy.dialects.postgresql import distinct_on

from cms.content import heads
from cms.kernel.work import ReadableWork
from plugins.medical_review.reviewing.models import DecisionRecord, Review, State, Verdict


class ApprovalStatus(StrEnum):
    """The seed's `medical_approval_status`, of one text and not of the post."""

    PENDING = "pending"
    IN_REVIEW = "in_review"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    STALE = "stale"


@dataclass(frozen=True)
class Course:
    """What came of the last review of each text of a post, as the last decision that agreed with
    it, and the text that is under review now. Whether an approval still has its quorum is for
    `guards` to ask: registrations change without anything happening to the text."""

    decisions: Mapping[bytes, DecisionRecord] = field(default_factory=dict)
    under_review: bytes | None = None

    def approval(self, content_hash: bytes) -> DecisionRecord | None:
        """The approval of exactly this text, if its last decision was one."""
        last = self.decisions.get(content_hash)
        return last if last is not None and last.verdict == Verdict.APPROVE else None

    def last_approval(self) -> DecisionRecord | None:
        """The newest approval of whichever text."""
        given = [d for d in self.decisions.values() if d.verdict == Verdict.APPROVE]
        return max(given, key=lambda d: (d.decided_at, d.id), default=None)

    def status(self, content_hash: bytes) -> ApprovalStatus:
        """How far this text has come."""
        if self.approval(content_hash):
            return ApprovalStatus.APPROVED
        if self.under_review == content_hash:
            return ApprovalStatus.IN_REVIEW
        if content_hash in self.decisions:
            return ApprovalStatus.SENT_BACK
        return ApprovalStatus.STALE if self.last_approval() else ApprovalStatus.PENDING


async def courses(work: ReadableWork, post_ids: Sequence[int]) -> dict[int, Course]:
    """The course of each of these posts, in two queries."""
    decided: dict[int, dict[bytes, DecisionRecord]] = {post_id: {} for post_id in post_ids}
    for (decision,) in await work.all(_last_decisions(work, post_ids)):
        decided[decision.post_id][decision.content_hash] = decision
    rows = await work.all(
        select(Review.post_id, Review.content_hash).where(
            Review.tenant_id == work.tenant_id,
            Review.post_id.in_(post_ids),
            Review.state == State.OPEN,
            ~heads.holds(Review.tenant_id, Review.post_id, Review.revision_id),
        )
    )
    waiting = {row.post_id: row.content_hash for row in rows}
    return {post_id: Course(decided[post_id], waiting.get(post_id)) for post_id in post_ids}


async def course(work: ReadableWork, post_id: int) -> Course:
    """The course of one post."""
    return (await courses(work, [post_id]))[post_id]


async def current_approval(
    work: ReadableWork, post_id: int, content_hash: bytes
) -> DecisionRecord | None:
    """The approval of exactly this text of the post, or None."""
    return (await course(work, post_id)).approval(content_hash)


def _last_decisions(work: ReadableWork, post_ids: Sequence[int]) -> Select[DecisionRecord]:
    """Of the last judged review of each text the last decision that says what it came to. Those of
    a review that still waits for others decide nothing."""
    text = (DecisionRecord.post_id, DecisionRecord.content_hash)
    outcome = case(
        (Review.state == State.APPROVED, Verdict.APPROVE.value),
        (Review.state == State.SENT_BACK, Verdict.SEND_BACK.value),
    )
    return (
        select(DecisionRecord)
        .ext(distinct_on(*text))
        .join(
            Review,
            and_(
                Review.tenant_id == DecisionRecord.tenant_id,
                Review.id == DecisionRecord.review_id,
            ),
        )
        .where(
            DecisionRecord.tenant_id == work.tenant_id,
            DecisionRecord.post_id.in_(post_ids),
            DecisionRecord.verdict == outcome,
        )
        .order_by(*text, DecisionRecord.decided_at.desc(), DecisionRecord.id.desc())
    )
