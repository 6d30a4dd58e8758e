"""Working heads beside the one that is edited: a large text is set aside, what readers have is
corrected, and then the large one is taken up again.

A post has one text that its editors work on (`working_revision_id`), through every door. Setting it
aside makes what readers have that text, so that a correction is edited, submitted and published as
anything else is; the text that was set aside keeps its revision, and with it its hash.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select

from cms.content import posts
from cms.content.events import HeadSetAside, HeadTakenUp
from cms.content.models import Post, PostHead, Revision
from cms.content.permissions import may_edit, require
from cms.database.work import UnitOfWork
from cms.errors import Conflict
from cms.kernel.work import ReadableWork


async def of_posts(work: ReadableWork, post_ids: Sequence[int]) -> dict[int, list[PostHead]]:
    """What was set aside of each of these posts, the oldest first."""
    found: dict[int, list[PostHead]] = {post_id: [] for post_id in post_ids}
    if not post_ids:
        return found
    rows = await work.all(
        select(PostHead)
        .where(PostHead.tenant_id == work.tenant_id, PostHead.post_id.in_(post_ids))
        .order_by(PostHead.set_aside_at, PostHead.name)
    )
    for (head,) in rows:
        found[head.post_id].append(head)
    return found


async def of_post(work: ReadableWork, post_id: int) -> list[PostHead]:
    """What was set aside of one post."""
    return (await of_posts(work, [post_id]))[post_id]


def holds(tenant_id: Any, post_id: Any, revision_id: Any) -> ColumnElement[bool]:
    """Whether the revision that these columns name is the text of a head that was set aside."""
    return (
        select(PostHead.revision_id)
        .where(
            PostHead.tenant_id == tenant_id,
            PostHead.post_id == post_id,
            PostHead.revision_id == revision_id,
        )
        .exists()
    )


async def newest(work: UnitOfWork, post: Post, revision_id: int) -> Revision:
    """The text of the head that this revision belongs to: itself if it was set aside, else the one
    that is edited."""
    aside = {head.revision_id for head in await of_post(work, post.id)}
    current = revision_id if revision_id in aside else post.working_revision_id or 0
    return await posts.revision(work, post.id, current)


async def set_aside(work: UnitOfWork, post: Post, name: str) -> None:
    """Keep the working text of a locked live post under this name, and edit what readers have.
    Conflict where there is no other text than that, or the name is taken."""
    await _require_edit(work, post)
    working, live = post.working_revision_id, post.live_revision_id
    if live is None or working is None or working == live:
        raise Conflict(
            "There is no text beside the one that readers have. Edit the post as it is.",
            code="head.nothing_to_set_aside",
        )
    if any(head.name == name for head in await of_post(work, post.id)):
        raise Conflict(
            f"A text of this post is set aside as {name!r} already. Take that one up first.",
            code="head.taken",
        )
    await work.execute(
        insert(PostHead).values(
            tenant_id=work.tenant_id,
            post_id=post.id,
            name=name,
            revision_id=working,
            base_revision_id=live,
            set_aside_by=work.actor.user_id,
            set_aside_at=work.now,
        )
    )
    post.working_revision_id = live
    posts.touch(work, post)
    await work.emit(
        HeadSetAside(
            post_id=post.id,
            revision_id=working,
            before={"working_revision": working},
            after={"working_revision": live, "name": name},
        )
    )


async def take_up(work: UnitOfWork, post: Post, head: PostHead) -> None:
    """Work on a text of a locked post again that was set aside. What readers have stays."""
    await _require_edit(work, post)
    before = post.working_revision_id
    await work.execute(
        delete(PostHead).where(
            PostHead.tenant_id == work.tenant_id,
            PostHead.post_id == post.id,
            PostHead.name == head.name,
        )
    )
    post.working_revision_id = head.revision_id
    posts.touch(work, post)
    await work.emit(
        HeadTakenUp(
            post_id=post.id,
            revision_id=head.revision_id,
            before={"working_revision": before, "name": head.name},
            after={"working_revision": head.revision_id},
        )
    )


async def _require_edit(work: UnitOfWork, post: Post) -> None:
    require(
        may_edit(work.actor, posts.type_of(work, post), post),
        "post.edit",
        "Sorry, you are not allowed to edit this post.",
    )
    await work.decide("post.edit", "post", post.id, posts.facts(post))
