"""No text goes live that points into nothing, or that shows another picture than was approved."""

from collections.abc import AsyncIterator
from typing import cast

from cms.content import posts
from cms.content.events import Inherited, Transition
from cms.database.work import UnitOfWork
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import is_reviewed
from plugins.medical_review.publishing.targets import Target, look
from plugins.medical_review.settings import ReviewSettings

# So many are named in a message; the list of targets has them all.
MOST_NAMED = 10


async def targets_are_shown(work: ReadableWork, move: Transition) -> AsyncIterator[Objection]:
    """Everything that the text points to and readers cannot get, and every file that was replaced.
    What was public elsewhere is not held up by it."""
    if not move.publishes or isinstance(move, Inherited):
        return
    # Read by whoever moves it; nothing is asked of the database.
    post = await posts.get(cast(UnitOfWork, work), move.post_id)
    if not is_reviewed(work, post.post_type):
        return
    found = await look(work, move.post_id, move.revision_id, move.to_status)
    if found.changed:
        listed = ", ".join(map(str, found.changed))
        yield Objection(
            "article.media_changed",
            f"Another file stands behind media {listed} than the one that was approved.",
            "Save the text again, look at the picture, and submit it.",
        )
    if found.unpublished and work.settings(ReviewSettings).unpublished_targets == "block":
        yield Objection(
            "article.unpublished_targets",
            f"Readers cannot get what the text points to: {_named(found.unpublished)}.",
            "Publish these first, publish all of them at once (POST /api/v1/reviews/publish-set), "
            "or take them out of the text.",
        )


def _named(targets: tuple[Target, ...]) -> str:
    named = [
        f"{target.kind.value.replace('_', ' ')} {target.post_id} ({target.status})"
        for target in targets[:MOST_NAMED]
    ]
    more = len(targets) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")
