"""The jobs: what is to be done about texts whose next review comes near, or is overdue.

A run only looks which texts' hour has come and queues a job for each. Each job takes one step in
one transaction and notes it with it, so one that is stopped, or run twice, has done it once.
"""

from datetime import timedelta

from sqlalchemy import select, text

from cms.content import posts
from cms.database.work import UnitOfWork
from cms.kernel.declarations import Job
from plugins.medical_review.aftercare import upkeep
from plugins.medical_review.aftercare.events import (
    Reason,
    ReviewEscalated,
    ReviewOverdue,
    ReviewPlanned,
    ReviewReminded,
)
from plugins.medical_review.aftercare.lost_licences import REOPEN
from plugins.medical_review.aftercare.models import Upkeep
from plugins.medical_review.aftercare.reopening import reopen
from plugins.medical_review.aftercare.rules import Rules, rules_of
from plugins.medical_review.aftercare.steps import due_step, step_at, today_of
from plugins.medical_review.articles.kinds import reviewed_types

LOOK, LOOK_AT_ONE = "medical_review.look_after", "medical_review.look_after_one"
STOCK, STOCK_ONE = "medical_review.take_stock", "medical_review.plan_review"
# So many in one run; the next one goes on. 2,000 an hour.
MOST = 500
WEEK = timedelta(days=7)

_UNPLANNED = text(
    """
    select p.id from cms.posts p
    join cms.revisions r on r.tenant_id = p.tenant_id and r.id = p.live_revision_id
    where p.tenant_id = :tenant and p.post_type = any(:types) and p.status = 'publish'
      and not exists (select from medical_review.upkeep u
                      where u.tenant_id = p.tenant_id and u.post_id = p.id)
      and exists (select from medical_review.reviews w
                  where w.tenant_id = p.tenant_id and w.post_id = p.id
                    and w.content_hash = r.content_hash and w.state = 'approved')
    order by p.id limit :most
    """
)

_PLANNED = text(
    """
    select d.post_id, d.plan_id
    from medical_review.inherited_duties d
    join medical_review.inherited_texts i on i.tenant_id = d.tenant_id and i.post_id = d.post_id
    where d.tenant_id = :tenant and d.due_on <= :until and i.reviewed_at is null
      and not exists (select from medical_review.reopenings o
                      where o.tenant_id = d.tenant_id and o.post_id = d.post_id
                        and o.reason = 'planned' and o.closed_at is null)
    order by d.due_on, d.post_id limit :most
    """
)


async def look_after(work: UnitOfWork) -> None:
    """Queue a job for each text whose hour has come, the longest waiting first."""
    rows = await work.all(
        select(Upkeep.post_id)
        .where(Upkeep.tenant_id == work.tenant_id, Upkeep.step_at <= work.now)
        .order_by(Upkeep.step_at, Upkeep.post_id)
        .limit(MOST)
    )
    for row in rows:
        await work.shop.enqueue(work, LOOK_AT_ONE, {"post_id": row.post_id})


async def look_after_one(work: UnitOfWork, post_id: int) -> None:
    """Take the step of today for one text, if it is still to be taken."""
    await posts.lock(work, post_id)
    known = await upkeep.of_post(work, post_id, lock=True)
    if known is None or known.step_at is None or known.step_at > work.now:
        return
    rules = await rules_of(work)
    step = due_step(rules, known.due_on, known.done_step, today_of(work))
    # None: the rules have changed since this hour was noted, and it is another one now.
    done = known.done_step if step is None else step
    await upkeep.note_step(work, known, done, step_at(work, post_id, known.due_on, done, rules))
    if step is None:
        await work.emit(ReviewPlanned(post_id=post_id))
    else:
        await _take(work, known, rules, step)


async def _take(work: UnitOfWork, known: Upkeep, rules: Rules, step: int) -> None:
    if step < rules.grace_days:
        await work.emit(ReviewReminded(post_id=known.post_id, days=-step))
    elif step == rules.grace_days:
        after = {"follows": rules.when_overdue, "due_on": known.due_on.isoformat()}
        await work.emit(ReviewOverdue(post_id=known.post_id, after=after))
        await reopen(work, known.post_id, Reason.OVERDUE)
    else:
        await work.emit(ReviewEscalated(post_id=known.post_id))


async def take_stock(work: UnitOfWork) -> None:
    """Queue a job for each live, approved text that has no next review yet."""
    of = {"tenant": work.tenant_id, "types": reviewed_types(work), "most": MOST}
    for row in await work.all(_UNPLANNED, of):
        await work.shop.enqueue(work, STOCK_ONE, {"post_id": row.id})


async def open_planned(work: UnitOfWork) -> None:
    """Put inherited texts before reviewers in the week of their day: nobody who would decide on
    them has to hand them over."""
    until = today_of(work) + WEEK
    for row in await work.all(_PLANNED, {"tenant": work.tenant_id, "until": until, "most": MOST}):
        args = {"post_id": row.post_id, "reason": Reason.PLANNED.value, "source": row.plan_id}
        await work.shop.enqueue(work, REOPEN, args)


UPKEEP_JOBS = (
    Job(LOOK, look_after, cron="*/15 * * * *"),
    Job(LOOK_AT_ONE, look_after_one),
    Job(STOCK, take_stock, cron="23 3 * * *"),
    Job("medical_review.open_planned", open_planned, cron="11 4 * * *"),
    Job(STOCK_ONE, upkeep.plan_missing),
)
