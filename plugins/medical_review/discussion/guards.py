"""What a discussion puts in the way of publishing a text, and of deleting it."""

from collections.abc import AsyncIterator

from sqlalchemy import select

from cms.content.events import Inherited, PostErased, Transition
from cms.kernel.objections import Objection
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import is_of_reviewed
from plugins.medical_review.discussion.models import Severity, Thread, ThreadState

_MOST_NAMED = 5


async def nothing_to_fix(work: ReadableWork, move: Transition) -> AsyncIterator[Objection]:
    """A comment never blocks publishing without saying so: what must be fixed is an objection, with
    the threads by number and the way out."""
    if not move.publishes or isinstance(move, Inherited) or not await is_of_reviewed(work, move):
        return
    rows = await work.all(
        select(Thread.id, Thread.field)
        .where(
            Thread.tenant_id == work.tenant_id,
            Thread.post_id == move.post_id,
            Thread.state == ThreadState.OPEN.value,
            Thread.severity == Severity.MUST_FIX.value,
        )
        .order_by(Thread.id)
    )
    if rows:
        named = [f"{row.id} ({row.field or 'the whole text'})" for row in rows[:_MOST_NAMED]]
        more = f" and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else ""
        yield Objection(
            "discussion.must_fix",
            f"A reviewer says that this must be fixed first: thread {', '.join(named)}{more}.",
            "Mend the text, answer in the thread, and have a reviewer resolve it; "
            f"/api/v1/reviews/threads/of-post/{move.post_id}?state=open lists them.",
        )


async def discussions_stay(work: ReadableWork, erased: PostErased) -> AsyncIterator[Objection]:
    """What was said of a text is evidence of how it came to be, also when nobody submitted it."""
    found = await work.one(
        select(Thread.id)
        .where(Thread.tenant_id == work.tenant_id, Thread.post_id == erased.post_id)
        .limit(1)
    )
    if found is not None:
        yield Objection(
            "discussion.evidence",
            "This text was discussed, and what was said of it is kept.",
            "Leave out 'force' to keep it in the bin, where readers do not find it.",
        )
