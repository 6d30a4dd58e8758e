"""Several posts go live at once, or none of them does: texts that point to each other."""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import msgspec

from cms.content import posts, transitions
from cms.content.events import Transition
from cms.content.models import Post
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork

MOST = 20

_along: WeakKeyDictionary[Any, frozenset[int]] = WeakKeyDictionary()


class Hindered(msgspec.Struct, frozen=True):
    """A post of the set with what stands in its way."""

    post_id: int
    objections: list[Objection]


class SetRefused(Conflict):
    """One post of the set may not be published, so none was."""

    slug = "set-refused"
    is_refusal = True

    def __init__(self, hindered: Sequence[Hindered]) -> None:
        listed = ", ".join(str(one.post_id) for one in hindered)
        super().__init__(
            f"None of the texts was published: something stands in the way of {listed}. Mend what "
            "is listed for each, or leave it out of the set.",
            code="set.refused",
            posts=msgspec.to_builtins(list(hindered)),
        )


def goes_along(work: ReadableWork) -> frozenset[int]:
    """The posts that this very transaction publishes, all or none."""
    return _along.get(work, frozenset())


async def publish_set(work: UnitOfWork, post_ids: Sequence[int]) -> list[Post]:
    """Publish each of these posts by the rules of each, in one transaction. SetRefused has every
    objection to every one of them; InvalidInput what is no set."""
    _refuse_no_set(post_ids)
    # In one order, so that two sets that share posts wait for each other and not for ever.
    found = [await posts.lock(work, post_id) for post_id in sorted(post_ids)]
    _refuse_dated(work, found)
    _along[work] = frozenset(post_ids)
    moving = [post for post in found if await transitions.needs_move(work, post, Status.PUBLISH)]
    hindered = [
        Hindered(post.id, objections)
        for post in moving
        if (objections := await work.objections(await _move_of(work, post)))
    ]
    if hindered:
        raise SetRefused(hindered)
    for post in moving:
        await transitions.move(work, post, Status.PUBLISH)
    return found


def _refuse_no_set(post_ids: Sequence[int]) -> None:
    fault = ""
    if not 1 <= len(post_ids) <= MOST:
        fault = f"must name between 1 and {MOST} posts"
    elif len(set(post_ids)) < len(post_ids):
        fault = "must name each post once"
    if fault:
        raise InvalidInput({"post_ids": fault})


def _refuse_dated(work: UnitOfWork, found: Sequence[Post]) -> None:
    faults = {
        f"post {post.id}": "has a date that is still to come; change it, or schedule the post alone"
        for post in found
        if transitions.by_date(work, post, Status.PUBLISH) is not Status.PUBLISH
    }
    if faults:
        raise InvalidInput(faults)


async def _move_of(work: UnitOfWork, post: Post) -> Transition:
    revision = await posts.revision(work, post.id, post.working_revision_id or 0)
    return Transition(
        post_id=post.id,
        revision_id=revision.id,
        content_hash=revision.content_hash.hex(),
        from_status=Status(post.status),
        to_status=Status.PUBLISH,
    )
