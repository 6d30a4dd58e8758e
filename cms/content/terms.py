"""Reading terms: a page of them with the published posts that each holds, in one statement."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy import cast as sql_cast

from cms.content.models import Post, Term, TermRelationship
from cms.content.permissions import reads_published
from cms.content.statuses import Status
from cms.content.visibility import readable_of_any
from cms.database.reads import Query, Snapshot
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.kernel.declarations import Taxonomy

_LIKE = re.compile(r"([\\%_])")


@dataclass(frozen=True)
class TermView:
    """A term, and how many published posts it holds."""

    term: Term
    count: int


@dataclass(frozen=True)
class TermQuery:
    """What a list asks for; `parent_id` 0 means at the top, `post_id` those of one post. Posts of a
    term are counted up to `count_up_to`, for who need not know that there are 90,000."""

    taxonomies: Sequence[Taxonomy]
    search: str = ""
    include: Sequence[int] = ()
    exclude: Sequence[int] = ()
    slugs: Sequence[str] = ()
    parent_id: int | None = None
    post_id: int | None = None
    hide_empty: bool = False
    order_by: str = "name"
    descending: bool = False
    limit: int = 10
    offset: int = 0
    count_up_to: int | None = None


async def page(work: UnitOfWork, query: TermQuery) -> tuple[list[TermView], int]:
    """A page of terms, and how many match in all. Posts are counted for the terms of the page
    only, unless the list is ordered by that."""
    matching = _matching(work, query)
    order = _order(query)
    if query.order_by == "count":
        tally = _tally(work)
        matching = matching.outerjoin(tally, tally.c.term_id == Term.id)
        count = func.coalesce(tally.c.count, 0)
        order = [count.desc() if query.descending else count.asc(), Term.sort_key, Term.id]
    numbered = (
        matching.add_columns(
            func.count().over().label("total"), func.row_number().over(order_by=order).label("n")
        )
        .order_by("n")
        .limit(query.limit)
        .offset(query.offset)
        .subquery()
    )
    rows = await work.all(
        select(Term, _count(work, query.count_up_to).label("count"), numbered.c.total)
        .join(numbered, numbered.c.id == Term.id)
        .where(Term.tenant_id == work.tenant_id)
        .order_by(numbered.c.n)
    )
    views = [TermView(row[0], row[1]) for row in rows]
    return views, rows[0].total if rows else await _total(work, _matching(work, query))


async def one(work: UnitOfWork, taxonomy: Taxonomy, term_id: int) -> TermView:
    """The term of this taxonomy, or NotFound."""
    row = await work.one(
        select(Term, _count(work).label("count")).where(
            Term.tenant_id == work.tenant_id, Term.id == term_id, Term.taxonomy == taxonomy.name
        )
    )
    if row is None:
        raise NotFound("term", term_id)
    return TermView(row[0], row[1])


async def some(work: UnitOfWork, taxonomy: Taxonomy, ids: Sequence[int]) -> Mapping[int, TermView]:
    """The terms of this taxonomy among the ids, by id."""
    rows = await work.all(
        select(Term, _count(work).label("count")).where(
            Term.tenant_id == work.tenant_id, Term.id.in_(ids), Term.taxonomy == taxonomy.name
        )
    )
    return {row[0].id: TermView(row[0], row[1]) for row in rows}


_TERM = Snapshot(Term, 1)
# For visitors, who read what is published and public; the same for every page of posts.
_PUBLIC = Query(
    select(TermRelationship.post_id, *_TERM.columns)
    .join(
        Term,
        and_(Term.tenant_id == TermRelationship.tenant_id, Term.id == TermRelationship.term_id),
    )
    .join(
        Post,
        and_(Post.tenant_id == TermRelationship.tenant_id, Post.id == TermRelationship.post_id),
    )
    .where(
        TermRelationship.tenant_id == bindparam("tenant"),
        TermRelationship.post_id == func.any(bindparam("ids", type_=ARRAY(BigInteger))),
        Post.status == Status.PUBLISH.value,
        Post.post_type == func.any(bindparam("types", type_=ARRAY(Text))),
    )
    .order_by(Term.sort_key, Term.id)
)


async def of_posts_by_taxonomy(
    work: UnitOfWork, ids: Sequence[int]
) -> Mapping[str, Mapping[int, list[TermView]]]:
    """The terms of each of the posts that this reader may see, by taxonomy, with one statement."""
    types = work.registry.post_types.values()
    found: dict[str, dict[int, list[TermView]]] = {}
    if work.actor.is_anonymous:
        public = [one.name for one in types if reads_published(work.actor, one)]
        rows = await work.fetch(_PUBLIC, tenant=work.tenant_id, ids=list(ids), types=public)
        pairs = [(row.post_id, _TERM.of(row)) for row in rows]
    else:
        pairs = [(row.post_id, row[1]) for row in await work.all(_filed(work, ids))]
    for post_id, term in pairs:
        found.setdefault(term.taxonomy, {}).setdefault(post_id, []).append(TermView(term, 0))
    return found


def _filed(work: UnitOfWork, ids: Sequence[int]) -> Select[int, Term]:
    return (
        select(TermRelationship.post_id, Term)
        .join(
            Term,
            and_(Term.tenant_id == TermRelationship.tenant_id, Term.id == TermRelationship.term_id),
        )
        .where(
            TermRelationship.tenant_id == work.tenant_id,
            TermRelationship.post_id.in_(_readable(work, ids)),
        )
        .order_by(Term.sort_key, Term.id)
    )


def _readable(work: UnitOfWork, ids: Sequence[int]) -> Select[int]:
    """Those of the posts that the reader may know about."""
    may_see = readable_of_any(work.actor, work.registry.post_types.values())
    return select(Post.id).where(Post.tenant_id == work.tenant_id, Post.id.in_(ids), may_see)


def _count(work: UnitOfWork, most: int | None = None) -> Any:
    """The published posts of a term, counted through the index of the relationships."""
    filed = (
        select(TermRelationship.post_id)
        .join(Post, _is_published_post())
        .where(TermRelationship.tenant_id == work.tenant_id, TermRelationship.term_id == Term.id)
        .correlate(Term)
    )
    if most is None:
        return filed.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()
    few = filed.limit(most).subquery()
    return select(func.count()).select_from(few).scalar_subquery()


def _tally(work: UnitOfWork) -> Any:
    """The same for all terms of the site at once."""
    return (
        select(TermRelationship.term_id, func.count().label("count"))
        .join(Post, _is_published_post())
        .where(TermRelationship.tenant_id == work.tenant_id)
        .group_by(TermRelationship.term_id)
        .subquery()
    )


def _is_published_post() -> ColumnElement[bool]:
    return and_(
        Post.tenant_id == TermRelationship.tenant_id,
        Post.id == TermRelationship.post_id,
        Post.status == Status.PUBLISH.value,
    )


async def _total(work: UnitOfWork, matching: Select[Any]) -> int:
    row = await work.one(select(func.count()).select_from(matching.subquery()))
    return int(row[0])


def _matching(work: UnitOfWork, query: TermQuery) -> Select[Any]:
    names = [taxonomy.name for taxonomy in query.taxonomies]
    conditions: list[ColumnElement[bool]] = [
        Term.tenant_id == work.tenant_id,
        Term.taxonomy.in_(names),
    ]
    if query.include:
        conditions.append(Term.id.in_(query.include))
    if query.exclude:
        conditions.append(Term.id.not_in(query.exclude))
    if query.slugs:
        conditions.append(Term.slug.in_(query.slugs))
    if query.parent_id is not None:
        conditions.append(func.coalesce(Term.parent_id, 0) == query.parent_id)
    if query.search:
        conditions.append(_holds(query.search))
    if query.post_id:
        conditions.append(Term.id.in_(_related(work, _readable(work, [query.post_id]))))
    if query.hide_empty:
        conditions.append(_is_used(work))
    return select(Term.id).where(*conditions)


def _holds(words: str) -> ColumnElement[bool]:
    """The words stand in the name, whatever its accents, or in the slug."""
    escaped = _LIKE.sub(r"\\\1", words)
    folded = func.cms.fold(escaped)
    return or_(Term.sort_key.like(func.concat("%", folded, "%")), Term.slug.contains(escaped))


def _related(work: UnitOfWork, posts: Select[int]) -> Select[int]:
    return select(TermRelationship.term_id).where(
        TermRelationship.tenant_id == work.tenant_id, TermRelationship.post_id.in_(posts)
    )


def _is_used(work: UnitOfWork) -> ColumnElement[bool]:
    return (
        select(TermRelationship.term_id)
        .join(Post, _is_published_post())
        .where(TermRelationship.tenant_id == work.tenant_id, TermRelationship.term_id == Term.id)
        .exists()
    )


_COLUMNS = {
    "id": Term.id,
    "name": Term.sort_key,
    "slug": Term.slug,
    "description": Term.description,
    # Groups of aliases were given up by WordPress itself: every term is in group 0.
    "term_group": Term.id,
}


def _order(query: TermQuery) -> list[Any]:
    if query.order_by == "include":
        place = func.array_position(sql_cast(list(query.include), ARRAY(BigInteger)), Term.id)
        return [place, Term.sort_key, Term.id]
    if query.order_by == "include_slugs":
        place = func.array_position(sql_cast(list(query.slugs), ARRAY(Text)), Term.slug)
        return [place, Term.sort_key, Term.id]
    column: Any = _COLUMNS.get(query.order_by, Term.sort_key)
    return [column.desc() if query.descending else column.asc(), Term.id]
