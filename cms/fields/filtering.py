"""Lists of posts by the values of fields, in the database.

For what everybody may read the index alone gives the page and the total: it holds no other posts on
its open shelf. For whoever else asks, and with every other filter, it narrows the usual statement.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, true
from sqlalchemy.orm import aliased
from sqlalchemy.orm.util import AliasedClass

from cms.content import reading
from cms.content.models import Post
from cms.content.permissions import may_read
from cms.content.reading import PostQuery, PostView
from cms.content.statuses import Status
from cms.content.visibility import editable
from cms.database.work import UnitOfWork
from cms.fields.filters import Asked, Filter
from cms.fields.indexing import closed_shelf, open_shelf, working_shelf
from cms.fields.models import FieldIndexRow

_Rows = type[FieldIndexRow] | AliasedClass[FieldIndexRow]


async def page(work: UnitOfWork, query: PostQuery, asked: Asked) -> tuple[list[PostView], int]:
    """As `reading.page`, of posts whose fields are as asked."""
    if not asked:
        return await reading.page(work, query)
    if _is_open(work, query) and any(one.finds for one in asked.all()):
        return await _open_page(work, query, asked)
    return await reading.page(work, _narrowed(work, query, asked))


def _is_open(work: UnitOfWork, query: PostQuery) -> bool:
    """Whether the list holds what everybody may read and nothing else: then the index alone tells
    which posts those are. Who edits may also find what a password protects."""
    is_plain = reading.is_plain(query) and not query.search
    return is_plain and not work.actor.has(query.post_type.capability("edit"))


async def _open_page(
    work: UnitOfWork, query: PostQuery, asked: Asked
) -> tuple[list[PostView], int]:
    rows = await work.all(open_page(work.tenant_id, query, asked))
    if not rows:
        matching, _ = _open_matching(work.tenant_id, query, asked)
        counted = await work.one(select(func.count()).select_from(matching.subquery()))
        return [], int(counted[0])
    views = {
        view.id: view
        for view in await reading.some(work, query.post_type, [row.post_id for row in rows])
        # Between the two statements a post may have been closed.
        if Status(view.post.status) is Status.PUBLISH
        and not view.post.password
        and may_read(work.actor, query.post_type, view.post)
    }
    return [views[row.post_id] for row in rows if row.post_id in views], rows[0].total


def open_page(tenant_id: int, query: PostQuery, asked: Asked) -> Select[Any]:
    """Ids of a page of what everybody may read, each with the total: by the index alone."""
    matching, order = _open_matching(tenant_id, query, asked)
    total = select(func.count()).select_from(matching.subquery()).scalar_subquery()
    cut = matching.order_by(*order).limit(query.limit).offset(query.offset).subquery()
    # Nothing is joined to the page, so it stays in its order.
    return select(cut.c.post_id, total.label("total")).select_from(cut)


def _open_matching(
    tenant_id: int, query: PostQuery, asked: Asked
) -> tuple[Any, list[ColumnElement[Any]]]:
    """A SELECT of posts by the index alone, and their order. One comparison leads, along its index;
    the others look at each post that it finds."""
    shelf = open_shelf(query.post_type.name)
    row = FieldIndexRow
    # A list can be walked in the order of its dates only where one value leads.
    lead = asked.order or min(
        (one for one in asked.filters if one.finds),
        key=lambda one: (one.operator != "is" or len(one.values) > 1, not one.is_single),
    )
    with_it = [
        one
        for one in asked.filters
        if one is lead or (one.path == lead.path and lead.is_single and one.finds)
    ]
    conditions = [
        _at(tenant_id, row, lead.path),
        row.shelf == shelf,
        _column(row, lead).is_not(None),
        *(_holds(row, one) for one in with_it),
        *(_beside(tenant_id, one) for one in asked.filters if one not in with_it),
    ]
    matching = select(row.post_id, row.date_local)
    if asked.order:
        column = _column(row, asked.order)
        # Of several values the first counts. Where there is one only, the index need not be left.
        first = [] if asked.order.is_single else [row.position == 0]
        with_key = matching.add_columns(column).where(*conditions, *first)
        return with_key, _in_direction(query, [column, row.date_local, row.post_id])
    found = matching.where(*conditions)
    is_once = lead.is_single or (lead.operator == "is" and len(lead.values) == 1)
    if is_once:
        return found, _in_direction(query, [row.date_local, row.post_id])
    one_each = found.distinct().subquery()
    columns = [one_each.c.date_local, one_each.c.post_id]
    return select(one_each.c.post_id, one_each.c.date_local), _in_direction(query, columns)


def _in_direction(query: PostQuery, keys: list[Any]) -> list[ColumnElement[Any]]:
    return [one.desc() if query.descending else one.asc() for one in keys]


def _beside(tenant_id: int, one: Filter) -> ColumnElement[bool]:
    """The same post has, or has not, a value that fits; looked up by the post."""
    other = aliased(FieldIndexRow)
    found = (
        select(other.post_id)
        .where(
            _at(tenant_id, other, one.path),
            other.post_id == FieldIndexRow.post_id,
            other.is_live.is_(True),
            *([_holds(other, one)] if one.finds else []),
        )
        .correlate(FieldIndexRow)
        .exists()
    )
    return found if one.finds else not_(found)


def _narrowed(work: UnitOfWork, query: PostQuery, asked: Asked) -> PostQuery:
    """The query with what is asked of fields, for whatever else it asks and whoever asks it."""
    conditions = conditions_of(work, query.post_type.name, asked, working=query.working)
    # A filter must not tell step by step what a password protects.
    conditions.append(or_(Post.password == "", editable(work.actor, query.post_type)))
    return replace(
        query,
        conditions=[*query.conditions, *conditions],
        order=_by_field(work, query, asked.order) if asked.order else query.order,
    )


def conditions_of(
    work: UnitOfWork, post_type: str, asked: Asked, *, working: bool
) -> list[ColumnElement[bool]]:
    """What is asked of fields as conditions on posts: of their working heads, or of what readers
    get of them."""
    shelves = [open_shelf(post_type), closed_shelf(post_type)]
    if working:
        shelves = [working_shelf(post_type)]
    row = FieldIndexRow
    conditions: list[ColumnElement[bool]] = []
    for one in asked.all():
        holding = [_holds(row, one)] if one.finds else []
        posts = select(row.post_id).where(
            _at(work.tenant_id, row, one.path), row.shelf.in_(shelves), *holding
        )
        conditions.append(Post.id.in_(posts) if one.finds else Post.id.not_in(posts))
    return conditions


def _by_field(work: UnitOfWork, query: PostQuery, order: Filter) -> list[ColumnElement[Any]]:
    row = aliased(FieldIndexRow)
    first = (
        select(_column(row, order))
        .where(
            _at(work.tenant_id, row, order.path),
            row.post_id == Post.id,
            row.is_live.is_(not query.working),
            row.position == 0,
        )
        .correlate(Post)
        .scalar_subquery()
    )
    return _in_direction(query, [first, Post.date_local, Post.id])


def _at(tenant_id: int, row: _Rows, path: str) -> ColumnElement[bool]:
    return and_(row.tenant_id == tenant_id, row.field == path)


def _column(row: _Rows, one: Filter) -> Any:
    columns = {"text": row.text_value, "number": row.number_value, "moment": row.moment_value}
    return columns[one.kind]


def _holds(row: _Rows, one: Filter) -> ColumnElement[bool]:
    column = _column(row, one)
    if one.operator == "exists":
        return true()
    if one.operator == "contains":
        found: ColumnElement[bool] = (
            func.strpos(func.cms.fold(column), func.cms.fold(one.values[0])) > 0
        )
        return found
    if one.operator == "min":
        return and_(column >= one.values[0])
    if one.operator == "max":
        return and_(column <= one.values[0])
    return and_(column == one.values[0] if len(one.values) == 1 else column.in_(one.values))
