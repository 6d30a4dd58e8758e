"""What belongs to a post and to none of its revisions: it takes effect at once."""

from collections.abc import Mapping
from typing import Any

from cms.content import posts
from cms.content.ancestry import refuse_bad_parent
from cms.content.dates import at_site
from cms.content.events import PropertiesChanged
from cms.content.models import Post
from cms.content.naming import free_slug
from cms.content.permissions import require
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.kernel.events import difference

_DATED = frozenset({Status.PUBLISH, Status.FUTURE, Status.PRIVATE})


async def checked(work: UnitOfWork, post: Post, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties as they may be set: a published post always has a date."""
    _refuse_bad_sticky(work, post, wanted)
    if posts.type_of(work, post).is_hierarchical:
        await refuse_bad_parent(work, post, wanted)
    if wanted.get("is_date_floating") and Status(post.status) in _DATED:
        local = at_site(work.now, work.tenant.zone)
        return {**wanted, "is_date_floating": False, "date_gmt": work.now, "date_local": local}
    return wanted


def _refuse_bad_sticky(work: UnitOfWork, post: Post, wanted: Mapping[str, Any]) -> None:
    post_type = posts.type_of(work, post)
    if wanted.get("is_sticky") and not post.is_sticky:
        require(
            work.actor.has(post_type.capability("edit_others"))
            or work.actor.has(post_type.capability("publish")),
            "post.stick",
            "Sorry, you are not allowed to make posts sticky.",
        )
    if wanted.get("is_sticky", post.is_sticky) and wanted.get("password", post.password):
        message = "A post can not be sticky and have a password."
        if "is_sticky" not in wanted:
            message = "A sticky post can not be password protected."
        elif "password" not in wanted:
            message = "A password protected post can not be set to sticky."
        raise InvalidInput({"sticky": message}, codes={"sticky": "rest_invalid_field"})


async def change(work: UnitOfWork, post: Post, asked: Mapping[str, Any]) -> None:
    """Set properties of a locked post. Nothing happens when they are so already."""
    wanted = await checked(work, post, asked)
    old = {name: getattr(post, name) for name in wanted}
    before, after = difference(old, dict(wanted))
    if not after:
        return
    for name, value in after.items():
        setattr(post, name, value)
    if "parent_id" in after and post.slug:
        post.slug = await free_slug(work, post, post.slug)
    posts.touch(work, post)
    await work.emit(
        PropertiesChanged(post_id=post.id, before=_sayable(before), after=_sayable(after))
    )


def _sayable(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the trail keeps them; a post's password is a secret and shows as set or not."""
    said = {name: str(value) if value is not None else None for name, value in values.items()}
    if "password" in said:
        said["password"] = "set" if values["password"] else "not set"
    return said
