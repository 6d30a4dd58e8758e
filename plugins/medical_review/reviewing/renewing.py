"""Before a text moves, the registrations of those who answer for it are brought up to date: of its
professional, and at its publication of everybody who approved it."""

from typing import cast

from cms.content import posts
from cms.content.events import Transition
from cms.database.work import UnitOfWork
from cms.kernel.work import Work
from plugins.medical_review.articles.kinds import PART, is_reviewed
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing.voices import approvers_of
from plugins.professional_registry.freshness import Step, bring_all_up_to_date


async def renew_responsible(work: Work, move: Transition) -> None:
    """Ask the register again if its last answer is too old for this step, and hold the
    registrations until the end, so that nobody publishes over a loss that is being written."""
    if not (move.publishes or move.submits):
        return
    # Both rows were read before in this work; nothing is asked of the database for other types.
    real = cast(UnitOfWork, work)
    post = await posts.get(real, move.post_id)
    if not is_reviewed(work, post.post_type):
        return
    revision = await posts.revision(real, post.id, move.revision_id)
    person = revision.parts.get(PART, {}).get(RESPONSIBLE)
    people = set() if person is None else {person}
    if move.publishes:
        people |= set(await approvers_of(work, post.id, revision.content_hash))
    await bring_all_up_to_date(work, people, Step.PUBLISH if move.publishes else Step.SUBMIT)
