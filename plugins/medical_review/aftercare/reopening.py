"""An approved text has to be judged again: because its time is over, because somebody it stands on
lost the licence, because a reference was retracted, or because a person asks for it."""

from typing import cast

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from cms.content import posts, transitions
from cms.content.events import Transition
from cms.content.models import Post
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.aftercare import public_notices
from plugins.medical_review.aftercare.amendments import retraction_of
from plugins.medical_review.aftercare.events import Reason, ReopeningClosed, ReviewReopened
from plugins.medical_review.aftercare.models import Reopening
from plugins.medical_review.aftercare.rules import Consequence, Rules, rules_of
from plugins.medical_review.articles.kinds import PART, is_reviewed
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.reviewing import reviews
from plugins.professional_registry.guards import responsible_may_sign

APPROVED_AGAIN = "approved"


async def reopen(work: Work, post_id: int, reason: Reason, source: int | None = None) -> bool:
    """Have a live text judged again. Readers keep it, with a notice or without, unless the site's
    rules take it from them. False when that was done before, when it is retracted, or when it is
    not live: a text that nobody reads is judged before it is published anyway."""
    whole = cast(UnitOfWork, work)
    post = await posts.lock(whole, post_id)
    if not is_reviewed(work, post.post_type) or post.live_revision_id is None:
        return False
    if await retraction_of(work, post_id) is not None:
        return False
    if not await _note(work, post_id, reason, source):
        return False
    await _follow(whole, post, reason, _consequence(await rules_of(work), reason))
    await _put_before_reviewers(whole, post)
    return True


async def _note(work: Work, post_id: int, reason: Reason, source: int | None) -> bool:
    noted = await work.execute(
        insert(Reopening)
        .values(
            tenant_id=work.tenant_id,
            id=await work.next_id("reopening"),
            post_id=post_id,
            reason=reason.value,
            source=source,
            opened_at=work.now,
            opened_by=work.actor.user_id,
            outcome="",
        )
        # The index keeps it to one for each reason: a job that runs twice reopens once.
        .on_conflict_do_nothing()
        .returning(Reopening.id)
    )
    row = noted.one_or_none()
    if row is None:
        return False
    await work.emit(
        ReviewReopened(post_id=post_id, reopening_id=row.id, reason=reason, source=source)
    )
    return True


def _consequence(rules: Rules, reason: Reason) -> Consequence:
    """Who only wants a text looked at again casts no doubt on it."""
    if reason is Reason.OVERDUE:
        return rules.when_overdue
    is_doubt = reason in {Reason.LICENCE, Reason.REFERENCE}
    return rules.when_reopened if is_doubt else "none"


async def _follow(work: UnitOfWork, post: Post, reason: Reason, consequence: Consequence) -> None:
    if consequence == "notice":
        await public_notices.place(work, post.id, reason)
    elif consequence == "unpublish":
        # Through the host's own door, so that guards, lists and the trail know of it.
        await transitions.move(work, post, Status.DRAFT)


async def _put_before_reviewers(work: UnitOfWork, post: Post) -> None:
    """Into the queue, if it is the text that its author is not changing: hers comes into the queue
    when she submits it, and its approval ends this too."""
    revision_id = post.live_revision_id or post.working_revision_id or 0
    if revision_id != post.working_revision_id:
        return
    if await reviews.open_of(work, post.id) is not None:
        return
    revision = await posts.revision(work, post.id, revision_id)
    status = Status(post.status)
    await reviews.open_again(
        work,
        Transition(
            post_id=post.id,
            revision_id=revision.id,
            content_hash=revision.content_hash.hex(),
            from_status=status,
            to_status=status,
        ),
    )


async def close_by_approval(work: Work, post: Post) -> None:
    """The live text was approved since: its reopenings are over, and what readers were told with
    them. Nobody's approval gives a lost licence back to who answers for the text."""
    opened = await open_of(work, post.id)
    if not opened:
        return
    reasons = set(Reason)
    if Reason.LICENCE in {one.reason for one in opened} and not await _may_answer(work, post):
        reasons.discard(Reason.LICENCE)
    for one in opened:
        if one.reason in reasons:
            await close(work, one, APPROVED_AGAIN)
    await public_notices.lift(work, post.id, sorted(reasons))


async def _may_answer(work: Work, post: Post) -> bool:
    whole = cast(UnitOfWork, work)
    live = await posts.revision(whole, post.id, post.live_revision_id or 0)
    person = live.parts.get(PART, {}).get(RESPONSIBLE)
    return person is not None and not await responsible_may_sign(work, person)


async def close(work: Work, reopening: Reopening, outcome: str) -> None:
    """End one; `outcome` says how, in a word or in somebody's own words."""
    await work.execute(
        update(Reopening)
        .where(Reopening.tenant_id == work.tenant_id, Reopening.id == reopening.id)
        .values(closed_at=work.now, closed_by=work.actor.user_id, outcome=outcome)
    )
    told = {"reopening": reopening.id, "reason": reopening.reason}
    await work.emit(ReopeningClosed(post_id=reopening.post_id, before=told, after={"open": False}))


async def open_of(work: ReadableWork, post_id: int) -> list[Reopening]:
    """The open reopenings of a post, the oldest first."""
    rows = await work.all(
        select(Reopening)
        .where(
            Reopening.tenant_id == work.tenant_id,
            Reopening.post_id == post_id,
            Reopening.closed_at.is_(None),
        )
        .order_by(Reopening.opened_at, Reopening.id)
    )
    return [row[0] for row in rows]
