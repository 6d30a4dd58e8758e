"""WordPress's meta capabilities: which primitive ones an act on this very post needs."""

from typing import Protocol

from cms.content.statuses import Status
from cms.errors import CapabilityMissing
from cms.kernel.actors import Actor
from cms.kernel.declarations import PostType


class Owned(Protocol):
    """What a permission looks at: a post row, or a view of one."""

    author_id: int
    status: str
    trashed_status: str | None


def needed_to_edit(post_type: PostType, post: Owned, user_id: int | None) -> set[str]:
    """Capabilities for `edit_post` (map_meta_cap, WordPress 6.1)."""
    return _needed("edit", post_type, post, user_id)


def needed_to_delete(post_type: PostType, post: Owned, user_id: int | None) -> set[str]:
    """Capabilities for `delete_post`."""
    return _needed("delete", post_type, post, user_id)


def _needed(verb: str, post_type: PostType, post: Owned, user_id: int | None) -> set[str]:
    status = Status(post.trashed_status or post.status)
    if post.author_id == user_id:
        suffix = "_published" if status.is_published else ""
        return {post_type.capability(f"{verb}{suffix}")}
    needed = {post_type.capability(f"{verb}_others")}
    if status.is_published:
        needed.add(post_type.capability(f"{verb}_published"))
    elif status is Status.PRIVATE:
        needed.add(post_type.capability(f"{verb}_private"))
    return needed


def may_edit(actor: Actor, post_type: PostType, post: Owned) -> bool:
    return _has_all(actor, needed_to_edit(post_type, post, actor.user_id))


def may_delete(actor: Actor, post_type: PostType, post: Owned) -> bool:
    return _has_all(actor, needed_to_delete(post_type, post, actor.user_id))


def may_publish(actor: Actor, post_type: PostType) -> bool:
    return actor.has(post_type.capability("publish"))


def may_read(actor: Actor, post_type: PostType, post: Owned) -> bool:
    """Published is for everyone; private for its author and those who read private ones; anything
    else for those who may edit it."""
    status = Status(post.status)
    if status.is_public:
        return reads_published(actor, post_type) or may_edit(actor, post_type, post)
    if status is Status.PRIVATE and not actor.is_anonymous:
        return post.author_id == actor.user_id or actor.has(post_type.capability("read_private"))
    return may_edit(actor, post_type, post)


def reads_published(actor: Actor, post_type: PostType) -> bool:
    """Whether the actor reads every published post of the type."""
    if post_type.is_public or post_type.is_open:
        return True
    return not actor.is_anonymous and actor.has(post_type.capabilities.get("read", ""))


def may_create(actor: Actor, post_type: PostType) -> bool:
    """What makes a post of the type: its capability to edit, or one of its own."""
    wanted = post_type.capabilities.get("create") or post_type.capability("edit")
    return not actor.is_anonymous and actor.has(wanted)


def require(allowed: bool, action: str, message: str) -> None:
    """Raise CapabilityMissing for the action unless allowed."""
    if not allowed:
        raise CapabilityMissing(message, action=action)


def _has_all(actor: Actor, capabilities: set[str]) -> bool:
    return not actor.is_anonymous and all(actor.has(name) for name in capabilities)
