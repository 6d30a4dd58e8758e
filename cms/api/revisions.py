"""Bringing an old revision back."""

import msgspec

from cms.api.routing import post
from cms.database.work import UnitOfWork
from cms.fields.restoring import restore


class RestoredOut(msgspec.Struct, frozen=True):
    """The post after it; `revision_id` is its working revision now, which is the one that it had
    before when the two say the same."""

    post_id: int
    revision_id: int | None
    version_number: int


@post(
    "/posts/{post_id:int}/revisions/{revision_id:int}/restore",
    action="post.edit",
    resource="post",
    status_code=200,
)
async def restore_revision(work: UnitOfWork, post_id: int, revision_id: int) -> RestoredOut:
    """Title, text, excerpt and fields of an old revision become those of a new one. What readers
    see changes as with any other save."""
    found = await restore(work, post_id, revision_id)
    return RestoredOut(found.id, found.working_revision_id, found.version_number)
