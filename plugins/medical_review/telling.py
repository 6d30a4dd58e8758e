"""Who is told of what happens to a text before it is published: reviewers that it waits, those
whose text it is what came of it, and everybody who is called in its discussion."""

from functools import partial

from sqlalchemy import select, text

from cms.kernel.hooks import Hooks
from cms.kernel.work import Work
from cms.notices.models import Notice
from cms.notices.telling import tell
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.discussion.events import PersonMentioned, RemarkWritten
from plugins.medical_review.messages import (
    APPROVED,
    MENTIONED,
    REMARKED,
    SENT_BACK,
    TO_REVIEW,
)
from plugins.medical_review.reviewing.deciding import APPROVE
from plugins.medical_review.reviewing.events import ReviewDecided, ReviewOpened
from plugins.medical_review.reviewing.models import State
from plugins.professional_registry.permissions import holders

# Its author, who wrote and who edited the working text, and who answers for it.
_PARTIES = text(
    """
    select p.author_id, r.author_id as writer_id, r.editor_id,
           (r.parts -> :part ->> :responsible)::bigint as responsible_id
    from cms.posts p
    join cms.revisions r on r.tenant_id = p.tenant_id and r.id = p.working_revision_id
    where p.tenant_id = :tenant and p.id = :post
    """
)
_ENDED = {State.APPROVED.value: APPROVED, State.SENT_BACK.value: SENT_BACK}


def connect(hooks: Hooks) -> None:
    hooks.observe(ReviewOpened, tell_of_opening)
    hooks.observe(ReviewDecided, tell_of_decision)
    hooks.observe(PersonMentioned, tell_of_mention)
    hooks.observe(RemarkWritten, tell_of_remark)


async def tell_of_opening(work: Work, event: ReviewOpened) -> None:
    """Whoever may decide learns that a text waits, unless she has a part in it."""
    able = {one.user_id for one in await holders(work, [APPROVE])}
    people = able - await _parties(work, event.post_id) - {work.actor.user_id}
    facts = {"review_id": event.review_id, "post_id": event.post_id}
    await tell(work, TO_REVIEW.slug, people, facts, key=str(event.review_id))


async def tell_of_decision(work: Work, event: ReviewDecided) -> None:
    """Those whose text it is learn what came of the review, once something has: one of several
    voices that a review needs is not its end."""
    ended = _ENDED.get((event.after or {}).get("state", ""))
    if ended is not None:
        facts = {"review_id": event.review_id, "post_id": event.post_id}
        people = await _parties(work, event.post_id) - {work.actor.user_id}
        await tell(work, ended.slug, people, facts, key=str(event.review_id))


async def tell_of_mention(work: Work, event: PersonMentioned) -> None:
    """Whoever is called learns where."""
    facts = {"comment_id": event.comment_id, "post_id": event.post_id}
    await tell(work, MENTIONED.slug, [event.user_id], facts, key=str(event.comment_id))


async def tell_of_remark(work: Work, event: RemarkWritten) -> None:
    """Those whose text it is learn that somebody has commented on it."""
    # At the end: whom the comment calls is known by then, and is not told of it twice.
    if type(event) is RemarkWritten:
        work.before_commit(f"remark {event.comment_id}", partial(_tell_parties, work, event))


async def _tell_parties(work: Work, event: RemarkWritten) -> None:
    called = await work.all(
        select(Notice.user_id).where(
            Notice.tenant_id == work.tenant_id,
            Notice.kind == MENTIONED.slug,
            Notice.about_id == event.comment_id,
        )
    )
    people = await _parties(work, event.post_id) - {work.actor.user_id}
    facts = {"comment_id": event.comment_id, "post_id": event.post_id}
    others = people - {row.user_id for row in called}
    await tell(work, REMARKED.slug, others, facts, key=str(event.comment_id))


async def _parties(work: Work, post_id: int) -> set[int]:
    """Those who have a part in the working text."""
    of = {"tenant": work.tenant_id, "post": post_id, "part": PART, "responsible": RESPONSIBLE}
    row = await work.one(_PARTIES, of)
    return {one for one in row if one is not None} if row else set()
