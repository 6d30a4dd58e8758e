"""Posts that wait for their time: when, as whom, and why one was refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from cms.content.events import PublicationRefused, PublicationTriedAgain
from cms.content.models import Post, PostSchedule
from cms.database.work import UnitOfWork
from cms.errors import CmsError, Conflict, StepUpRequired, TransitionRefused
from cms.identity.granting import require_capability
from cms.jobs.queue import enqueue_at
from cms.kernel.actors import SYSTEM, Authentication, Method

PUBLISH_DUE = "publish_due"


async def plan(work: UnitOfWork, post: Post) -> None:
    """Have the post published at its date, as the person of this work."""
    proof = work.actor.authentication
    values = {
        "publish_at": post.date_gmt,
        "planned_by": work.actor.user_id or post.author_id,
        "planned_at": work.now,
        "method": proof.method.value,
        "factors": sorted(proof.factors),
        "authenticated_at": proof.at,
        "refused_at": None,
        "objections": [],
    }
    await work.execute(
        insert(PostSchedule)
        .values(tenant_id=work.tenant_id, post_id=post.id, **values)
        .on_conflict_do_update(index_elements=["tenant_id", "post_id"], set_=values)
    )
    await remind(work, post.id, post.date_gmt or work.now)


async def remind(work: UnitOfWork, post_id: int, at: datetime) -> None:
    """Look at the post then. One reminder too many does no harm."""
    await enqueue_at(work, PUBLISH_DUE, {"post_id": post_id}, at)


async def drop(work: UnitOfWork, post: Post) -> None:
    """The post waits no longer."""
    await work.execute(delete(PostSchedule).where(*_of(work, post.id)))


async def of_post(work: UnitOfWork, post_id: int) -> PostSchedule | None:
    """The plan for the post, if there is one."""
    return (await of_posts(work, [post_id])).get(post_id)


async def of_posts(work: UnitOfWork, ids: Sequence[int]) -> dict[int, PostSchedule]:
    """The plans for these posts by their ids."""
    rows = await work.all(
        select(PostSchedule).where(
            PostSchedule.tenant_id == work.tenant_id, PostSchedule.post_id.in_(ids)
        )
    )
    return {row[0].post_id: row[0] for row in rows}


async def missed(work: UnitOfWork, *, before: timedelta) -> list[int]:
    """The posts whose time was longer ago than that, and that nobody has looked at."""
    rows = await work.all(
        select(PostSchedule.post_id).where(
            PostSchedule.tenant_id == work.tenant_id,
            PostSchedule.refused_at.is_(None),
            PostSchedule.publish_at < work.now - before,
        )
    )
    return [row.post_id for row in rows]


def proof_at(plan: PostSchedule, now: datetime) -> Authentication:
    """What the person had proved when she planned it, as old as it was then: the act that a policy
    judges is hers of that day, while her rights and the text are judged as they are now."""
    if plan.method == Method.INTERNAL.value:
        return SYSTEM.authentication
    age = plan.planned_at - plan.authenticated_at
    return Authentication(Method(plan.method), frozenset(plan.factors), now - age)


async def keep_refusal(work: UnitOfWork, post_id: int, refusal: CmsError) -> None:
    """Tell those who edit the post, and the trail, why it was not published."""
    objections = _objections(refusal)
    await work.execute(
        update(PostSchedule)
        .where(*_of(work, post_id))
        .values(refused_at=work.now, objections=objections)
    )
    codes = [objection["code"] for objection in objections]
    await work.emit(PublicationRefused(post_id=post_id, after={"reasons": codes}))


async def refused(work: UnitOfWork, most: int = 50) -> list[PostSchedule]:
    """Those whose time came and that something refused, the newest refusal first."""
    require_capability(work, "manage_options", "post.retry_publication")
    rows = await work.all(
        select(PostSchedule)
        .where(PostSchedule.tenant_id == work.tenant_id, PostSchedule.refused_at.is_not(None))
        .order_by(PostSchedule.refused_at.desc())
        .limit(most)
    )
    return [row[0] for row in rows]


async def try_again(work: UnitOfWork, post_id: int) -> None:
    """Let the job look at a refused post once more, as whoever planned it. Conflict when nothing
    was refused."""
    require_capability(work, "manage_options", "post.retry_publication")
    await work.decide("post.retry_publication", "post", post_id)
    changed = await work.execute(
        update(PostSchedule)
        .where(*_of(work, post_id), PostSchedule.refused_at.is_not(None))
        .values(refused_at=None, objections=[])
    )
    if not changed.rowcount:
        raise Conflict("Nothing was refused for this post, or it is tried again already.")
    await work.emit(PublicationTriedAgain(post_id=post_id))
    await remind(work, post_id, work.now)


def _objections(refusal: CmsError) -> list[Mapping[str, Any]]:
    if isinstance(refusal, TransitionRefused):
        return [
            {"code": o.code, "message": o.message, "remedy": o.remedy} for o in refusal.objections
        ]
    remedy = "Have somebody schedule or publish it who may."
    if isinstance(refusal, StepUpRequired):
        remedy = "Sign in as it is asked for, then schedule or publish it again."
    return [{"code": refusal.slug, "message": refusal.message, "remedy": remedy}]


def _of(work: UnitOfWork, post_id: int) -> tuple[Any, ...]:
    return PostSchedule.tenant_id == work.tenant_id, PostSchedule.post_id == post_id
