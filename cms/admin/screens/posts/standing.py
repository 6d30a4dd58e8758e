"""The panel beside a text: where it stands, what readers have of it, and what is in the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.panels import panels_of
from cms.admin.routing import screen
from cms.admin.screens.posts.labels import STATUSES
from cms.admin.screens.posts.steps import Button, buttons
from cms.content import posts, schedule
from cms.content.models import Post, Revision
from cms.content.obstacles import obstacles
from cms.content.permissions import may_edit, require
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.objections import Objection

_FORWARD = (Status.PENDING, Status.PUBLISH)


@dataclass(frozen=True)
class Way:
    """A step forward, and everything that stands in its way; nothing means that it is free."""

    label: str
    objections: Sequence[Objection]


async def standing(work: UnitOfWork, page: Page, post: Post, revision: Revision) -> dict[str, Any]:
    """What the panel shows of a post for who may edit it."""
    offered = buttons(work, post)
    return {
        "post": post,
        "label": STATUSES[Status(post.status)],
        "plan": await schedule.of_post(work, post.id) if post.status == Status.FUTURE else None,
        "live_at": await _live_at(work, post),
        "buttons": offered,
        "ways": await _ways(work, post, revision, offered),
        "panels": await panels_of(page, "post.edit", post=post, revision=revision),
    }


async def _live_at(work: UnitOfWork, post: Post) -> Any:
    """When the text was written that readers have while another one is worked on."""
    if post.live_revision_id in {None, post.working_revision_id}:
        return None
    return (await posts.revision(work, post.id, post.live_revision_id or 0)).created_at


async def _ways(
    work: UnitOfWork, post: Post, revision: Revision, offered: Sequence[Button]
) -> list[Way]:
    forward = [(one.label, one.to) for one in offered if one.to in _FORWARD]
    statuses = [to for _, to in forward if to is not None]
    found = await obstacles(work, post, revision.content_hash.hex(), statuses)
    return [Way(label, found[to]) for label, to in forward if to is not None]


async def edited(work: UnitOfWork, post_id: int, *, locked: bool = False) -> Post:
    """The post for who may edit it."""
    post = await (posts.lock if locked else posts.get)(work, post_id)
    require(
        may_edit(work.actor, posts.type_of(work, post), post),
        "post.edit",
        "Sorry, you are not allowed to edit this post.",
    )
    return post


async def working(work: UnitOfWork, post: Post) -> Revision:
    """The text that its editors work on."""
    return await posts.revision(work, post.id, post.working_revision_id or 0)


@screen("/admin/posts/{post_id:int}/standing", action="post.edit", resource="post")
async def show_standing(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """The panel alone, as it is now."""
    post = await edited(work, post_id)
    facts = await standing(work, page, post, await working(work, post))
    return page.render("posts/standing.html", **facts)


STANDING_SCREENS: list[Any] = [show_standing]
