"""The reads that every visitor makes, compiled once: one post, and a list without filters.

They give the same views as `reading`, whose general statement costs ten times as much to build.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    union_all,
)

from cms.content.counting import COUNT
from cms.content.models import Post, Rendering, Revision
from cms.content.statuses import Status
from cms.database.reads import Query, Snapshot


class _Columns:
    """A post, its revision and its rendering side by side; a list does without the source text."""

    def __init__(self, without: tuple[str, ...] = ()) -> None:
        self.post = Snapshot(Post)
        self.revision = Snapshot(Revision, self.post.end, without)
        self.rendering = Snapshot(Rendering, self.revision.end)
        self.end = self.rendering.end
        self.all = (*self.post.columns, *self.revision.columns, *self.rendering.columns)

    def parts(self, row: Any) -> tuple[Any, Any, Any]:
        """The post, the revision and the rendering of a row."""
        return self.post.of(row), self.revision.of(row), self.rendering.of(row)


WHOLE = _Columns()
LISTED = _Columns(without=("content",))


def of_readers() -> Any:
    """The revision that readers get: the live one where there is one, else the working head.

    CASE, not COALESCE: PostgreSQL 15 to 18 take COALESCE for a leaky expression
    (contain_leaked_vars), so under row-level security no index would be used for it: 1.7 ms and a
    scan of all revisions against 0.2 ms for one post of 10,000.
    """
    return case(
        (Post.live_revision_id.is_not(None), Post.live_revision_id),
        else_=Post.working_revision_id,
    )


def with_texts(columns: _Columns, *more: Any) -> Select[Any]:
    """Posts of `:tenant` beside what readers get of them."""
    return (
        select(*columns.all, *more)
        .join(Revision, and_(Revision.tenant_id == Post.tenant_id, Revision.id == of_readers()))
        .join(
            Rendering,
            and_(Rendering.tenant_id == Post.tenant_id, Rendering.revision_id == Revision.id),
        )
        .where(Post.tenant_id == bindparam("tenant"))
    )


_OF_TYPE = Post.post_type == bindparam("post_type")
NEWEST = (Post.date_local.desc(), Post.id.desc())
ONE = Query(with_texts(WHOLE).where(Post.id == bindparam("id"), _OF_TYPE))
SOME = Query(
    with_texts(WHOLE).where(
        Post.id == func.any(bindparam("ids", type_=ARRAY(BigInteger))), _OF_TYPE
    )
)
HOW_MANY = Query(select(COUNT.label("total")))


_PUBLISHED = and_(
    Post.tenant_id == bindparam("tenant"), _OF_TYPE, Post.status == Status.PUBLISH.value
)


@lru_cache(maxsize=256)
def newest(limit: int, *, is_first: bool) -> Query:
    """A page of the published posts of `:post_type`, from `:offset` unless it is the first. The
    limit stands in the text: with a parameter for it PostgreSQL expects a tenth of all posts and
    plans anew, or badly, each time."""
    if is_first:
        total: Any = COUNT
        ids = select(Post.id).where(_PUBLISHED).order_by(*NEWEST).limit(_written(limit))
    else:
        total = select(select(COUNT.label("total")).cte("counted").c.total).scalar_subquery()
        ids = _from_the_nearer_end(limit, total)
    cut = ids.subquery()
    # The page is cut before its texts are joined: the index gives it in order.
    page = with_texts(LISTED, total.label("total")).join(cut, Post.id == cut.c.id)
    return Query(page.order_by(*NEWEST))


def _from_the_nearer_end(limit: int, total: Any) -> Any:
    """The ids of the page. What is passed over costs as much as what is read, so a page behind the
    middle is reached from the oldest post on: how many there are is counted exactly."""
    offset = bindparam("offset", type_=BigInteger)
    left = total - offset
    ahead = (
        select(Post.id)
        .where(_PUBLISHED, total >= 2 * offset)
        .order_by(*NEWEST)
        .limit(_written(limit))
        .offset(offset)
    )
    behind = (
        select(Post.id)
        .where(_PUBLISHED, total < 2 * offset)
        .order_by(Post.date_local.asc(), Post.id.asc())
        .limit(func.greatest(func.least(left, limit), 0))
        .offset(func.greatest(left - limit, 0))
        .subquery()
    )
    nearer = select(behind.c.id).limit(_written(limit))
    return union_all(select(ahead.subquery().c.id), select(nearer.subquery().c.id))


def _written(limit: int) -> Any:
    return literal_column(f"{limit:d}")


def total_of(rows: Sequence[Any]) -> int:
    return int(rows[0][LISTED.end])
