"""What stands between a text and a status: nobody has to guess why a button does nothing."""

from collections.abc import Sequence

from cms.content import posts
from cms.content.events import Transition
from cms.content.models import Post
from cms.content.permissions import may_edit, may_publish
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.objections import Objection

_STEPS = {Status.PENDING: "submit"}


async def obstacles(
    work: UnitOfWork, post: Post, content_hash: str, statuses: Sequence[Status]
) -> dict[Status, list[Objection]]:
    """Every objection to bringing the working text, which has this hash, to each of the statuses:
    of the actor's roles and of every guard. Nothing moves."""
    found = {}
    for to in statuses:
        move = Transition(
            post_id=post.id,
            revision_id=post.working_revision_id or 0,
            content_hash=content_hash,
            from_status=Status(post.status),
            to_status=to,
        )
        found[to] = [*_rights(work, post, to), *await work.objections(move)]
    return found


def _rights(work: UnitOfWork, post: Post, to: Status) -> list[Objection]:
    post_type = posts.type_of(work, post)
    may = may_edit(work.actor, post_type, post)
    if to is not Status.PENDING:
        may = may and may_publish(work.actor, post_type)
    if may:
        return []
    step = _STEPS.get(to, "publish")
    return [
        Objection(
            "role.may_not",
            f"Your roles do not let you {step} this post.",
            f"Ask somebody who may {step} it, or an administrator for the role.",
        )
    ]
