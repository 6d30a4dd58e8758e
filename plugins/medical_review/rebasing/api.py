"""/api/v1/reviews/of-post/…: the heads of a post, its hot fix, and rebasing what was set aside."""

from datetime import datetime
from typing import Any

import msgspec

from cms.api.routing import delete, get, post
from cms.content import heads, posts
from cms.content.models import Post, PostHead, Revision
from cms.database.work import UnitOfWork
from plugins.medical_review.rebasing import hotfix
from plugins.medical_review.rebasing.merging import Clash
from plugins.medical_review.rebasing.resolving import Resolution
from plugins.medical_review.reviewing.models import Review
from plugins.medical_review.reviewing.reading import reviewed_post


class TextOut(msgspec.Struct, frozen=True):
    """A revision by its number and the SHA-256 of what it says."""

    revision_id: int
    content_hash: str

    @classmethod
    def of(cls, revision: Revision) -> "TextOut":
        return cls(revision.id, revision.content_hash.hex())


class HeadOut(msgspec.Struct, frozen=True):
    """A text that was set aside; `review_id` is that of its review, if it is in one."""

    name: str
    text: TextOut
    base_revision_id: int
    set_aside_by: int | None
    set_aside_at: datetime
    review_id: int | None

    @classmethod
    def of(cls, head: PostHead, revision: Revision, review: Review | None) -> "HeadOut":
        return cls(
            head.name,
            TextOut.of(revision),
            head.base_revision_id,
            head.set_aside_by,
            head.set_aside_at,
            review.id if review else None,
        )


class HeadsOut(msgspec.Struct, frozen=True):
    """The texts of a post: what readers have, what is edited, what was set aside."""

    post_id: int
    live: TextOut | None
    working: TextOut
    set_aside: list[HeadOut]


class RebaseOut(msgspec.Struct, frozen=True):
    """What rebasing would give. `ours` is what was set aside, `theirs` what readers have, `base`
    what they had when it was. `merged` has what is settled by path, `content` the text with null
    for each conflict in it."""

    base: TextOut
    ours: TextOut
    theirs: TextOut
    is_clean: bool
    conflicts: list[Clash]
    merged: dict[str, Any]
    content: list[str | None]


class RebaseIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`onto` is the content_hash of `theirs` as it was read; one resolution for each conflict."""

    onto: str
    resolutions: list[Resolution] = []


class RebasedOut(msgspec.Struct, frozen=True):
    """The text that is edited now. It must be submitted like any other change."""

    post_id: int
    text: TextOut


@get("/of-post/{post_id:int}/heads", action="article.heads", resource="review")
async def read_heads(post_id: int, work: UnitOfWork) -> HeadsOut:
    """What readers have of a post, what is edited, and what was set aside."""
    return await _heads(work, await reviewed_post(work, post_id))


@post(
    "/of-post/{post_id:int}/hot-fix",
    action="article.hot_fix",
    resource="review",
    status_code=201,
)
async def start_hot_fix(post_id: int, work: UnitOfWork) -> HeadsOut:
    """Set the pending text aside and edit what readers have. It is edited, submitted, approved and
    published as anything else is; the pending text stays in review meanwhile."""
    return await _heads(work, await hotfix.start(work, post_id))


@delete(
    "/of-post/{post_id:int}/hot-fix",
    action="article.hot_fix",
    resource="review",
    status_code=200,
)
async def give_up_hot_fix(post_id: int, work: UnitOfWork) -> HeadsOut:
    """Give up an unpublished hot fix, and edit the pending text again as it was set aside."""
    return await _heads(work, await hotfix.give_up(work, post_id))


@get("/of-post/{post_id:int}/rebase", action="article.heads", resource="review")
async def look_at_rebase(post_id: int, work: UnitOfWork) -> RebaseOut:
    """What rebasing the pending text on what readers have would give, and its conflicts."""
    found = await hotfix.look(work, post_id)
    merged = found.merged
    return RebaseOut(
        TextOut.of(found.base),
        TextOut.of(found.ours),
        TextOut.of(found.theirs),
        not merged.clashes,
        merged.clashes,
        merged.values,
        [None if isinstance(piece, Clash) else piece for piece in merged.text],
    )


@post(
    "/of-post/{post_id:int}/rebase",
    action="article.rebase",
    resource="review",
    status_code=200,
)
async def rebase(post_id: int, data: RebaseIn, work: UnitOfWork) -> RebasedOut:
    """Rebase the pending text: a new revision with the hot fix in it, which nobody has approved."""
    revision = await hotfix.rebase(work, post_id, data.onto, data.resolutions)
    return RebasedOut(post_id, TextOut.of(revision))


async def _heads(work: UnitOfWork, found: Post) -> HeadsOut:
    live, working = found.live_revision_id, found.working_revision_id or 0
    reviews = await hotfix.waiting(work, found.id)
    aside = [
        HeadOut.of(
            head,
            await posts.revision(work, found.id, head.revision_id),
            reviews.get(head.revision_id),
        )
        for head in await heads.of_post(work, found.id)
    ]
    return HeadsOut(
        found.id,
        TextOut.of(await posts.revision(work, found.id, live)) if live else None,
        TextOut.of(await posts.revision(work, found.id, working)),
        aside,
    )


routes = [read_heads, start_hot_fix, give_up_hot_fix, look_at_rebase, rebase]
