"""/api/v1/reviews: the queue, a review with its text and diff, the decision, what is missing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from cms.api.routing import get, post
from cms.content import posts
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.kernel.objections import Objection
from plugins.medical_review.aftercare.affected import Affected, affected
from plugins.medical_review.checks.overriding import overrides_of
from plugins.medical_review.checks.presenting import OverrideOut
from plugins.medical_review.comparing.diff import FieldChanges
from plugins.medical_review.reviewing import deciding, reading, reviews, rounds
from plugins.medical_review.reviewing.blockers import blockers
from plugins.medical_review.reviewing.candidates import beyond_reach
from plugins.medical_review.reviewing.models import DecisionRecord, Review
from plugins.medical_review.reviewing.reading import Queued, ReviewedText
from plugins.medical_review.signing.signatures import is_intact

MOST = 100


class Submission(msgspec.Struct, frozen=True):
    """The post whose working text is to be reviewed."""

    post_id: int


class DecisionIn(msgspec.Struct, frozen=True):
    """`verdict` is approve or send_back; `content_hash` is that of the text that was read;
    `on_behalf_of` the person who has delegated her reviews to the actor."""

    verdict: str
    content_hash: str
    comment: str = ""
    on_behalf_of: int | None = None


class ReviewOut(msgspec.Struct, frozen=True):
    """A review without its text. `warnings`, of one that was just submitted: what its quorum asks
    for and nobody here could give today."""

    id: int
    state: str
    stage: str
    post_id: int
    revision_id: int
    content_hash: str
    submitted_by: int | None
    submitted_at: datetime
    closed_at: datetime | None
    warnings: list[Objection] = []

    @classmethod
    def of(cls, review: Review, warnings: Sequence[Objection] = ()) -> "ReviewOut":
        return cls(
            review.id,
            review.state,
            review.stage,
            review.post_id,
            review.revision_id,
            review.content_hash.hex(),
            review.submitted_by,
            review.submitted_at,
            review.closed_at,
            list(warnings),
        )


class DecisionOut(msgspec.Struct, frozen=True):
    """A decision as it was signed (21 CFR 11.50); `is_intact` is false when its row was altered.
    `on_behalf_of` is who had delegated it to her."""

    id: int
    review_id: int
    verdict: str
    comment: str
    meaning: str
    level: str
    content_hash: str
    reviewer_id: int
    reviewer_name: str
    registration: str | None
    factors: list[str]
    decided_at: datetime
    decision_hash: str
    is_intact: bool
    stage: str
    on_behalf_of: int | None

    @classmethod
    def of(cls, decision: DecisionRecord) -> "DecisionOut":
        return cls(
            decision.id,
            decision.review_id,
            decision.verdict,
            decision.comment,
            decision.meaning,
            decision.level,
            decision.content_hash.hex(),
            decision.reviewer_id,
            decision.reviewer_name,
            (decision.reviewer_registration or {}).get("registration"),
            decision.factors,
            decision.decided_at,
            decision.decision_hash.hex(),
            is_intact(decision),
            decision.stage,
            decision.on_behalf_of,
        )


class QueuedOut(msgspec.Struct, frozen=True):
    """A line of the queue."""

    review: ReviewOut
    title: str
    post_type: str
    author_id: int
    author: str

    @classmethod
    def of(cls, queued: Queued) -> "QueuedOut":
        own = (queued.title, queued.post_type, queued.author_id, queued.author)
        return cls(ReviewOut.of(queued.review), *own)


class QueueOut(msgspec.Struct, frozen=True):
    """A page of the queue; `next` is the value of `after` that continues it."""

    reviews: list[QueuedOut]
    next: int | None


class Passage(msgspec.Struct, frozen=True):
    """A text as it is stored, and as readers would get it."""

    raw: str
    rendered: str


class Against(msgspec.Struct, frozen=True):
    """The revision that the diff starts from."""

    revision_id: int
    content_hash: str


class ReviewedTextOut(msgspec.Struct, frozen=True):
    """A review with all that its reviewer has to read. `is_current`: the post's working text is
    still this one. `overrides`: findings of the content checks that were let pass in this text."""

    review: ReviewOut
    post_type: str
    post_status: str
    is_current: bool
    author_id: int
    language: str
    slug: str
    title: Passage
    content: Passage
    excerpt: Passage
    terms: dict[str, Any]
    parts: dict[str, Any]
    against: Against | None
    diff: list[FieldChanges]
    decisions: list[DecisionOut]
    overrides: list[OverrideOut]

    @classmethod
    def of(cls, text: ReviewedText, overrides: list[OverrideOut]) -> "ReviewedTextOut":
        revision, rendering, base = text.revision, text.rendering, text.against
        return cls(
            review=ReviewOut.of(text.review),
            post_type=text.post.post_type,
            post_status=text.post.status,
            is_current=text.post.working_revision_id == revision.id,
            author_id=revision.author_id,
            language=revision.language,
            slug=revision.slug,
            title=Passage(revision.title, rendering.title),
            content=Passage(revision.content, rendering.content),
            excerpt=Passage(revision.excerpt, rendering.excerpt),
            terms=revision.terms,
            parts=revision.parts,
            against=Against(base.id, base.content_hash.hex()) if base else None,
            diff=list(text.changes),
            decisions=[DecisionOut.of(decision) for decision in text.decisions],
            overrides=overrides,
        )


class DecidedOut(msgspec.Struct, frozen=True):
    """What a decision did."""

    review: ReviewOut
    post_status: str
    decision: DecisionOut


class CourseOut(msgspec.Struct, frozen=True):
    """One review of a post's history, with its decisions, and the findings of the content checks
    that were let pass in its text."""

    review: ReviewOut
    decisions: list[DecisionOut]
    overrides: list[OverrideOut]


class StepOut(msgspec.Struct, frozen=True):
    """Whether a step may be taken now, and every reason why not."""

    is_possible: bool
    objections: list[Objection]

    @classmethod
    def of(cls, objections: list[Objection]) -> "StepOut":
        return cls(not objections, objections)


class BlockersOut(msgspec.Struct, frozen=True):
    """Both steps for the working text with this SHA-256."""

    post_id: int
    content_hash: str
    submit: StepOut
    publish: StepOut


class AffectedOut(msgspec.Struct, frozen=True):
    """The professionals asked about, and the texts that carry each."""

    professionals: list[Affected]


@get("/", action="review.list", resource="review")
async def list_queue(work: UnitOfWork, limit: int = 50, after: int | None = None) -> QueueOut:
    """Open reviews, the oldest first."""
    if not 1 <= limit <= MOST:
        raise InvalidInput({"limit": f"{limit} must be between 1 and {MOST}"})
    found = await reading.queue(work, limit=limit, after=after)
    more = found[-1].review.id if len(found) == limit else None
    return QueueOut([QueuedOut.of(queued) for queued in found], more)


@post("/", action="review.submit", resource="review", status_code=201)
async def submit(data: Submission, work: UnitOfWork) -> ReviewOut:
    """Hand over the working text of a post. A live article stays as readers know it meanwhile."""
    review = await reviews.submit(work, data.post_id)
    warnings = await beyond_reach(work, await rounds.of(work, review.id), review)
    return ReviewOut.of(review, warnings)


@get("/{review_id:int}", action="review.read", resource="review")
async def read_review(review_id: int, work: UnitOfWork) -> ReviewedTextOut:
    """One review with its text, and the diff to what was decided on before."""
    text = await reading.one(work, review_id)
    return ReviewedTextOut.of(text, await _overrides(work, text.review))


async def _overrides(work: UnitOfWork, review: Review) -> list[OverrideOut]:
    found = await overrides_of(work, review.post_id)
    return [OverrideOut.of(row) for row in found if row.content_hash == review.content_hash]


@post("/{review_id:int}/decision", action="review.decide", resource="review", status_code=200)
async def decide(review_id: int, data: DecisionIn, work: UnitOfWork) -> DecidedOut:
    """Approve exactly the text with this hash, or send it back with a comment."""
    decision = await deciding.decide(
        work,
        review_id,
        data.verdict,
        data.comment,
        data.content_hash,
        on_behalf_of=data.on_behalf_of,
    )
    review = await reviews.get(work, review_id)
    moved = await posts.get(work, decision.post_id)
    return DecidedOut(ReviewOut.of(review), moved.status, DecisionOut.of(decision))


@get("/of-post/{post_id:int}", action="review.history", resource="review")
async def read_history(post_id: int, work: UnitOfWork) -> list[CourseOut]:
    """Every review of a post, the newest first."""
    found = await reading.of_post(work, post_id)
    passed = [OverrideOut.of(row) for row in await overrides_of(work, post_id)]
    return [
        CourseOut(
            ReviewOut.of(review),
            [DecisionOut.of(d) for d in decisions],
            [one for one in passed if one.content_hash == review.content_hash.hex()],
        )
        for review, decisions in found
    ]


@get("/blockers/{post_id:int}", action="review.history", resource="review")
async def read_blockers(post_id: int, work: UnitOfWork) -> BlockersOut:
    """What still stands in the way of submitting and of publishing the working text."""
    found = await blockers(work, post_id)
    return BlockersOut(
        post_id, found.content_hash, StepOut.of(found.submit), StepOut.of(found.publish)
    )


@get("/affected", action="article.affected", resource="post")
async def list_affected(
    work: UnitOfWork, professional_user_id: int | None = None, standing: str = "lost"
) -> AffectedOut:
    """The texts that carry a professional; without one, those of all who may not sign today."""
    if standing != "lost":
        raise InvalidInput({"standing": f"{standing[:40]!r} must be 'lost', or be left out"})
    return AffectedOut(await affected(work, professional_user_id))


routes = [
    list_queue,
    submit,
    read_review,
    decide,
    read_history,
    read_blockers,
    list_affected,
]
