"""Who is told of the next review of a text: those whose text it is, and in the end who oversees."""

from datetime import date

from sqlalchemy import text

from cms.kernel.work import Work
from cms.notices.telling import tell
from plugins.medical_review.aftercare import upkeep
from plugins.medical_review.aftercare.events import (
    ReviewEscalated,
    ReviewReminded,
    ReviewReopened,
)
from plugins.medical_review.aftercare.messages import DUE_SOON, ESCALATED, REOPENED
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing.reading import OVERSEE
from plugins.professional_registry.permissions import holders

# Its author, who answers for it, and who approved it as it is.
_PEOPLE = text(
    """
    select p.author_id as id from cms.posts p where p.tenant_id = :tenant and p.id = :post
    union
    select (r.parts -> :part ->> :responsible)::bigint
    from cms.posts p
    join cms.revisions r on r.tenant_id = p.tenant_id
      and r.id = coalesce(p.live_revision_id, p.working_revision_id)
    where p.tenant_id = :tenant and p.id = :post
    union
    select d.reviewer_id
    from cms.posts p
    join cms.revisions r on r.tenant_id = p.tenant_id
      and r.id = coalesce(p.live_revision_id, p.working_revision_id)
    join medical_review.decisions d on d.tenant_id = p.tenant_id and d.post_id = p.id
      and d.content_hash = r.content_hash and d.verdict = 'approve'
    where p.tenant_id = :tenant and p.id = :post
    """
)


async def tell_reminder(work: Work, event: ReviewReminded) -> None:
    """The next review comes near."""
    due_on = await _due_on(work, event.post_id)
    if due_on is None:
        return
    facts = {"post_id": event.post_id, "due_on": due_on, "days": event.days}
    people = await _people(work, event.post_id)
    await tell(work, DUE_SOON.slug, people, facts, key=f"{event.post_id} {due_on} {event.days}")


async def tell_reopening(work: Work, event: ReviewReopened) -> None:
    """The text is judged again."""
    facts = {"post_id": event.post_id, "reason": event.reason.value}
    people = await _people(work, event.post_id)
    await tell(work, REOPENED.slug, people, facts, key=f"{event.reopening_id}")


async def tell_escalation(work: Work, event: ReviewEscalated) -> None:
    """Nobody has done it: who oversees has to know, and those whose text it is."""
    due_on = await _due_on(work, event.post_id)
    if due_on is None:
        return
    overseers = [one.user_id for one in await holders(work, [OVERSEE])]
    people = [*overseers, *await _people(work, event.post_id)]
    facts = {"post_id": event.post_id, "due_on": due_on}
    await tell(work, ESCALATED.slug, people, facts, key=f"{event.post_id} {due_on}")


async def _due_on(work: Work, post_id: int) -> date | None:
    known = await upkeep.of_post(work, post_id)
    return known.due_on if known else None


async def _people(work: Work, post_id: int) -> list[int]:
    of = {"tenant": work.tenant_id, "post": post_id, "part": PART, "responsible": RESPONSIBLE}
    return [row.id for row in await work.all(_PEOPLE, of) if row.id is not None]
