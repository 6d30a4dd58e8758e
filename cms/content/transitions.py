"""Moving a post from one status to another. Guards may object; then nothing has changed."""

import msgspec

from cms.content import posts, schedule
from cms.content.counting import count_move
from cms.content.dates import at_site
from cms.content.events import Inherited, Transition
from cms.content.models import Post
from cms.content.naming import TRASHED, free_slug, without_trashed
from cms.content.permissions import may_delete, may_edit, may_publish, require
from cms.content.saving import IMPORTED
from cms.content.showing import show_revision, unlist
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import Conflict, Forbidden
from cms.kernel.actors import IMPORTER
from cms.kernel.declarations import PostType


async def move(work: UnitOfWork, post: Post, to: Status) -> Post:
    """Bring a locked post to the status: submit, publish now or when its date comes, withdraw, or
    make it private."""
    to = by_date(work, post, to)
    post_type = posts.type_of(work, post)
    _require_rights(work, post_type, post, to)
    transition = _transition(post, to, await _working_hash(work, post))
    if transition.publishes:
        action = "post.publish_reviewed" if post_type.is_reviewed else "post.publish"
        await work.decide(action, "post", post.id, posts.facts(post))
    elif transition.submits:
        await work.decide("post.submit", "post", post.id, posts.facts(post))
    await work.check(transition)
    if _hands_over_changes(post_type, post, transition):
        await work.emit(_while_live(post, transition))
    else:
        await _apply(work, post, transition)
    return post


def _hands_over_changes(post_type: PostType, post: Post, transition: Transition) -> bool:
    """Whether the new text of a live post is submitted. Readers keep the live one until the new one
    is approved; taking the post from them would be a withdrawal, which `draft` asks for."""
    is_changed = post.live_revision_id not in {None, post.working_revision_id}
    return transition.submits and post_type.is_reviewed and is_changed


def _while_live(post: Post, transition: Transition) -> Transition:
    unchanged = {"status": post.status, "live_revision": post.live_revision_id}
    return msgspec.structs.replace(transition, before=unchanged, after=unchanged)


def by_date(work: UnitOfWork, post: Post, to: Status) -> Status:
    """What asking for the status means at the post's date: `publish` ahead of it is `future`, and
    `future` whose time has come is `publish`, as in WordPress."""
    if to in {Status.PUBLISH, Status.FUTURE}:
        return Status.FUTURE if posts.is_ahead(work, post) else Status.PUBLISH
    return to


async def inherit(work: UnitOfWork, post: Post, to: Status) -> Post:
    """Show readers a locked post of a reviewed type as they had it on another site. The door is as
    narrow as its need: only the import's own actor, only a text that it brought, only a post that
    has never had another live text."""
    if work.actor is not IMPORTER:
        raise Forbidden(
            "Only an import shows a text as it was elsewhere. Submit it for review.",
            action="post.inherit",
        )
    revision = await posts.revision(work, post.id, post.working_revision_id or 0)
    live = await _live_kind(work, post)
    if revision.kind != IMPORTED or live not in {None, IMPORTED} or not to.shows_revision:
        raise Conflict("This text has a history here: submit it for review.", code="not_inherited")
    moved = _transition(post, to, revision.content_hash.hex())
    inherited = Inherited(**msgspec.structs.asdict(moved))
    await work.decide("post.inherit", "post", post.id, posts.facts(post))
    await work.check(inherited)
    await _apply(work, post, inherited)
    return post


async def _live_kind(work: UnitOfWork, post: Post) -> str | None:
    if post.live_revision_id is None:
        return None
    return (await posts.revision(work, post.id, post.live_revision_id)).kind


async def needs_move(work: UnitOfWork, post: Post, to: Status) -> bool:
    """Whether asking for this status changes anything: another status, a working head that is not
    the live one, or another time. Who sets the time answers for what is published then."""
    to = by_date(work, post, to)
    if Status(post.status) is not to:
        return True
    if to is Status.FUTURE:
        plan = await schedule.of_post(work, post.id)
        return plan is None or plan.refused_at is not None or plan.publish_at != post.date_gmt
    return to.shows_revision and post.live_revision_id != post.working_revision_id


async def trash(work: UnitOfWork, post: Post) -> Post:
    """Put the post into the bin; its slug becomes free."""
    post_type = posts.type_of(work, post)
    require(
        may_delete(work.actor, post_type, post),
        "post.delete",
        "Sorry, you are not allowed to delete this post.",
    )
    if Status(post.status) is Status.TRASH:
        raise Conflict("The post has already been deleted.", code="rest_already_trashed")
    await work.decide("post.delete", "post", post.id, posts.facts(post))
    transition = _transition(post, Status.TRASH, await _working_hash(work, post))
    await work.check(transition)
    post.trashed_status = post.status
    await _apply(work, post, transition)
    return post


def _require_rights(work: UnitOfWork, post_type: PostType, post: Post, to: Status) -> None:
    require(
        may_edit(work.actor, post_type, post),
        "post.edit",
        "Sorry, you are not allowed to edit this post.",
    )
    if to in {Status.PUBLISH, Status.FUTURE, Status.PRIVATE}:
        require(
            may_publish(work.actor, post_type),
            "post.publish",
            "Sorry, you are not allowed to publish posts in this post type.",
        )


async def _working_hash(work: UnitOfWork, post: Post) -> str:
    revision = await posts.revision(work, post.id, post.working_revision_id or 0)
    return revision.content_hash.hex()


def _transition(post: Post, to: Status, content_hash: str) -> Transition:
    return Transition(
        post_id=post.id,
        revision_id=post.working_revision_id or 0,
        content_hash=content_hash,
        from_status=Status(post.status),
        to_status=to,
        before={"status": post.status, "live_revision": post.live_revision_id},
        after={
            "status": to.value,
            "live_revision": post.working_revision_id if to.shows_revision else None,
        },
    )


async def _apply(work: UnitOfWork, post: Post, transition: Transition) -> None:
    to = transition.to_status
    post.status = to.value
    await count_move(work, post, transition.from_status, to)
    if transition.from_status is Status.TRASH:
        await _leave_bin(work, post)
    posts.touch(work, post)
    if to.shows_revision:
        await _show(work, post, transition.revision_id)
    elif to is Status.TRASH:
        await unlist(work, post)
        post.slug = await free_slug(work, post, f"{post.slug}{TRASHED}") if post.slug else ""
    else:
        await _withdraw(work, post, transition)
    if to is Status.FUTURE:
        await schedule.plan(work, post)
    elif transition.from_status is Status.FUTURE:
        await schedule.drop(work, post)
    await work.emit(transition)


async def _show(work: UnitOfWork, post: Post, revision_id: int) -> None:
    if post.is_date_floating:
        post.date_gmt, post.is_date_floating = work.now, False
        post.date_local = at_site(work.now, work.tenant.zone)
    revision = await posts.revision(work, post.id, revision_id)
    await show_revision(work, post, revision, live=True)


async def _withdraw(work: UnitOfWork, post: Post, transition: Transition) -> None:
    # Of a live post with a newer head, and of one from the bin, lists and search know another text.
    shows_other = post.live_revision_id not in {None, transition.revision_id}
    await unlist(work, post)
    is_named_anew = Status.TRASH is transition.from_status or Status.FUTURE is transition.to_status
    if shows_other or is_named_anew:
        revision = await posts.revision(work, post.id, transition.revision_id)
        await show_revision(work, post, revision, live=False)


async def _leave_bin(work: UnitOfWork, post: Post) -> None:
    """From now on the post has the rights of its own status again, and its old address if it is
    still free."""
    post.trashed_status = None
    if post.slug:
        post.slug = await free_slug(work, post, without_trashed(post.slug))
