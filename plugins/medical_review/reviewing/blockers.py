"""What still stands between a text and its readers, so that nobody has to guess why "publish" is
grey."""

from dataclasses import dataclass

from cms.content import posts
from cms.content.events import Transition
from cms.content.models import Post
from cms.content.permissions import may_edit, may_publish
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
    found: dict[Status, list[Objection]] = {}
    for to in (Status.PENDING, Status.PUBLISH):
        move = Transition(
            post_id=post.id,
            revision_id=revision.id,
            content_hash=content_hash,
            from_status=Status(post.status),
            to_status=to,
        )
        found[to] = [*_rights(work, post, to), *await work.objections(move)]
    return Blockers(content_hash, found[Status.PENDING], found[Status.PUBLISH])


def _rights(work: UnitOfWork, post: Post, to: Status) -> list[Objection]:
    post_type = posts.type_of(work, post)
    may = may_edit(work.actor, post_type, post)
    if to is Status.PUBLISH:
        may = may and may_publish(work.actor, post_type)
    if may:
        return []
    step = "publish" if to is Status.PUBLISH else "submit"
    return [
        Objection(
            "role.may_not",
            f"Your roles do not let you {step} this post.",
            f"Ask somebody who may {step} it, or an administrator for the role.",
        )
    ]
