"""What reviewers and authors read of reviews: the queue, one review with its text, the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select, text, tuple_
from sqlalchemy.orm import with_expression

from cms.content import posts
from cms.content.models import Post, Rendering, Revision
from cms.content.permissions import may_edit, require
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.fields.history import differences
from cms.identity.models import User
from plugins.medical_review.articles.kinds import is_reviewed
from plugins.medical_review.comparing.diff import FieldChanges, diff
from plugins.medical_review.reviewing.course_models import VoiceRecord
from plugins.medical_review.reviewing.models import DecisionRecord, Review, State
from plugins.medical_review.reviewing.reviews import get

VIEW = "view_reviews"
OVERSEE = "manage_compliance"


@dataclass(frozen=True)
class Queued:
    """An open review with what a reviewer chooses by."""

    review: Review
    title: str
    post_type: str
    author_id: int
    author: str


@dataclass(frozen=True)
class ReviewedText:
    """A review with its text, and how that differs from the text that was decided on before."""

    review: Review
    post: Post
    revision: Revision
    rendering: Rendering
    decisions: Sequence[DecisionRecord]
    against: Revision | None
    changes: Sequence[FieldChanges]


async def queue(work: UnitOfWork, *, limit: int, after: int | None = None) -> list[Queued]:
    """Open reviews, the oldest first; `after` is the last one of the page before."""
    require(may_oversee(work), "review.list", "Sorry, you are not allowed to see the reviews.")
    statement = (
        select(Review, Revision.title, Post.post_type, User.id, User.display_name)
        .join(Post, and_(Post.tenant_id == Review.tenant_id, Post.id == Review.post_id))
        .join(
            Revision,
            and_(Revision.tenant_id == Review.tenant_id, Revision.id == Review.revision_id),
        )
        .join(User, and_(User.tenant_id == Review.tenant_id, User.id == Revision.author_id))
        .where(Review.tenant_id == work.tenant_id, Review.state == State.OPEN)
        .order_by(Review.submitted_at, Review.id)
        .limit(limit)
    )
    if after is not None:
        last = await get(work, after)
        place = tuple_(Review.submitted_at, Review.id)
        statement = statement.where(place > (last.submitted_at, last.id))
    return [Queued(*row) for row in await work.all(statement)]


async def one(work: UnitOfWork, review_id: int) -> ReviewedText:
    """The review with everything its reviewer has to read, or NotFound."""
    row = await work.one(
        select(Review, Post, Revision, Rendering)
        .join(Post, and_(Post.tenant_id == Review.tenant_id, Post.id == Review.post_id))
        .join(
            Revision,
            and_(Revision.tenant_id == Review.tenant_id, Revision.id == Review.revision_id),
        )
        .join(
            Rendering,
            and_(Rendering.tenant_id == Review.tenant_id, Rendering.revision_id == Revision.id),
        )
        .where(Review.tenant_id == work.tenant_id, Review.id == review_id)
    )
    if row is None:
        raise NotFound("review", review_id)
    review, post, revision, rendering = row
    _require_readable(work, post)
    await work.decide("review.read", "review", review_id, facts(post))
    against = await _earlier(work, post, review)
    decisions = await _decisions(work, Review.id == review_id)
    fields = await differences(work, against.parts if against else None, revision.parts)
    changes = diff(against, revision, fields)
    return ReviewedText(review, post, revision, rendering, decisions, against, changes)


async def of_post(work: UnitOfWork, post_id: int) -> list[tuple[Review, Sequence[DecisionRecord]]]:
    """Every review of the post with its decisions, the newest first."""
    post = await reviewed_post(work, post_id)
    decisions = await _decisions(work, Review.post_id == post.id)
    rows = await work.all(
        select(Review)
        .where(Review.tenant_id == work.tenant_id, Review.post_id == post.id)
        .order_by(Review.submitted_at.desc(), Review.id.desc())
    )
    return [(review, [d for d in decisions if d.review_id == review.id]) for (review,) in rows]


async def reviewed_post(work: UnitOfWork, post_id: int) -> Post:
    """A post of a reviewed type that the actor may follow through its reviews, or NotFound."""
    post = await posts.get(work, post_id)
    if not is_reviewed(work, post.post_type):
        raise NotFound("reviewed post", post_id)
    _require_readable(work, post)
    await work.decide("review.history", "review", post_id, facts(post))
    return post


async def of_review(work: UnitOfWork, review_id: int) -> Review:
    """The review, for whoever sees everybody's; NotFound where there is none."""
    require(may_oversee(work), "review.read", "Sorry, you are not allowed to see the reviews.")
    return await get(work, review_id)


def may_oversee(work: UnitOfWork) -> bool:
    """Whether the actor sees the reviews of everybody's texts."""
    return work.actor.has(VIEW) or work.actor.has(OVERSEE)


def facts(post: Post) -> dict[str, Any]:
    """What a policy may know of a reviewed post."""
    return {**posts.facts(post), "medical_context": True}


def _require_readable(work: UnitOfWork, post: Post) -> None:
    require(
        may_oversee(work) or may_edit(work.actor, posts.type_of(work, post), post),
        "review.read",
        "Sorry, you are not allowed to see the reviews of this post.",
    )


async def _decisions(work: UnitOfWork, which: Any) -> list[DecisionRecord]:
    rows = await work.all(
        select(DecisionRecord)
        .join(
            Review,
            and_(
                Review.tenant_id == DecisionRecord.tenant_id,
                Review.id == DecisionRecord.review_id,
            ),
        )
        .outerjoin(
            VoiceRecord,
            and_(
                VoiceRecord.tenant_id == DecisionRecord.tenant_id,
                VoiceRecord.decision_id == DecisionRecord.id,
            ),
        )
        .options(with_expression(DecisionRecord.on_behalf_of, VoiceRecord.on_behalf_of))
        .where(DecisionRecord.tenant_id == work.tenant_id, which)
        .order_by(DecisionRecord.decided_at, DecisionRecord.id)
    )
    return [row[0] for row in rows]


# The text that was decided on last before this review, else the live one: what a reviewer knows.
_EARLIER = text(
    """
    select coalesce(
      (select d.revision_id from medical_review.decisions d
       where d.tenant_id = :tenant and d.post_id = :post and d.content_hash <> :hash
         and d.decided_at < :at
       order by d.decided_at desc, d.id desc limit 1),
      (select p.live_revision_id from cms.posts p
       where p.tenant_id = :tenant and p.id = :post and p.live_revision_id <> :revision))
    """
)


async def _earlier(work: UnitOfWork, post: Post, review: Review) -> Revision | None:
    row = await work.one(
        _EARLIER,
        {
            "tenant": work.tenant_id,
            "post": post.id,
            "hash": review.content_hash,
            "at": review.submitted_at,
            "revision": review.revision_id,
        },
    )
    return await posts.revision(work, post.id, row[0]) if row[0] is not None else None
