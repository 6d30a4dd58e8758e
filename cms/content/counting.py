"""Counters of published posts: a list says how many there are without counting them each time."""

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from cms.content.models import Post, PostCount
from cms.content.statuses import Status
from cms.database.work import UnitOfWork

COUNTED = frozenset({Status.PUBLISH})
"""Statuses whose posts are counted: those that a list without filters shows."""

_BUCKETS = 16
_ADD = insert(PostCount)
_ADD = _ADD.on_conflict_do_update(
    index_elements=[
        PostCount.tenant_id,
        PostCount.post_type,
        PostCount.status,
        PostCount.bucket,
    ],
    set_={"posts": PostCount.posts + _ADD.excluded.posts},
)

COUNT = (
    select(func.coalesce(func.sum(PostCount.posts), 0))
    .where(
        PostCount.tenant_id == bindparam("tenant"),
        PostCount.post_type == bindparam("post_type"),
        PostCount.status == Status.PUBLISH.value,
    )
    .scalar_subquery()
)
"""How many posts of `:post_type` the tenant `:tenant` has published."""


async def count_move(work: UnitOfWork, post: Post, before: Status | None, after: Status) -> None:
    """The post goes from one status to another; None is a post that did not exist."""
    steps = {status: step for status, step in ((before, -1), (after, 1)) if status in COUNTED}
    if before is after or not steps:
        return
    rows = [
        {
            "tenant_id": work.tenant_id,
            "post_type": post.post_type,
            "status": status.value,
            "bucket": post.id % _BUCKETS,
            "posts": step,
        }
        for status, step in steps.items()
        if status is not None
    ]
    await work.execute(_ADD, rows)
