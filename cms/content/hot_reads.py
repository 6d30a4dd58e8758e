"""The reads that every visitor makes, compiled once: one post, and a list without filters.

They give the same views as `reading`, whose general statement costs ten times as much to build.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
)

from cms.content.counting import COUNT
from cms.content.models import Post, Rendering, Revision
from cms.content.statuses import Status
from cms.database.reads import Query, Snapshot

POST = Snapshot(Post)
REVISION = Snapshot(Revision, POST.end, without=("content",))
RENDERING = Snapshot(Rendering, REVISION.end)
_TOTAL = RENDERING.end


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


def _with_texts(*more: Any) -> Select[Any]:
    return (
        select(*POST.columns, *REVISION.columns, *RENDERING.columns, *more)
        .join(Revision, and_(Revision.tenant_id == Post.tenant_id, Revision.id == of_readers()))
        .join(
            Rendering,
            and_(Rendering.tenant_id == Post.tenant_id, Rendering.revision_id == Revision.id),
        )
        .where(Post.tenant_id == bindparam("tenant"))
    )


_OF_TYPE = Post.post_type == bindparam("post_type")
_NEWEST = (Post.date_local.desc(), Post.id.desc())
ONE = Query(_with_texts().where(Post.id == bindparam("id"), _OF_TYPE))
SOME = Query(
    _with_texts().where(Post.id == func.any(bindparam("ids", type_=ARRAY(BigInteger))), _OF_TYPE)
)
HOW_MANY = Query(select(COUNT.label("total")))


@lru_cache(maxsize=256)
def newest(limit: int, *, is_first: bool) -> Query:
    """A page of the published posts of `:post_type`, from `:offset` unless it is the first. The
    limit stands in the text: with a parameter for it PostgreSQL expects a tenth of all posts and
    plans anew, or badly, each time."""
    cut = (
        select(Post.id)
        .where(Post.tenant_id == bindparam("tenant"), _OF_TYPE, Post.status == Status.PUBLISH.value)
        .order_by(*_NEWEST)
        .limit(literal_column(f"{limit:d}"))
        .offset(None if is_first else bindparam("offset", type_=Integer))
        .subquery()
    )
    # The page is cut before its texts are joined: the index gives it in order.
    page = _with_texts(COUNT.label("total")).join(cut, Post.id == cut.c.id)
    return Query(page.order_by(*_NEWEST))


def parts(row: Any) -> tuple[Any, Any, Any]:
    """The post, the revision and the rendering of a row."""
    return POST.of(row), REVISION.of(row), RENDERING.of(row)


def total_of(rows: Sequence[Any]) -> int:
    return int(rows[0][_TOTAL])
