"""Reading comments: who may read the post reads what is approved; the rest is for moderators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    column,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased

from cms.content.comment_models import Comment
from cms.content.models import Post
from cms.content.permissions import reads_published
from cms.content.statuses import Status
from cms.content.visibility import editable, readable
from cms.database.reads import Query, Snapshot
from cms.database.work import UnitOfWork
from cms.errors import NotFound

MODERATE = "moderate_comments"
STATUSES: Mapping[str, Sequence[str]] = {
    "approve": ("approved",),
    "approved": ("approved",),
    "1": ("approved",),
    "hold": ("hold",),
    "0": ("hold",),
    "spam": ("spam",),
    "trash": ("trash",),
    "all": ("approved", "hold"),
    "any": ("approved", "hold", "spam", "trash"),
}


@dataclass(frozen=True)
class CommentView:
    """A comment with its post. `is_visible`: this reader may read it."""

    comment: Comment
    post: Post
    is_answered: bool
    is_visible: bool = True


@dataclass(frozen=True)
class CommentQuery:
    """What a list asks for; dates are the site's wall time. `unlocked` are protected posts whose
    password the reader gave."""

    statuses: Sequence[str] = ("approved",)
    kind: str = "comment"
    search: str = ""
    posts: Sequence[int] = ()
    parents: Sequence[int] = ()
    parents_exclude: Sequence[int] = ()
    authors: Sequence[int] = ()
    authors_exclude: Sequence[int] = ()
    author_email: str = ""
    include: Sequence[int] = ()
    exclude: Sequence[int] = ()
    after: datetime | None = None
    before: datetime | None = None
    order_by: str = "date_gmt"
    descending: bool = True
    limit: int = 10
    offset: int = 0
    unlocked: Sequence[int] = ()
    below: tuple[datetime, int] | None = None
    """Of a list by `date_gmt`, date and id of the last comment that was seen."""


async def page(work: UnitOfWork, query: CommentQuery) -> tuple[list[CommentView], int]:
    """A page of comments with their posts, and how many match in all: one statement."""
    statement = _views(work).where(visible(work, query.unlocked), *_filters(work, query))
    rows = await work.all(
        statement.add_columns(func.count().over().label("total"))
        .order_by(*_order(query))
        .limit(query.limit)
        .offset(query.offset)
    )
    if rows:
        return [CommentView(row[0], row[1], row[2]) for row in rows], rows[0].total
    ids = statement.with_only_columns(Comment.id).subquery()
    count = await work.one(select(func.count()).select_from(ids))
    return [], int(count[0])


async def one(work: UnitOfWork, comment_id: int, unlocked: Sequence[int] = ()) -> CommentView:
    """The comment, also one that this reader may not read (`is_visible`); NotFound if none."""
    row = await work.one(
        _views(work)
        .add_columns(visible(work, unlocked).label("is_visible"))
        .where(Comment.id == comment_id)
    )
    if row is None:
        raise NotFound("comment", comment_id)
    return CommentView(row[0], row[1], row[2], row[3])


async def locked(work: UnitOfWork, comment_id: int) -> tuple[Comment, Post]:
    """A comment that is about to be changed, and its post; NotFound if none. Whether the actor may
    is asked by whoever changes it."""
    row = await work.one(
        select(Comment, Post)
        .join(Post, (Post.tenant_id == Comment.tenant_id) & (Post.id == Comment.post_id))
        .where(Comment.tenant_id == work.tenant_id, Comment.id == comment_id)
        .with_for_update(of=Comment)
    )
    if row is None:
        raise NotFound("comment", comment_id)
    return row[0], row[1]


async def some(work: UnitOfWork, ids: Sequence[int]) -> list[CommentView]:
    """Those of these comments that this reader may read, with one statement."""
    rows = await work.all(_views(work).where(Comment.id.in_(ids), visible(work)))
    return [CommentView(row[0], row[1], row[2]) for row in rows]


async def newest_of_each(
    work: UnitOfWork, column: Any, ids: Sequence[int], limit: int = 10
) -> dict[int, list[CommentView]]:
    """The newest approved comments of each post (or of each comment, by `parent_id`), with one
    statement for all of them."""
    found: dict[int, list[CommentView]] = {one_id: [] for one_id in ids}
    if work.actor.is_anonymous and column is Comment.post_id:
        for row in await work.fetch(
            _REPLIES, tenant=work.tenant_id, ids=list(ids), types=_open_types(work), limit=limit
        ):
            view = CommentView(_COMMENT.of(row), _POST.of(row), row[_POST.end])
            found[view.comment.post_id].append(view)
        return found
    place = (
        func.row_number()
        .over(partition_by=column, order_by=[Comment.date_gmt.desc(), Comment.id.desc()])
        .label("place")
    )
    ranked = (
        select(Comment.id, place)
        .join(Post, (Post.tenant_id == Comment.tenant_id) & (Post.id == Comment.post_id))
        .where(
            Comment.tenant_id == work.tenant_id,
            column.in_(ids),
            Comment.status == "approved",
            Comment.kind == "comment",
            visible(work),
        )
        .subquery()
    )
    rows = await work.all(
        _views(work)
        .join(ranked, ranked.c.id == Comment.id)
        .where(ranked.c.place <= limit)
        .order_by(Comment.date_gmt.desc(), Comment.id.desc())
    )
    for row in rows:
        found[getattr(row[0], column.key)].append(CommentView(row[0], row[1], row[2]))
    return found


def visible(work: UnitOfWork, unlocked: Sequence[int] = ()) -> ColumnElement[bool]:
    """The comments that the actor may read: approved ones of posts that she may read, her own,
    and all that she may moderate."""
    actor, types = work.actor, list(work.registry.post_types.values())
    if actor.is_anonymous:
        return _open_to_visitors(work, unlocked)
    mine = [and_(Post.post_type == one.name, editable(actor, one)) for one in types]
    moderates = true() if actor.has(MODERATE) else or_(false(), *mine)
    open_to_all = [
        and_(
            Post.post_type == one.name,
            readable(actor, one),
            or_(Post.password == "", Post.id.in_(unlocked), editable(actor, one)),
        )
        for one in types
    ]
    own = Comment.author_id == actor.user_id if actor.user_id is not None else false()
    approved = and_(Comment.status == "approved", or_(false(), *open_to_all))
    return or_(approved, own, moderates)


def _open_to_visitors(work: UnitOfWork, unlocked: Sequence[int]) -> ColumnElement[bool]:
    """The same for visitors, who have no rights that differ from type to type."""
    return and_(
        Comment.status == "approved",
        Post.status == Status.PUBLISH.value,
        Post.post_type.in_(_open_types(work)),
        or_(Post.password == "", Post.id.in_(unlocked)) if unlocked else Post.password == "",
    )


def _open_types(work: UnitOfWork) -> list[str]:
    """The types whose published posts this reader may read."""
    types = work.registry.post_types.values()
    return [one.name for one in types if reads_published(work.actor, one)]


def _views(work: UnitOfWork) -> Select[Comment, Post, bool]:
    answer = aliased(Comment)
    answered = (
        select(answer.id)
        .where(
            answer.tenant_id == work.tenant_id,
            answer.parent_id == Comment.id,
            answer.status == "approved",
        )
        .exists()
    )
    return (
        select(Comment, Post, answered.label("is_answered"))
        .join(Post, (Post.tenant_id == Comment.tenant_id) & (Post.id == Comment.post_id))
        .where(Comment.tenant_id == work.tenant_id)
    )


_COMMENT = Snapshot(Comment)
_POST = Snapshot(Post, _COMMENT.end)
_ANSWER = aliased(Comment)
# Each post is looked up in the index by itself: most have no comment at all.
_ASKED = (
    func.unnest(bindparam("ids", type_=ARRAY(BigInteger)))
    .table_valued(column("id", BigInteger), name="asked")
    .render_derived()
)
_NEWEST_IDS = (
    select(Comment.id)
    .where(
        Comment.tenant_id == bindparam("tenant"),
        Comment.post_id == _ASKED.c.id,
        Comment.status == "approved",
        Comment.kind == "comment",
    )
    .order_by(Comment.date_gmt.desc(), Comment.id.desc())
    .limit(bindparam("limit", type_=BigInteger))
    .correlate(_ASKED)
    .lateral("newest")
)
# For visitors: the newest comments of each post of a page, as `newest_of_each` finds them.
_REPLIES = Query(
    select(
        *_COMMENT.columns,
        *_POST.columns,
        select(_ANSWER.id)
        .where(
            _ANSWER.tenant_id == bindparam("tenant"),
            _ANSWER.parent_id == Comment.id,
            _ANSWER.status == "approved",
        )
        .correlate(Comment)
        .exists(),
    )
    .select_from(_ASKED)
    .join(_NEWEST_IDS, true())
    .join(Comment, and_(Comment.tenant_id == bindparam("tenant"), Comment.id == _NEWEST_IDS.c.id))
    .join(Post, and_(Post.tenant_id == bindparam("tenant"), Post.id == Comment.post_id))
    .where(
        Post.status == Status.PUBLISH.value,
        Post.password == "",
        Post.post_type == func.any(bindparam("types", type_=ARRAY(Text))),
    )
    .order_by(Comment.date_gmt.desc(), Comment.id.desc())
)


def _filters(work: UnitOfWork, query: CommentQuery) -> list[ColumnElement[bool]]:
    parent = func.coalesce(Comment.parent_id, 0)
    author = func.coalesce(Comment.author_id, 0)
    wanted: list[ColumnElement[bool] | None] = [
        Comment.status.in_(query.statuses),
        Comment.kind == query.kind if query.kind != "all" else None,
        Comment.post_id.in_(query.posts) if query.posts else None,
        parent.in_(query.parents) if query.parents else None,
        parent.not_in(query.parents_exclude) if query.parents_exclude else None,
        author.in_(query.authors) if query.authors else None,
        author.not_in(query.authors_exclude) if query.authors_exclude else None,
        Comment.author_email == query.author_email.lower() if query.author_email else None,
        Comment.id.in_(query.include) if query.include else None,
        Comment.id.not_in(query.exclude) if query.exclude else None,
        Comment.date_local > query.after if query.after else None,
        Comment.date_local < query.before if query.before else None,
        _search(work, query.search) if query.search else None,
        tuple_(Comment.date_gmt, Comment.id) < tuple_(*query.below) if query.below else None,
    ]
    return [condition for condition in wanted if condition is not None]


def _search(work: UnitOfWork, words: str) -> ColumnElement[bool]:
    """Text and name for everybody; by e-mail and network address only those find who see them."""
    columns: list[Any] = [Comment.content, Comment.author_name]
    if work.actor.has(MODERATE):
        columns += [Comment.author_email, Comment.author_url, Comment.author_ip]
    folded = func.cms.fold(words)
    return or_(*(func.strpos(func.cms.fold(column), folded) > 0 for column in columns))


def _order(query: CommentQuery) -> list[Any]:
    if query.order_by == "include":
        ids = sql_cast(list(query.include), ARRAY(BigInteger()))
        return [func.array_position(ids, Comment.id), Comment.id]
    columns: dict[str, Any] = {
        "date": Comment.date_local,
        "date_gmt": Comment.date_gmt,
        "id": Comment.id,
        "post": Comment.post_id,
        "parent": func.coalesce(Comment.parent_id, 0),
        "type": Comment.kind,
    }
    column = columns[query.order_by]
    if query.descending:
        return [column.desc(), Comment.id.desc()]
    return [column.asc(), Comment.id.asc()]
