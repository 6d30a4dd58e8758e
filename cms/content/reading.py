"""Reading posts: one statement for a page of them, filtered by what the reader may see."""

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
    func,
    not_,
    or_,
    select,
    text,
)
from sqlalchemy import cast as sql_cast

from cms.content import hot_reads, hot_search
from cms.content.hot_search import CANDIDATES
from cms.content.models import Post, Rendering, Revision, Term, TermRelationship
from cms.content.statuses import Status
from cms.content.visibility import editable, readable
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.kernel.declarations import PostType


@dataclass(frozen=True)
class PostView:
    """A post with the revision that this reader gets of it, and its rendering: rows of the session,
    or snapshots with the same attributes, which nobody can change (those of a list for readers come
    without the revision's `content`). `is_unlocked`: the reader gave the password of the post."""

    post: Post
    revision: Revision
    rendering: Rendering
    is_unlocked: bool = False

    @property
    def id(self) -> int:
        return self.post.id

    @property
    def author_id(self) -> int:
        """Who wrote this text, also after she has left."""
        return self.revision.author_id

    @property
    def owner_id(self) -> int:
        """Whose the post is: its author, or who has taken over from her."""
        return self.post.author_id if self.is_shown else self.revision.author_id

    @property
    def is_live(self) -> bool:
        """Whether it is what the public reads."""
        return self.revision.id == self.post.live_revision_id

    @property
    def is_shown(self) -> bool:
        """Whether the post row speaks of this revision, not of one that readers still get."""
        return self.post.live_revision_id in {None, self.revision.id}

    def part(self, name: str) -> Mapping[str, Any]:
        """A plugin's part of the revision."""
        part: Mapping[str, Any] = self.revision.parts.get(name, {})
        return part


@dataclass(frozen=True)
class TermFilter:
    """Terms of one taxonomy: filed under any of them, or under all; `with_children` also under
    those below them."""

    ids: Sequence[int]
    all_of_them: bool = False
    with_children: bool = False


@dataclass(frozen=True)
class PostQuery:
    """What a list asks for. `status` empty means published only; dates are the site's wall time."""

    post_type: PostType
    statuses: Sequence[Status] = (Status.PUBLISH,)
    search: str = ""
    authors: Sequence[int] = ()
    authors_exclude: Sequence[int] = ()
    include: Sequence[int] = ()
    exclude: Sequence[int] = ()
    slugs: Sequence[str] = ()
    sticky: bool | None = None
    after: datetime | None = None
    before: datetime | None = None
    modified_after: datetime | None = None
    modified_before: datetime | None = None
    terms: Sequence[TermFilter] = ()
    terms_exclude: Sequence[TermFilter] = ()
    any_of_terms: bool = False
    parents: Sequence[int] = ()
    parents_exclude: Sequence[int] = ()
    menu_order: int | None = None
    order_by: str = "date"
    descending: bool = True
    limit: int = 10
    offset: int = 0
    working: bool = False
    conditions: Sequence[ColumnElement[bool]] = ()
    """Further ones of a type that is served by a room of its own, such as media, or of fields."""
    order: Sequence[ColumnElement[Any]] = ()
    """By what to order instead of `order_by`, for what is no column of a post."""
    visible: ColumnElement[bool] | None = None
    """Who may read rows of such a type, where that does not follow from their own status."""


async def page(work: UnitOfWork, query: PostQuery) -> tuple[list[PostView], int]:
    """A page of views, and how many match in all. A working list holds only what the actor may
    edit: each row of it shows a working head."""
    if is_plain(query) and query.descending:
        if not query.search:
            return await _newest(work, query)
        if work.actor.is_anonymous:
            return await _searched(work, query)
    is_ranked = query.order_by == "relevance"
    found = await holding(work, query.search, is_ranked=is_ranked) if query.search else []
    matching = _matching(work, query, found)
    total = select(func.count()).select_from(matching.subquery()).scalar_subquery()
    order = _order(query, found)
    # The page is cut before its texts are joined: the index gives it in order.
    cut = matching.order_by(*order).limit(query.limit).offset(query.offset).subquery()
    rows = await work.all(
        _with_revision(query.working)
        .join(cut, Post.id == cut.c.id)
        .add_columns(total.label("total"))
        .where(Post.tenant_id == work.tenant_id)
        .order_by(*order)
    )
    views = [PostView(row[0], row[1], row[2]) for row in rows]
    return views, rows[0].total if rows else await _count(work, matching)


def is_plain(query: PostQuery) -> bool:
    """Whether it asks for published posts by their dates, or those of them that hold some words,
    and nothing else: everybody may read them."""
    is_by_date = query.order_by == "date" and not query.working
    is_public = query.post_type.is_public and list(query.statuses) == [Status.PUBLISH]
    filed = any(one.ids for one in (*query.terms, *query.terms_exclude))
    asked = any(getattr(query, name) for name in _FILTERS)
    rest = (query.sticky, query.menu_order, query.visible)
    return is_by_date and is_public and not (filed or asked) and all(one is None for one in rest)


_FILTERS = (
    "authors", "authors_exclude", "include", "exclude", "slugs", "after", "before",
    "modified_after", "modified_before", "parents", "parents_exclude", "conditions",
)  # fmt: skip


async def _newest(work: UnitOfWork, query: PostQuery) -> tuple[list[PostView], int]:
    of = {"tenant": work.tenant_id, "post_type": query.post_type.name}
    if query.offset:
        asked = hot_reads.newest(query.limit, is_first=False)
        rows = await work.fetch(asked, **of, offset=query.offset)
    else:
        rows = await work.fetch(hot_reads.newest(query.limit, is_first=True), **of)
    if not rows:
        (counted,) = await work.fetch(hot_reads.HOW_MANY, **of)
        return [], int(counted.total)
    return _listed(rows)


async def _searched(work: UnitOfWork, query: PostQuery) -> tuple[list[PostView], int]:
    of = {"tenant": work.tenant_id, "post_type": query.post_type.name, "words": query.search}
    asked = hot_search.searched(query.limit)
    rows = await work.fetch(asked, **of, offset=query.offset)
    if not rows and query.offset:
        # A page beyond the last: only the total is wanted.
        found = await work.fetch(asked, **of, offset=0)
        return [], hot_reads.total_of(found) if found else 0
    return _listed(rows) if rows else ([], 0)


def _listed(rows: Sequence[Any]) -> tuple[list[PostView], int]:
    return [PostView(*hot_reads.LISTED.parts(row)) for row in rows], hot_reads.total_of(rows)


async def _count(work: UnitOfWork, matching: Select[Any]) -> int:
    row = await work.one(select(func.count()).select_from(matching.subquery()))
    return int(row[0])


async def one(
    work: UnitOfWork, post_type: PostType, post_id: int, *, working: bool = False
) -> PostView:
    """The view of one post, not yet checked for this reader; NotFound if of another type."""
    if not working:
        of = {"tenant": work.tenant_id, "post_type": post_type.name, "id": post_id}
        rows = await work.fetch(hot_reads.ONE, **of)
        if not rows:
            raise NotFound("post", post_id)
        return PostView(*hot_reads.WHOLE.parts(rows[0]))
    row = await work.one(
        _with_revision(working).where(
            Post.tenant_id == work.tenant_id, Post.id == post_id, Post.post_type == post_type.name
        )
    )
    if row is None:
        raise NotFound("post", post_id)
    return PostView(row[0], row[1], row[2])


def as_saved(post: Post, revision: Revision, rendering: Rendering) -> PostView:
    """The working view of a post that this transaction has added, with its first revision."""
    return PostView(
        hot_reads.WHOLE.post.taken(post),
        hot_reads.WHOLE.revision.taken(revision),
        hot_reads.WHOLE.rendering.taken(rendering),
    )


async def some(work: UnitOfWork, post_type: PostType, ids: Sequence[int]) -> list[PostView]:
    """What readers get of these posts, not yet checked for this one."""
    of = {"tenant": work.tenant_id, "post_type": post_type.name, "ids": list(ids)}
    return [PostView(*hot_reads.WHOLE.parts(row)) for row in await work.fetch(hot_reads.SOME, **of)]


def _with_revision(working: bool) -> Select[Post, Revision, Rendering]:
    """The working head for those who edit; for readers the live revision where there is one."""
    shown = Post.working_revision_id if working else hot_reads.of_readers()
    return (
        select(Post, Revision, Rendering)
        .join(Revision, and_(Revision.tenant_id == Post.tenant_id, Revision.id == shown))
        .join(
            Rendering,
            and_(Rendering.tenant_id == Post.tenant_id, Rendering.revision_id == Revision.id),
        )
    )


def _matching(work: UnitOfWork, query: PostQuery, found: Sequence[int]) -> Select[int]:
    conditions = [
        Post.tenant_id == work.tenant_id,
        Post.post_type == query.post_type.name,
        Post.status.in_([status.value for status in query.statuses]),
        readable(work.actor, query.post_type) if query.visible is None else query.visible,
        *query.conditions,
        *_filters(query),
        *_by_terms(work, query),
    ]
    edits = editable(work.actor, query.post_type)
    if query.working:
        conditions.append(edits)
    if query.search:
        # A search must not tell word by word what a password protects.
        hits = sql_cast(list(found), ARRAY(BigInteger))  # one array, not a thousand parameters
        conditions += [Post.id == func.any(hits), or_(Post.password == "", edits)]
    return select(Post.id).where(*conditions)


def _filters(query: PostQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool] | None] = [
        Post.author_id.in_(query.authors) if query.authors else None,
        Post.author_id.not_in(query.authors_exclude) if query.authors_exclude else None,
        Post.id.in_(query.include) if query.include else None,
        Post.id.not_in(query.exclude) if query.exclude else None,
        Post.slug.in_(query.slugs) if query.slugs else None,
        Post.is_sticky.is_(query.sticky) if query.sticky is not None else None,
        _PARENT.in_(query.parents) if query.parents else None,
        _PARENT.not_in(query.parents_exclude) if query.parents_exclude else None,
        Post.menu_order == query.menu_order if query.menu_order is not None else None,
        Post.date_local > query.after if query.after else None,
        Post.date_local < query.before if query.before else None,
        Post.modified_local > query.modified_after if query.modified_after else None,
        Post.modified_local < query.modified_before if query.modified_before else None,
    ]
    return [condition for condition in wanted if condition is not None]


def _by_terms(work: UnitOfWork, query: PostQuery) -> list[ColumnElement[bool]]:
    conditions = [filed(work, one) for one in query.terms if one.ids]
    conditions += [not_(filed(work, one)) for one in query.terms_exclude if one.ids]
    return [or_(*conditions)] if query.any_of_terms and conditions else conditions


def filed(work: UnitOfWork, wanted: TermFilter) -> ColumnElement[bool]:
    """The posts that are filed under the terms."""
    if wanted.all_of_them:
        return and_(*(_under(work, select(sql_cast(one, BigInteger))) for one in wanted.ids))
    ids = select(func.unnest(sql_cast(list(wanted.ids), ARRAY(BigInteger))))
    return _under(work, _with_children(work, ids) if wanted.with_children else ids)


def _under(work: UnitOfWork, ids: Select[Any]) -> ColumnElement[bool]:
    return Post.id.in_(
        select(TermRelationship.post_id).where(
            TermRelationship.tenant_id == work.tenant_id, TermRelationship.term_id.in_(ids)
        )
    )


def _with_children(work: UnitOfWork, ids: Select[Any]) -> Select[Any]:
    """The terms and all below them; UNION ends the walk, should there ever be a circle."""
    of_tenant = Term.tenant_id == work.tenant_id
    below = select(Term.id).where(of_tenant, Term.id.in_(ids)).cte(recursive=True)
    below = below.union(select(Term.id).join(below, Term.parent_id == below.c.id).where(of_tenant))
    return select(below.c.id)


_PARENT = func.coalesce(Post.parent_id, 0)
_COLUMNS = {
    "date": Post.date_local,
    "modified": Post.modified_local,
    "author": Post.author_id,
    "id": Post.id,
    "slug": Post.slug,
    "title": Post.sort_key,
    "parent": _PARENT,
    "menu_order": Post.menu_order,
}


def _order(query: PostQuery, found: Sequence[int]) -> list[Any]:
    if query.order:
        return list(query.order)
    if query.order_by == "include":
        return [_place(query.include, Post.id, BigInteger())]
    if query.order_by == "include_slugs":
        return [_place(query.slugs, Post.slug, Text()), Post.id]
    if query.order_by == "relevance":
        return [_place(found, Post.id, BigInteger())]
    column = _COLUMNS[query.order_by]
    # Ids are unique but not in order of creation, so they only break ties.
    return [column.desc(), Post.id.desc()] if query.descending else [column.asc(), Post.id.asc()]


def _place(wanted: Sequence[Any], column: Any, kind: Any) -> Any:
    return func.array_position(sql_cast(list(wanted), ARRAY(kind)), column)


async def holding(work: UnitOfWork, words: str, *, is_ranked: bool = False) -> list[int]:
    """Ids of the posts that hold the words, the best first if they are wanted so, through the
    search role: under row-level security the index would not be used (0.2 ms against 41 ms)."""
    rows = await work.all(
        text(
            "select post_id from "
            "cms.search_posts_3(:tenant, :words, :language, :candidates, :ranked) "
            "order by rank desc, post_id desc"
        ),
        {
            "tenant": work.tenant_id,
            "words": words,
            "language": None,
            "candidates": CANDIDATES,
            "ranked": is_ranked,
        },
    )
    return [row.post_id for row in rows]
