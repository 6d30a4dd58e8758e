"""An approval does not count for ever: not beyond its time, and not after a review was reopened."""

from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import cast

from cms.content import posts
from cms.content.events import Inherited, Transition
from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork
from plugins.medical_review.aftercare import reopening, upkeep
from plugins.medical_review.aftercare.models import Reopening
from plugins.medical_review.aftercare.risks import kind_of
from plugins.medical_review.aftercare.rules import rules_of
from plugins.medical_review.aftercare.steps import today_of
from plugins.medical_review.articles.kinds import is_reviewed
from plugins.medical_review.reviewing.approvals import current_approval
from plugins.medical_review.reviewing.models import DecisionRecord

# The shortest interval is a month: what was approved since needs no look at the rules.
_SURELY_FRESH = timedelta(days=28)

_WHY = {
    "overdue": "its periodic review is overdue",
    "licence": "a professional whom it stands on lost the right to sign",
    "reference": "one of its references was retracted",
    "asked": "a new review was asked for",
    "planned": "its first review here was planned",
}
_AGAIN = "Have it reviewed again (POST /api/v1/reviews/of-post/{post_id}/again) and approved."


async def approval_still_counts(work: ReadableWork, move: Transition) -> AsyncIterator[Objection]:
    """The approval must be newer than every reason to doubt it. An import never replaces a text
    that was reviewed here."""
    if not move.publishes:
        return
    post = await posts.get(cast(UnitOfWork, work), move.post_id)
    if not is_reviewed(work, post.post_type):
        return
    if isinstance(move, Inherited):
        async for objection in _reviewed_here(work, post):
            yield objection
        return
    given = await current_approval(work, post.id, bytes.fromhex(move.content_hash))
    if given is None:
        return
    for objection in _reopened(given, await reopening.open_of(work, post.id)):
        yield objection
    async for objection in _expired(work, move, given):
        yield objection


async def _reviewed_here(work: ReadableWork, post: Post) -> AsyncIterator[Objection]:
    if post.live_revision_id is None:
        return
    live = await posts.revision(cast(UnitOfWork, work), post.id, post.live_revision_id)
    if await current_approval(work, post.id, live.content_hash) is not None:
        yield Objection(
            "review.reviewed_here",
            "Readers have a text that was reviewed here; an import does not replace it.",
            "The imported text is kept as the working one: submit it (status pending).",
        )


def _reopened(given: DecisionRecord, opened: list[Reopening]) -> Iterator[Objection]:
    for one in opened:
        if one.opened_at >= given.decided_at:
            yield Objection(
                "review.reopened",
                f"The approval of {given.decided_at:%Y-%m-%d} counts no longer: "
                f"{_WHY[one.reason]} since {one.opened_at:%Y-%m-%d}.",
                _AGAIN.format(post_id=one.post_id),
            )


async def _expired(
    work: ReadableWork, move: Transition, given: DecisionRecord
) -> AsyncIterator[Objection]:
    if given.decided_at > work.now - _SURELY_FRESH:
        return
    rules = await rules_of(work)
    known = await upkeep.of_post(work, move.post_id)
    if known is not None and known.reviewed_at == given.decided_at:
        due: date = known.due_on
    else:
        kind = await kind_of(work, move.post_id, move.revision_id)
        due = rules.due_after(given.decided_at.astimezone(work.tenant.zone).date(), kind)
    if due + timedelta(days=rules.grace_days) <= today_of(work):
        yield Objection(
            "review.expired",
            f"The approval of {given.decided_at:%Y-%m-%d} counted until {due}.",
            _AGAIN.format(post_id=move.post_id),
        )
