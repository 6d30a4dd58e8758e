"""Reading posts: one statement for a page of them, filtered by what the reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, Text, and_, func, or_, select, text
from sqlalchemy import cast as sql_cast

from cms.content.models import Post, Rendering, Revision, TermRelationship
from cms.content.statuses import Status
from cms.content.visibility import editable, readable
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.kernel.declarations import PostType

# Ranking reads every match, so a very common word is ranked over the newest of them only.
SEARCH_CANDIDATES = 1000


@dataclass(frozen=True)
class PostView:
    """A post with the revision that this reader gets of it, and its rendering. `is_unlocked`: the
    reader gave the password of a protected post."""

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
    terms: Mapping[str, Sequence[int]] = field(default_factory=dict)
    terms_exclude: Mapping[str, Sequence[int]] = field(default_factory=dict)
    order_by: str = "date"
    descending: bool = True
    limit: int = 10
    offset: int = 0
    working: bool = False


async def page(work: UnitOfWork, query: PostQuery) -> tuple[list[PostView], int]:
    """A page of views, and how many match in all. A working list holds only what the actor may
    edit: each row of it shows a working head."""
    found = await _found(work, query.search) if query.search else []
    matching = _matching(work, query, found)
    total = select(func.count()).select_from(matching.subquery()).scalar_subquery()
    rows = await work.all(
        _with_revision(query.working)
        .add_columns(total.label("total"))
        .where(Post.tenant_id == work.tenant_id, Post.id.in_(matching))
        .order_by(*_order(query, found))
        .limit(query.limit)
        .offset(query.offset)
    )
    views = [PostView(row[0], row[1], row[2]) for row in rows]
    return views, rows[0].total if rows else await _count(work, matching)


async def _count(work: UnitOfWork, matching: Select[Any]) -> int:
    row = await work.one(select(func.count()).select_from(matching.subquery()))
    return int(row[0])


async def one(
    work: UnitOfWork, post_type: PostType, post_id: int, *, working: bool = False
) -> PostView:
    """The view of one post, not yet checked for this reader; NotFound if of another type."""
    row = await work.one(
        _with_revision(working).where(
            Post.tenant_id == work.tenant_id, Post.id == post_id, Post.post_type == post_type.name
        )
    )
    if row is None:
        raise NotFound("post", post_id)
    return PostView(row[0], row[1], row[2])


def _with_revision(working: bool) -> Select[Post, Revision, Rendering]:
    """The working head for those who edit; for readers the live revision where there is one."""
    shown = (
        Post.working_revision_id
        if working
        else func.coalesce(Post.live_revision_id, Post.working_revision_id)
    )
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
        readable(work.actor, query.post_type),
        *_filters(query),
        *(_in_terms(work, ids) for ids in query.terms.values() if ids),
        *(~_in_terms(work, ids) for ids in query.terms_exclude.values() if ids),
    ]
    edits = editable(work.actor, query.post_type)
    if query.working:
        conditions.append(edits)
    if query.search:
        # A search must not tell word by word what a password protects.
        conditions += [Post.id.in_(found), or_(Post.password == "", edits)]
    return select(Post.id).where(*conditions)


def _filters(query: PostQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool] | None] = [
        Post.author_id.in_(query.authors) if query.authors else None,
        Post.author_id.not_in(query.authors_exclude) if query.authors_exclude else None,
        Post.id.in_(query.include) if query.include else None,
        Post.id.not_in(query.exclude) if query.exclude else None,
        Post.slug.in_(query.slugs) if query.slugs else None,
        Post.is_sticky.is_(query.sticky) if query.sticky is not None else None,
        Post.date_local > query.after if query.after else None,
        Post.date_local < query.before if query.before else None,
        Post.modified_local > query.modified_after if query.modified_after else None,
        Post.modified_local < query.modified_before if query.modified_before else None,
    ]
    return [condition for condition in wanted if condition is not None]


def _in_terms(work: UnitOfWork, ids: Sequence[int]) -> ColumnElement[bool]:
    return Post.id.in_(
        select(TermRelationship.post_id).where(
            TermRelationship.tenant_id == work.tenant_id, TermRelationship.term_id.in_(ids)
        )
    )


_COLUMNS = {
    "date": Post.date_local,
    "modified": Post.modified_local,
    "author": Post.author_id,
    "id": Post.id,
    "slug": Post.slug,
    "title": Post.sort_key,
    "parent": Post.parent_id,
    "menu_order": Post.menu_order,
}


def _order(query: PostQuery, found: Sequence[int]) -> list[Any]:
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


async def _found(work: UnitOfWork, words: str) -> list[int]:
    """Ids of the posts that hold the words, the best first, through the search role: under
    row-level security the index would not be used (0.2 ms against 41 ms)."""
    rows = await work.all(
        text(
            "select post_id from cms.search_posts(:tenant, :words, :candidates) "
            "order by rank desc, post_id desc"
        ),
        {"tenant": work.tenant_id, "words": words, "candidates": SEARCH_CANDIDATES},
    )
    return [row.post_id for row in rows]


async def revisions(
    work: UnitOfWork, post: Post, *, limit: int = 100, offset: int = 0
) -> tuple[list[tuple[Revision, Rendering]], int]:
    """A page of the revisions of a post, the newest first, and how many there are."""
    rows = await work.all(
        _revisions(work, post)
        .add_columns(func.count().over().label("total"))
        .order_by(Revision.created_at.desc(), Revision.id.desc())
        .limit(limit)
        .offset(offset)
    )
    total = (
        rows[0].total
        if rows
        else await _count(work, _revisions(work, post).with_only_columns(Revision.id))
    )
    return [(row[0], row[1]) for row in rows], total


async def revision(
    work: UnitOfWork, post: Post, revision_id: int
) -> tuple[Revision, Rendering] | None:
    """One revision of this very post with its rendering."""
    row = await work.one(_revisions(work, post).where(Revision.id == revision_id))
    return (row[0], row[1]) if row is not None else None


def _revisions(work: UnitOfWork, post: Post) -> Select[Revision, Rendering]:
    return (
        select(Revision, Rendering)
        .join(
            Rendering,
            and_(Rendering.tenant_id == Revision.tenant_id, Rendering.revision_id == Revision.id),
        )
        .where(Revision.tenant_id == work.tenant_id, Revision.post_id == post.id)
    )
