"""The rules of `permissions` as SQL: a list filters by them, it never decides row by row."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, true

from cms.content.models import Post
from cms.content.permissions import reads_published
from cms.content.statuses import Status
from cms.kernel.actors import Actor
from cms.kernel.declarations import PostType


def readable(actor: Actor, post_type: PostType, row: type[Post] = Post) -> ColumnElement[bool]:
    """The rows for which `may_read` says yes; `row` may be an alias of posts."""
    is_published = row.status == Status.PUBLISH.value
    public = is_published if reads_published(actor, post_type) else false()
    if actor.is_anonymous:
        return public
    is_private = row.status == Status.PRIVATE.value
    own = row.author_id == actor.user_id
    private = and_(is_private, or_(own, _having(actor, post_type, "read_private")))
    return or_(public, private, and_(not_(is_private), editable(actor, post_type, row)))


def readable_of_any(actor: Actor, post_types: Iterable[PostType]) -> ColumnElement[bool]:
    """The same for posts of several types."""
    return or_(
        false(),
        *(and_(Post.post_type == one.name, readable(actor, one)) for one in post_types),
    )


def editable(actor: Actor, post_type: PostType, row: type[Post] = Post) -> ColumnElement[bool]:
    """The rows for which `may_edit` says yes."""
    if actor.is_anonymous:
        return false()
    status = func.coalesce(row.trashed_status, row.status)
    is_published = status.in_([one.value for one in Status if one.is_published])
    is_private = status == Status.PRIVATE.value
    own = row.author_id == actor.user_id
    may_published = _having(actor, post_type, "edit_published")
    return or_(
        and_(own, is_published, may_published),
        and_(own, not_(is_published), _having(actor, post_type, "edit")),
        and_(
            not_(own),
            _having(actor, post_type, "edit_others"),
            or_(not_(is_published), may_published),
            or_(not_(is_private), _having(actor, post_type, "edit_private")),
        ),
    )


def editable_in(actor: Actor, post_type: PostType, status: Status) -> ColumnElement[bool]:
    """The same for posts of one status, which decides most of it before the first row is read: a
    walk along an index ends at once where there is nothing to find."""
    if actor.is_anonymous:
        return false()
    if status is Status.TRASH:
        # What such a post was before is known by its row only.
        return editable(actor, post_type)
    may_published = not status.is_published or actor.has(post_type.capability("edit_published"))
    may_private = status is not Status.PRIVATE or actor.has(post_type.capability("edit_private"))
    others = actor.has(post_type.capability("edit_others")) and may_published and may_private
    verb = "edit_published" if status.is_published else "edit"
    own = actor.has(post_type.capability(verb))
    if own and others:
        return true()
    is_own = Post.author_id == actor.user_id
    return is_own if own else not_(is_own) if others else false()


def _having(actor: Actor, post_type: PostType, verb: str) -> ColumnElement[bool]:
    return true() if actor.has(post_type.capability(verb)) else false()
