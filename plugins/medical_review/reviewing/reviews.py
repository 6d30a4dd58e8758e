"""A text is handed over, and taken back when it changes. Deciding on it is in `deciding`."""

from sqlalchemy import and_, insert, select, update

from cms.content import heads, posts, transitions
from cms.content.events import RevisionSaved, Transition
from cms.content.models import Post, Revision
from cms.content.permissions import may_edit, require
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.articles.kinds import PART, is_of_reviewed, is_reviewed
from plugins.medical_review.quorum.engine import Matter, Outcome
from plugins.medical_review.reviewing import rounds, voices
from plugins.medical_review.reviewing.approvals import current_approval
from plugins.medical_review.reviewing.errors import NothingToReview, ReviewClosed
from plugins.medical_review.reviewing.events import ReviewOpened, ReviewWithdrawn
from plugins.medical_review.reviewing.models import Review, State
from plugins.medical_review.workflows.choosing import matter_of


async def get(work: ReadableWork, review_id: int, *, lock: bool = False) -> Review:
    """The review, or NotFound; held until the end of the transaction with `lock`."""
    statement = (
        select(Review)
        .where(Review.tenant_id == work.tenant_id, Review.id == review_id)
        .execution_options(populate_existing=True)
    )
    row = await work.one(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound("review", review_id)
    review: Review = row[0]
    return review


async def open_of(work: ReadableWork, post_id: int) -> Review | None:
    """The review that the post's working text is in now, or an earlier state of that text; what was
    set aside has a review of its own."""
    row = await work.one(
        select(Review).where(
            Review.tenant_id == work.tenant_id,
            Review.post_id == post_id,
            Review.state == State.OPEN,
            ~heads.holds(Review.tenant_id, Review.post_id, Review.revision_id),
        )
    )
    return row[0] if row else None


async def submit(work: UnitOfWork, post_id: int) -> Review:
    """Hand over the working text. A live article stays live with the text that readers know."""
    post = await posts.lock(work, post_id)
    if not is_reviewed(work, post.post_type):
        raise NotFound("reviewed post", post_id)
    require(
        may_edit(work.actor, posts.type_of(work, post), post),
        "review.submit",
        "Sorry, you are not allowed to submit this post.",
    )
    found = await open_of(work, post_id)
    if found is None and _has_something_new(post):
        await transitions.move(work, post, Status.PENDING)
        found = await open_of(work, post_id)
    if found is None:
        raise NothingToReview(
            "There is nothing to review: this text is approved, or live, already. "
            "Publish it, or change it first.",
            code="review.nothing",
        )
    return found


async def take_out(work: UnitOfWork, review_id: int) -> Review:
    """The author takes a text out of review; it is a draft again, and a live one stays live. One
    that was set aside stays where it is."""
    found = await get(work, review_id)
    post = await posts.lock(work, found.post_id)
    require(
        may_edit(work.actor, posts.type_of(work, post), post),
        "review.take_back",
        "Sorry, you are not allowed to edit this post.",
    )
    review = await get(work, review_id, lock=True)
    if review.state != State.OPEN:
        raise ReviewClosed(review.state)
    of_working_text = await open_of(work, post.id)
    await take_back(work, review)
    if of_working_text is not None and of_working_text.id == review_id:
        await return_to_draft(work, post.id, review.revision_id, review.content_hash.hex())
    return await get(work, review_id)


def _has_something_new(post: Post) -> bool:
    return post.live_revision_id is None or post.live_revision_id != post.working_revision_id


# -- what follows from what happens to the post


async def follow_move(work: Work, move: Transition) -> None:
    """Submitting opens a review; any other move but publishing ends one that is open. An approved
    text needs none: a save or a submission that changes nothing costs no second approval."""
    if not await is_of_reviewed(work, move):
        return
    if move.submits:
        await _open_for_reviewed(work, move)
    elif not move.publishes:
        await withdraw(work, move.post_id)


async def follow_edit(work: Work, saved: RevisionSaved) -> None:
    """What is under review is one text. A changed one is a draft again, so that nobody decides on
    words that the author is still moving; a live article just keeps its live text."""
    if saved.before is None:
        return  # the first revision of a new post
    if not await _is_reviewed(work, saved.post_id):
        return
    await withdraw(work, saved.post_id)
    await return_to_draft(work, saved.post_id, saved.revision_id, saved.content_hash)


async def withdraw(work: Work, post_id: int) -> None:
    """End the open review of the post, if there is one, without a decision."""
    review = await open_of(work, post_id)
    if review is not None:
        await take_back(work, review)


async def take_back(work: Work, review: Review) -> None:
    """End this open review without a decision."""
    await close(work, review, State.WITHDRAWN)
    await work.emit(
        ReviewWithdrawn(
            review_id=review.id,
            post_id=review.post_id,
            revision_id=review.revision_id,
            content_hash=review.content_hash.hex(),
            before={"state": State.OPEN.value},
            after={"state": State.WITHDRAWN.value},
        )
    )


async def close(work: Work, review: Review, state: State) -> None:
    """End the review; the caller tells of it."""
    await work.execute(
        update(Review)
        .where(Review.tenant_id == work.tenant_id, Review.id == review.id)
        .values(state=state.value, closed_at=work.now)
    )
    await rounds.finish(work, review.id)


async def return_to_draft(work: Work, post_id: int, revision_id: int, content_hash: str) -> None:
    """A submitted post, which the caller has locked, becomes a draft again; one of another status
    keeps it."""
    this = (Post.tenant_id == work.tenant_id, Post.id == post_id)
    row = await work.one(select(Post.status).where(*this))
    if row.status != Status.PENDING:
        return
    await work.execute(update(Post).where(*this).values(status=Status.DRAFT.value))
    await work.emit(
        Transition(
            post_id=post_id,
            revision_id=revision_id,
            content_hash=content_hash,
            from_status=Status.PENDING,
            to_status=Status.DRAFT,
            before={"status": Status.PENDING.value},
            after={"status": Status.DRAFT.value},
        )
    )


async def _open_for_reviewed(work: Work, move: Transition) -> None:
    digest = bytes.fromhex(move.content_hash)
    given = await current_approval(work, move.post_id, digest)
    if given is None or await has_lost_quorum(work, given.review_id):
        await _open(work, move)


async def has_lost_quorum(work: ReadableWork, review_id: int) -> bool:
    """Whether a review that approved would not do so by the registrations of today."""
    found = await voices.verdicts(work, await rounds.of(work, review_id))
    return found.outcome is not Outcome.APPROVED


async def open_again(work: Work, asked: Transition) -> None:
    """Have a text that stands on an approval judged once more, without moving it."""
    await _open(work, asked)


async def _is_reviewed(work: ReadableWork, post_id: int) -> bool:
    row = await work.one(
        select(Post.post_type).where(Post.tenant_id == work.tenant_id, Post.id == post_id)
    )
    return row is not None and is_reviewed(work, row.post_type)


async def _open(work: Work, move: Transition) -> None:
    plan = await rounds.planned(work, *await _matter(work, move))
    review_id = await work.next_id("review")
    await work.execute(
        insert(Review).values(
            tenant_id=work.tenant_id,
            id=review_id,
            post_id=move.post_id,
            revision_id=move.revision_id,
            content_hash=bytes.fromhex(move.content_hash),
            state=State.OPEN.value,
            stage=plan.stage.name,
            submitted_by=work.actor.user_id,
            submitted_at=work.now,
        )
    )
    await rounds.begin(work, review_id, move.post_id, plan)
    await work.emit(
        ReviewOpened(
            review_id=review_id,
            post_id=move.post_id,
            revision_id=move.revision_id,
            content_hash=move.content_hash,
            after={
                "state": State.OPEN.value,
                "stage": plan.stage.name,
                "workflow": plan.slug,
                "version": plan.version,
            },
        )
    )


async def _matter(work: ReadableWork, move: Transition) -> tuple[str, Matter]:
    """The type of the text, and what a workflow goes by in it."""
    row = await work.one(
        select(Post.post_type, Revision.parts)
        .join(Revision, and_(Revision.tenant_id == Post.tenant_id, Revision.post_id == Post.id))
        .where(
            Post.tenant_id == work.tenant_id,
            Post.id == move.post_id,
            Revision.id == move.revision_id,
        )
    )
    return row.post_type, matter_of(row.parts.get(PART, {}))
