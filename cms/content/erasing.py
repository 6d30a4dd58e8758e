"""Deleting a post for good: its row, its revisions and what was rendered of them, its comments. The
trail keeps that it was there, by its id and the hash of its text.

What readers had of a reviewed type stays, in the bin: that a text was there, what it said and who
approved it is evidence.
"""

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from cms.content import posts, transitions
from cms.content.comment_models import Comment
from cms.content.events import PostErased, PropertiesChanged
from cms.content.models import Post
from cms.content.naming import free_slug
from cms.content.permissions import may_delete, require
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import Conflict
from cms.kernel.declarations import PostType

_CODE = "rest_cannot_delete"


async def erase(work: UnitOfWork, post: Post) -> None:
    """Delete a locked post for good. Conflict for what must be kept, TransitionRefused when a
    plugin holds something about it. What hung on it moves up; attachments of what was not public
    become private, so that nobody finds them for losing their post."""
    post_type = posts.type_of(work, post)
    require(
        may_delete(work.actor, post_type, post),
        "post.delete",
        "Sorry, you are not allowed to delete this post.",
    )
    await work.decide("post.delete", "post", post.id, posts.facts(post))
    refuse_evidence(post_type, post)
    told = await _told(work, post)
    await work.check(told)
    was_public = Status(post.trashed_status or post.status).is_public
    if Status(post.status) is not Status.TRASH:
        await transitions.trash(work, post)
    await _move_up(work, post, was_public=was_public)
    await work.session.flush()
    await work.execute(
        delete(Comment).where(Comment.tenant_id == work.tenant_id, Comment.post_id == post.id)
    )
    await _remove(work, post)
    await work.emit(told)


def refuse_evidence(post_type: PostType, post: Post) -> None:
    """Conflict for a text of a reviewed type that readers have had."""
    if post_type.is_reviewed and post.has_been_live:
        raise Conflict(
            f"Readers have had this text, and texts of the reviewed type {post_type.name!r} that "
            "were published are kept as evidence. Leave out 'force' to keep it in the bin, where "
            "readers do not find it.",
            code=_CODE,
            rule="reviewed_text_was_published",
        )


async def _told(work: UnitOfWork, post: Post) -> PostErased:
    revision = await posts.revision(work, post.id, post.working_revision_id or 0)
    before = {
        "status": post.status,
        "post_type": post.post_type,
        "author_id": post.author_id,
        "terms": sorted(term for ids in revision.terms.values() for term in ids),
    }
    return PostErased(
        post_id=post.id, content_hash=revision.content_hash.hex(), before=before, after=None
    )


async def _move_up(work: UnitOfWork, post: Post, *, was_public: bool) -> None:
    rows = await work.all(
        select(Post)
        .where(Post.tenant_id == work.tenant_id, Post.parent_id == post.id)
        .order_by(Post.id)
        .with_for_update(key_share=True)
    )
    for (child,) in rows:
        before = {"parent_id": child.parent_id, "slug": child.slug, "status": child.status}
        child.parent_id = post.parent_id
        if child.slug:
            child.slug = await free_slug(work, child, child.slug)
        # Only attachments inherit: alone this one would be public.
        if Status(child.status) is Status.INHERIT and not (was_public or post.parent_id):
            child.status = Status.PRIVATE.value
        after = {name: getattr(child, name) for name in before}
        changed = {name for name in before if before[name] != after[name]}
        await work.emit(
            PropertiesChanged(
                post_id=child.id,
                before={name: before[name] for name in changed},
                after={name: after[name] for name in changed},
            )
        )


async def _remove(work: UnitOfWork, post: Post) -> None:
    """By a function of the database: no request has the right to remove a revision."""
    try:
        row = await work.one(select(func.cms.erase_post(post.id).label("is_gone")))
    except IntegrityError as referred:
        raise Conflict(
            "Something of this site still refers to this post, so it cannot be deleted for good. "
            "Leave out 'force' to keep it in the bin.",
            code=_CODE,
        ) from referred
    if not row.is_gone:
        raise Conflict("The post is in use by somebody else. Try again.", code=_CODE)
    work.session.expunge(post)
