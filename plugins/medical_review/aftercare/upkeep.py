"""The next review of a text: set when readers get it, renewed by an approval, moved by a reviewer
who says why."""

from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import insert, select, update

from cms.content import posts
from cms.content.events import Inherited, Transition
from cms.content.models import Post, Revision
from cms.content.permissions import require
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.kernel.work import ReadableWork, Work
from plugins.medical_review.aftercare import public_notices, reopening
from plugins.medical_review.aftercare.amendments import retraction_of
from plugins.medical_review.aftercare.events import (
    PublicationEnded,
    PublicationRecorded,
    ReviewDateSet,
    ReviewPlanned,
    ReviewRenewed,
)
from plugins.medical_review.aftercare.inherited import note_reviewed
from plugins.medical_review.aftercare.models import Publication, Upkeep
from plugins.medical_review.aftercare.risks import kind_of
from plugins.medical_review.aftercare.rules import LONGEST_INTERVAL, later_by, rules_of
from plugins.medical_review.aftercare.steps import step_at, today_of
from plugins.medical_review.aftercare.words import plain_words
from plugins.medical_review.articles.kinds import is_of_reviewed, is_reviewed
from plugins.medical_review.reviewing.approvals import current_approval
from plugins.medical_review.reviewing.deciding import APPROVE
from plugins.medical_review.reviewing.events import ReviewDecided
from plugins.medical_review.reviewing.models import DecisionRecord, State
from plugins.medical_review.reviewing.reading import facts


async def of_post(work: ReadableWork, post_id: int, *, lock: bool = False) -> Upkeep | None:
    """The next review of the post, if it has one; held until the end of the transaction with
    `lock`."""
    statement = (
        select(Upkeep)
        .where(Upkeep.tenant_id == work.tenant_id, Upkeep.post_id == post_id)
        .execution_options(populate_existing=True)
    )
    row = await work.one(statement.with_for_update() if lock else statement)
    return row[0] if row else None


# -- what follows from what happens to the post


async def follow_move(work: Work, move: Transition) -> None:
    """Readers get another text, or have none any more."""
    if move.before == move.after or Status.PUBLISH not in {move.from_status, move.to_status}:
        return
    if not await is_of_reviewed(work, move):
        return
    post = await posts.get(cast(UnitOfWork, work), move.post_id)
    if move.to_status is Status.PUBLISH:
        await _published(work, post, move)
    else:
        await _taken_away(work, post.id)


async def _published(work: Work, post: Post, move: Transition) -> None:
    is_inherited = isinstance(move, Inherited)
    digest = bytes.fromhex(move.content_hash)
    publication_id = await work.next_id("publication")
    await work.execute(
        insert(Publication).values(
            tenant_id=work.tenant_id,
            id=publication_id,
            post_id=post.id,
            revision_id=move.revision_id,
            content_hash=digest,
            published_at=_since(work, post) if is_inherited else work.now,
            is_inherited=is_inherited,
        )
    )
    given = None if is_inherited else await current_approval(work, post.id, digest)
    due = await _plan(work, post.id, move.revision_id, given) if given else None
    await work.emit(
        PublicationRecorded(
            post_id=post.id,
            publication_id=publication_id,
            content_hash=move.content_hash,
            after={"next_review": due.isoformat() if due else None},
        )
    )
    if given is not None:
        await reopening.close_by_approval(work, post)
        # Who answers for it may sign: the guards have seen to that.
        await public_notices.lift(work, post.id)
        await note_reviewed(work, post.id)


def _since(work: ReadableWork, post: Post) -> datetime:
    """Since when readers had it on the other site."""
    return min(post.date_gmt or work.now, work.now)


async def _plan(work: Work, post_id: int, revision_id: int, given: DecisionRecord) -> date:
    """Count from the approval. What a reviewer has set for this very approval stays."""
    rules = await rules_of(work)
    known = await of_post(work, post_id, lock=True)
    is_same = known is not None and known.reviewed_at == given.decided_at
    if known is not None and is_same:
        due, done = known.due_on, known.done_step
    else:
        kind = await kind_of(work, post_id, revision_id)
        due, done = rules.due_after(_day(work, given.decided_at), kind), None
    values: dict[str, Any] = {
        "revision_id": revision_id,
        "content_hash": given.content_hash,
        "is_live": True,
        "step_at": step_at(work, post_id, due, done, rules),
    }
    if not is_same:
        values |= {
            "reviewed_at": given.decided_at,
            "due_on": due,
            "risk": kind.risk.value,
            "done_step": None,
            "changed_by": None,
            "reason": "",
        }
    if known is not None:
        await _change(work, post_id, **values)
    else:
        values |= {"tenant_id": work.tenant_id, "post_id": post_id}
        await work.execute(insert(Upkeep).values(**values))
    return due


def _day(work: ReadableWork, moment: datetime) -> date:
    return moment.astimezone(work.tenant.zone).date()


async def _taken_away(work: Work, post_id: int) -> None:
    known = await of_post(work, post_id, lock=True)
    if known is None or not known.is_live:
        return
    await _change(work, post_id, is_live=False, step_at=None)
    await work.emit(PublicationEnded(post_id=post_id))


async def follow_decision(work: Work, decided: ReviewDecided) -> None:
    """An approval of the live text, as it is, renews its review: nothing is published anew."""
    if decided.state is not State.APPROVED:
        return
    whole = cast(UnitOfWork, work)
    post = await posts.get(whole, decided.post_id)
    if post.live_revision_id is None or not is_reviewed(work, post.post_type):
        return
    live = await posts.revision(whole, post.id, post.live_revision_id)
    if live.content_hash.hex() != decided.content_hash:
        return
    given = await current_approval(work, post.id, live.content_hash)
    # What is retracted counts again only when it is reinstated.
    if given is None or await retraction_of(work, post.id) is not None:
        return
    due = await _plan(work, post.id, live.id, given)
    await work.emit(ReviewRenewed(post_id=post.id, after={"next_review": due.isoformat()}))
    await reopening.close_by_approval(work, post)
    await note_reviewed(work, post.id)


async def plan_missing(work: Work, post_id: int) -> None:
    """Give a live text that was approved before anybody counted its next review."""
    whole = cast(UnitOfWork, work)
    post = await posts.lock(whole, post_id)
    if post.live_revision_id is None or await of_post(work, post_id) is not None:
        return
    live = await posts.revision(whole, post.id, post.live_revision_id)
    given = await current_approval(work, post.id, live.content_hash)
    if given is not None:
        due = await _plan(work, post.id, live.id, given)
        await work.emit(ReviewPlanned(post_id=post.id, after={"next_review": due.isoformat()}))


async def pause(work: Work, post_id: int) -> None:
    """A retracted text is not reviewed; the caller tells of it."""
    await _change(work, post_id, is_live=False, step_at=None)


async def resume(work: Work, post: Post, live: Revision) -> None:
    """It counts again from its last approval; the caller tells of it."""
    given = await current_approval(work, post.id, live.content_hash)
    if given is not None:
        await _plan(work, post.id, live.id, given)


# -- by a reviewer


async def set_due(work: UnitOfWork, post_id: int, due_on: date, reason: str) -> Upkeep:
    """Move the next review of a live text to that day. An overdue one has to be reviewed: its date
    is not moved away (Conflict)."""
    post = await posts.lock(work, post_id)
    if not is_reviewed(work, post.post_type):
        raise NotFound("reviewed post", post_id)
    require(
        work.actor.has(APPROVE),
        "upkeep.set",
        "Sorry, you are not allowed to change when a text is to be reviewed.",
    )
    await work.decide("upkeep.set", "review", post.id, facts(post))
    known = await of_post(work, post_id, lock=True)
    if known is None or not known.is_live:
        raise Conflict("This text is not published, or was never reviewed here.", post=post_id)
    words = plain_words("reason", reason)
    _refuse_far(work, known, due_on)
    if known.due_on <= today_of(work):
        raise Conflict("The review of this text is due: have it reviewed.", post=post_id)
    await _move_due(work, known, due_on, words)
    return known


def _refuse_far(work: ReadableWork, known: Upkeep, due_on: date) -> None:
    latest = later_by(_day(work, known.reviewed_at), LONGEST_INTERVAL)
    if not today_of(work) < due_on <= latest:
        raise InvalidInput({"due_on": f"{due_on} must be after today and not after {latest}"})


async def _move_due(work: Work, known: Upkeep, due_on: date, reason: str) -> None:
    before, after = ({"next_review": day.isoformat()} for day in (known.due_on, due_on))
    rules = await rules_of(work)
    await _change(
        work,
        known.post_id,
        due_on=due_on,
        done_step=None,
        step_at=step_at(work, known.post_id, due_on, None, rules),
        changed_by=work.actor.user_id,
        reason=reason,
    )
    known.due_on, known.reason = due_on, reason
    await work.emit(ReviewDateSet(post_id=known.post_id, before=before, after=after))


async def note_step(work: Work, known: Upkeep, done: int | None, next_at: datetime | None) -> None:
    """That a step was taken, and when the next one is; the caller tells of it."""
    await _change(work, known.post_id, done_step=done, step_at=next_at)


async def _change(work: Work, post_id: int, **values: Any) -> None:
    await work.execute(
        update(Upkeep)
        .where(Upkeep.tenant_id == work.tenant_id, Upkeep.post_id == post_id)
        .values(**values)
    )
