"""Before a text moves, the registration of whoever answers for it is brought up to date."""

from typing import cast

from cms.content import posts
from cms.content.events import Transition
from cms.database.work import UnitOfWork
from cms.kernel.work import Work
from plugins.medical_review.articles.kinds import PART, is_reviewed
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.professional_registry.freshness import Step, bring_up_to_date


async def renew_responsible(work: Work, move: Transition) -> None:
    """Ask the register again if its last answer is too old for this step, and hold the registration
    until the end, so that nobody publishes over a loss that is being written."""
    if not (move.publishes or move.submits):
        return
    # Both rows were read before in this work; nothing is asked of the database for other types.
    real = cast(UnitOfWork, work)
    post = await posts.get(real, move.post_id)
    if not is_reviewed(work, post.post_type):
        return
    revision = await posts.revision(real, post.id, move.revision_id)
    person = revision.parts.get(PART, {}).get(RESPONSIBLE)
    if person is not None:
        await bring_up_to_date(work, person, Step.PUBLISH if move.publishes else Step.SUBMIT)
