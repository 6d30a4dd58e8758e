"""Stored renderings follow what they show: by a job when an attachment, a reusable block or an
address changes, and by the clock when this version renders otherwise than the one that stored them.

Only what readers or editors get is made anew: live and working revisions.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from sqlalchemy import Select, and_, or_, select

from cms.content import posts
from cms.content.events import PropertiesChanged, RevisionSaved, Transition
from cms.content.models import Post, Rendering, RenderingUse, Revision
from cms.content.posts import ATTACHMENT
from cms.content.rendering import BLOCK, MEDIA, render_again
from cms.content.statuses import Status
from cms.content.surrounding import REUSABLE
from cms.database.work import UnitOfWork
from cms.jobs.queue import enqueue
from cms.kernel.declarations import Job
from cms.kernel.hooks import Hooks
from cms.kernel.work import Work
from cms.markup.render import RENDER_VERSION
from cms.media.events import MediaRemoved, MediaRenewed
from cms.tenancy.events import OptionsChanged

RENDER_USERS = "render_users"
RENDER_OUTDATED = "render_outdated"
# So many in one transaction; the rest goes on in a job of its own.
BATCH = 50

_OfPost = RevisionSaved | PropertiesChanged | Transition | MediaRemoved | MediaRenewed
_KINDS = {ATTACHMENT: MEDIA, REUSABLE: BLOCK}
# Addresses of files and of their pages stand in what galleries show.
_OPTIONS = frozenset({"front_end_url", "permalink_structure"})


def connect(hooks: Hooks) -> None:
    hooks.observe(RevisionSaved, follow_post)
    hooks.observe(PropertiesChanged, follow_post)
    hooks.observe(Transition, follow_post)
    hooks.observe(MediaRemoved, follow_post)
    hooks.observe(MediaRenewed, follow_post)
    hooks.observe(OptionsChanged, follow_options)


async def follow_post(work: Work, event: _OfPost) -> None:
    """Have what shows this attachment or block made anew. Costs nothing for other posts, but when
    readers get one for the first time, or no more: then what hangs on it changes with it."""
    whole = cast(UnitOfWork, work)
    post = await whole.session.get(Post, (work.tenant_id, event.post_id))
    if post is None:
        return
    kind = _KINDS.get(post.post_type)
    is_new = isinstance(event, RevisionSaved) and event.before is None
    if kind is not None and not is_new:
        _later(whole, kind, post.id)
    elif kind is None and isinstance(event, Transition) and _opens_or_closes(event):
        for media_id in await _hanging_on(whole, post.id):
            _later(whole, MEDIA, media_id)


def _opens_or_closes(move: Transition) -> bool:
    return (move.from_status is Status.PUBLISH) != (move.to_status is Status.PUBLISH)


async def _hanging_on(work: UnitOfWork, post_id: int) -> Sequence[int]:
    """Attachments of the post that something shows."""
    shown = select(RenderingUse.used_id).where(
        RenderingUse.tenant_id == work.tenant_id,
        RenderingUse.kind == MEDIA,
        RenderingUse.used_id == Post.id,
    )
    rows = await work.all(
        select(Post.id).where(
            Post.tenant_id == work.tenant_id,
            Post.parent_id == post_id,
            Post.post_type == ATTACHMENT,
            shown.exists(),
        )
    )
    return [row.id for row in rows]


async def follow_options(work: Work, event: OptionsChanged) -> None:
    """Have everything that shows an image made anew when addresses change."""
    if _OPTIONS & set(event.after or {}):
        _later(cast(UnitOfWork, work), MEDIA, 0)


def _later(work: UnitOfWork, kind: str, used_id: int) -> None:
    args = {"kind": kind, "used_id": used_id}
    work.before_commit(f"render: {kind} {used_id}", partial(enqueue, work, RENDER_USERS, args))


# -- in the worker


async def render_users(work: UnitOfWork, kind: str, used_id: int, after: int = 0) -> None:
    """Make a batch of the renderings anew that show this attachment or block; with 0, any."""
    uses = select(RenderingUse.revision_id).where(
        RenderingUse.tenant_id == work.tenant_id, RenderingUse.kind == kind
    )
    if used_id:
        uses = uses.where(RenderingUse.used_id == used_id)
    done = await _render_some(work, uses, after)
    if done is not None:
        await enqueue(work, RENDER_USERS, {"kind": kind, "used_id": used_id, "after": done})


async def render_outdated(work: UnitOfWork, after: int = 0) -> None:
    """Make a batch of the renderings anew that an earlier version of the rules stored."""
    outdated = select(Rendering.revision_id).where(
        Rendering.tenant_id == work.tenant_id, Rendering.render_version < RENDER_VERSION
    )
    done = await _render_some(work, outdated, after)
    if done is not None:
        await enqueue(work, RENDER_OUTDATED, {"after": done})


async def _render_some(work: UnitOfWork, revisions: Select[Any], after: int) -> int | None:
    """Go through the posts that show one of these revisions, from the one behind `after` on; the
    last one that was reached, or None at the end."""
    rows = await work.all(
        select(Post.id)
        .join(Revision, and_(Revision.tenant_id == Post.tenant_id, Revision.post_id == Post.id))
        .where(
            Post.tenant_id == work.tenant_id,
            Post.id > after,
            Revision.id.in_(revisions),
            or_(Revision.id == Post.live_revision_id, Revision.id == Post.working_revision_id),
        )
        .distinct()
        .order_by(Post.id)
        .limit(BATCH)
    )
    for row in rows:
        post = await posts.get(work, row.id)
        for revision_id in {post.live_revision_id, post.working_revision_id} - {None}:
            await render_again(work, post, cast(int, revision_id))
    return rows[-1].id if len(rows) == BATCH else None


JOBS = (
    Job(RENDER_USERS, render_users),
    Job(RENDER_OUTDATED, render_outdated, cron="23 * * * *"),
)
