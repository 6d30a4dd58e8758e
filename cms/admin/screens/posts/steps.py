"""The steps that a post can take from where it stands, as buttons with words."""

from collections.abc import Mapping
from typing import NamedTuple

from cms.admin.translating import N_
from cms.content import posts
from cms.content.models import Post
from cms.content.permissions import may_delete, may_publish
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.declarations import PostType

SAVE, SUBMIT, PUBLISH, PRIVATE, DRAFT = "save", "submit", "publish", "private", "draft"
TRASH, RESTORE = "trash", "restore"

TARGETS: Mapping[str, Status] = {
    SUBMIT: Status.PENDING,
    PUBLISH: Status.PUBLISH,
    PRIVATE: Status.PRIVATE,
    DRAFT: Status.DRAFT,
    TRASH: Status.TRASH,
    RESTORE: Status.DRAFT,
}


class Button(NamedTuple):
    """A step. `kind` is the look of its button, `to` the status that it leads to."""

    name: str
    label: str
    kind: str = "is-quiet"

    @property
    def to(self) -> Status | None:
        return TARGETS.get(self.name)


def first_buttons(work: UnitOfWork, post_type: PostType) -> list[Button]:
    """The steps of a post that is not there yet."""
    publish = [Button(PUBLISH, N_("Publish"))] if may_publish(work.actor, post_type) else []
    return [
        Button(SAVE, N_("Save draft"), ""),
        Button(SUBMIT, N_("Submit for review")),
        *([] if post_type.is_reviewed else publish),
    ]


def buttons(work: UnitOfWork, post: Post) -> list[Button]:
    """The steps of a post, the usual one first. What stands in the way of each is told beside."""
    post_type = posts.type_of(work, post)
    status = Status(post.status)
    if status is Status.TRASH:
        return [Button(RESTORE, N_("Take out of the bin"), "")]
    may = may_publish(work.actor, post_type)
    found = [Button(SAVE, _saving(post, post_type, status), "")]
    is_newer = post.live_revision_id not in {None, post.working_revision_id}
    if status in {Status.DRAFT, Status.AUTO_DRAFT} or (post_type.is_reviewed and is_newer):
        found.append(Button(SUBMIT, N_("Submit for review")))
    if may and (status not in {Status.PUBLISH, Status.PRIVATE} or is_newer):
        is_later = posts.is_ahead(work, post)
        found.append(Button(PUBLISH, N_("Schedule") if is_later else N_("Publish")))
    if may and status is not Status.PRIVATE and not post_type.is_reviewed:
        found.append(Button(PRIVATE, N_("Make private")))
    if status not in {Status.DRAFT, Status.AUTO_DRAFT}:
        found.append(Button(DRAFT, N_("Back to draft")))
    if may_delete(work.actor, post_type, post):
        found.append(Button(TRASH, N_("Move to the bin"), "is-danger"))
    return found


def _saving(post: Post, post_type: PostType, status: Status) -> str:
    if status in {Status.DRAFT, Status.AUTO_DRAFT}:
        return N_("Save draft")
    if status.shows_revision and not post_type.is_reviewed:
        return N_("Save for readers")
    return N_("Save")
