"""What still stands between a text and its readers, so that nobody has to guess why "publish" is
grey."""

from dataclasses import dataclass

from cms.content import posts
from cms.content.obstacles import obstacles
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.objections import Objection
from plugins.medical_review.reviewing.reading import reviewed_post


@dataclass(frozen=True)
class Blockers:
    """The objections to each of the two steps, for the working text as it is now."""

    content_hash: str
    submit: list[Objection]
    publish: list[Objection]


async def blockers(work: UnitOfWork, post_id: int) -> Blockers:
    """Ask every guard about both steps; nothing moves."""
    post = await reviewed_post(work, post_id)
    revision = await posts.revision(work, post.id, post.working_revision_id or 0)
    content_hash = revision.content_hash.hex()
    found = await obstacles(work, post, content_hash, (Status.PENDING, Status.PUBLISH))
    return Blockers(content_hash, found[Status.PENDING], found[Status.PUBLISH])
