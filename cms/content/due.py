"""The jobs that publish what was scheduled, by the same rules as publishing by hand."""

from datetime import timedelta

from cms.content import posts, schedule, transitions
from cms.content.dates import CLOCK_SKEW
from cms.content.models import Post
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import (
    CapabilityMissing,
    CmsError,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    StepUpRequired,
    TransitionRefused,
)
from cms.identity.standing import recalled
from cms.kernel.actors import SYSTEM
from cms.kernel.declarations import Job

_REFUSALS = (TransitionRefused, Forbidden, StepUpRequired, InvalidInput, NotFound, Conflict)
_PATIENCE = timedelta(minutes=2)


async def publish_due(work: UnitOfWork, post_id: int) -> None:
    """Publish the post if it is due, as the person who planned it. What stands in the way is kept
    for its editors, and the post stays as it is: a second reminder changes nothing."""
    attempt = work.shop.work(work.tenant, SYSTEM, work.request)
    try:
        async with attempt:
            await _publish(attempt, post_id)
    except _REFUSALS as refusal:
        await _keep(work, post_id, refusal)


async def _publish(work: UnitOfWork, post_id: int) -> None:
    post = await posts.lock(work, post_id)
    plan = await schedule.of_post(work, post_id)
    if Status(post.status) is not Status.FUTURE or plan is None or plan.refused_at is not None:
        return
    if _comes_later(work, post):
        await _wait(work, post)
        return
    if plan.method != SYSTEM.authentication.method.value:
        actor = await recalled(work, plan.planned_by, schedule.proof_at(plan, work.now))
        if actor is None:
            raise CapabilityMissing(
                "Whoever scheduled this post has no account any more.", action="post.publish"
            )
        work.actor = actor
    await transitions.move(work, post, Status.PUBLISH)


def _comes_later(work: UnitOfWork, post: Post) -> bool:
    return post.date_gmt is not None and post.date_gmt > work.now


async def _wait(work: UnitOfWork, post: Post) -> None:
    """The date was moved, and has a reminder of its own; or the queue's clock is ahead of ours."""
    if post.date_gmt is not None and post.date_gmt < work.now + CLOCK_SKEW:
        await schedule.remind(work, post.id, post.date_gmt)


async def _keep(work: UnitOfWork, post_id: int, refusal: CmsError) -> None:
    post = await posts.lock(work, post_id)
    # In the meantime somebody may have taken it up.
    if Status(post.status) is Status.FUTURE:
        await schedule.keep_refusal(work, post_id, refusal)


async def publish_missed(work: UnitOfWork) -> None:
    """Remind of posts whose reminder was lost, such as with a queue that was restored."""
    for post_id in await schedule.missed(work, before=_PATIENCE):
        await schedule.remind(work, post_id, work.now)


JOBS = (
    Job(schedule.PUBLISH_DUE, publish_due),
    Job("publish_missed", publish_missed, cron="*/5 * * * *"),
)
