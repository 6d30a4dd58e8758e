"""A mistake in what readers have is corrected while a large text waits: the large one is set aside
with its review, the live one goes the whole way by itself, and then the large one is rebased on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cms.content import heads, posts, saving
from cms.content.events import Transition
from cms.content.models import Post, PostHead, Revision
from cms.content.rendering import aside
from cms.database.work import UnitOfWork
from cms.errors import Conflict, NotFound
from cms.kernel.work import Work
from plugins.medical_review.articles.kinds import is_of_reviewed, is_reviewed
from plugins.medical_review.rebasing.merging import Merged, merge
from plugins.medical_review.rebasing.resolving import Resolution, changes_of, resolve
from plugins.medical_review.reviewing import reviews
from plugins.medical_review.reviewing.models import Review
from plugins.medical_review.reviewing.reading import reviewed_post
from plugins.medical_review.reviewing.waiting import set_aside_of

LARGE = "large"


@dataclass(frozen=True)
class Rebase:
    """The three texts and what becomes of them."""

    base: Revision
    ours: Revision
    theirs: Revision
    merged: Merged


async def start(work: UnitOfWork, post_id: int) -> Post:
    """Set the large text aside: from now on the post is edited as readers have it. Its review goes
    on, and may be decided."""
    post = await _locked(work, post_id)
    await heads.set_aside(work, post, LARGE)
    return post


async def give_up(work: UnitOfWork, post_id: int) -> Post:
    """Take the large text up again as it is. Conflict once the hot fix is published: it would be
    lost with the next publication."""
    post = await _locked(work, post_id)
    head = await _head(work, post)
    if post.live_revision_id != head.base_revision_id:
        raise Conflict(
            "What readers have was corrected since this text was set aside. Rebase it, so that "
            "the correction is not lost.",
            code="hot_fix.published",
        )
    await reviews.withdraw(work, post.id)
    await heads.take_up(work, post, head)
    return post


async def look(work: UnitOfWork, post_id: int) -> Rebase:
    """What rebasing the large text would give now; nothing changes."""
    post = await reviewed_post(work, post_id)
    return await _rebase(work, post, await _head(work, post))


async def rebase(
    work: UnitOfWork, post_id: int, onto: str, resolutions: Sequence[Resolution]
) -> Revision:
    """Take the large text up again with the correction in it, as a new revision: what was said of
    the one before was said of another text. `onto` is the hash of what readers had when the
    conflicts were read. Raises Unresolved with those that nobody has decided."""
    post = await _locked(work, post_id)
    head = await _head(work, post)
    found = await _rebase(work, post, head)
    if onto.lower() != found.theirs.content_hash.hex():
        raise Conflict(
            "What readers have is another text than the one that you have seen. Look at the "
            "conflicts again.",
            code="rebase.moved",
            onto=found.theirs.content_hash.hex(),
        )
    merged = resolve(found.merged, resolutions)
    parts = sorted({*found.ours.parts, *found.theirs.parts})
    await heads.take_up(work, post, head)
    await saving.edit(work, post, changes_of(merged, found.ours, parts))
    return await posts.revision(work, post.id, post.working_revision_id or 0)


async def follow_withdrawal(work: Work, move: Transition) -> None:
    """A text that is taken from readers waits for nobody, nor does what was set aside of it."""
    if move.publishes or move.submits or not await is_of_reviewed(work, move):
        return
    for review in await set_aside_of(work, move.post_id):
        await reviews.take_back(work, review)


async def waiting(work: UnitOfWork, post_id: int) -> dict[int, Review]:
    """The open reviews of texts that were set aside, by revision."""
    return {review.revision_id: review for review in await set_aside_of(work, post_id)}


async def _locked(work: UnitOfWork, post_id: int) -> Post:
    post = await posts.lock(work, post_id)
    if not is_reviewed(work, post.post_type):
        raise NotFound("reviewed post", post_id)
    return post


async def _head(work: UnitOfWork, post: Post) -> PostHead:
    found = [head for head in await heads.of_post(work, post.id) if head.name == LARGE]
    if not found:
        raise NotFound("text that was set aside of post", post.id)
    return found[0]


async def _rebase(work: UnitOfWork, post: Post, head: PostHead) -> Rebase:
    if post.live_revision_id not in {None, post.working_revision_id}:
        raise Conflict(
            "The hot fix is not published yet. Publish it first, or take back what was changed.",
            code="hot_fix.unfinished",
        )
    base = await posts.revision(work, post.id, head.base_revision_id)
    ours = await posts.revision(work, post.id, head.revision_id)
    theirs = await posts.revision(work, post.id, post.working_revision_id or 0)
    merged = await aside(len(ours.content), merge, base, ours, theirs)
    return Rebase(base, ours, theirs, merged)
