"""Finding posts of several types by their words: what the reader may see, the best first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Double,
    Select,
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

from cms.content.hot_search import CANDIDATES
from cms.content.models import Post, Rendering, Revision, SearchDocument, Term, TermRelationship
from cms.content.reading import holding
from cms.content.statuses import Status
from cms.content.visibility import editable, readable
from cms.database.work import UnitOfWork
from cms.kernel.declarations import PostType


@dataclass(frozen=True)
class Found:
    """A published post that was found; its title as readers get it."""

    post: Post
    title: str
    rank: float = 0.0


@dataclass(frozen=True)
class Wanted:
    """What is looked for, and where. `after` is the rank and the id of the last one seen."""

    post_types: Sequence[PostType]
    words: str = ""
    language: str | None = None
    include: Sequence[int] = ()
    exclude: Sequence[int] = ()
    terms: Sequence[int] = ()
    taxonomy: str | None = None
    after: tuple[float, int] | None = None
    limit: int = 10
    offset: int = 0


async def page(work: UnitOfWork, wanted: Wanted) -> tuple[list[Found], int]:
    """A page, and how many there are in all: the best first, without words the newest. One
    statement, and another for the total when the page is empty."""
    matching, ranks = _matching(work, wanted)
    rows = await work.all(
        matching.add_columns(func.count().over().label("total"))
        .order_by(*_order(ranks))
        .limit(wanted.limit)
        .offset(wanted.offset)
    )
    if rows:
        return [Found(row[0], row[1], row[2]) for row in rows], rows[0].total
    ids = matching.with_only_columns(Post.id).subquery()
    row = await work.one(select(func.count()).select_from(ids))
    return [], int(row[0])


async def following(work: UnitOfWork, wanted: Wanted) -> list[Found]:
    """The next ones after `wanted.after`, one more than the limit if there are more."""
    matching, ranks = _matching(work, wanted)
    if wanted.after is not None:
        last = tuple_(*(bindparam(None, value) for value in wanted.after))
        matching = matching.where(tuple_(_rank(ranks), Post.id) < last)
    rows = await work.all(matching.order_by(*_order(ranks)).limit(wanted.limit + 1))
    return [Found(row[0], row[1], row[2]) for row in rows]


async def texts(work: UnitOfWork, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The excerpt and the plain text of posts that were found."""
    rows = await work.all(
        select(SearchDocument.post_id, SearchDocument.excerpt, SearchDocument.document).where(
            SearchDocument.tenant_id == work.tenant_id, SearchDocument.post_id.in_(ids)
        )
    )
    return {row.post_id: (row.excerpt, row.document) for row in rows}


def _matching(work: UnitOfWork, wanted: Wanted) -> tuple[Select[Any], Any]:
    ranks = _ranks(work, wanted) if wanted.words.strip() else None
    statement = (
        select(Post, Rendering.title, _rank(ranks).label("rank"))
        .join(
            Rendering,
            and_(
                Rendering.tenant_id == Post.tenant_id,
                Rendering.revision_id == Post.live_revision_id,
            ),
        )
        .where(
            Post.tenant_id == work.tenant_id,
            Post.status == Status.PUBLISH.value,
            or_(
                false(),
                *(_visible(work, one, by_words=ranks is not None) for one in wanted.post_types),
            ),
            *_filters(work, wanted),
        )
    )
    if ranks is not None:
        statement = statement.join(ranks, ranks.c.post_id == Post.id)
    return statement, ranks


def _visible(work: UnitOfWork, post_type: PostType, *, by_words: bool) -> ColumnElement[bool]:
    """A search must not tell word by word what a password protects."""
    open_to = or_(Post.password == "", editable(work.actor, post_type)) if by_words else true()
    return and_(Post.post_type == post_type.name, readable(work.actor, post_type), open_to)


def _ranks(work: UnitOfWork, wanted: Wanted) -> Any:
    """Through the search role: under row-level security the index would not be used."""
    return func.cms.search_posts_3(
        work.tenant_id, wanted.words, wanted.language, CANDIDATES, True
    ).table_valued(column("post_id", BigInteger), column("rank", Double), name="found")


def _rank(ranks: Any) -> Any:
    return sql_cast(ranks.c.rank if ranks is not None else 0, Double)


def _order(ranks: Any) -> list[Any]:
    if ranks is None:
        return [Post.date_local.desc(), Post.id.desc()]
    return [_rank(ranks).desc(), Post.id.desc()]


def _filters(work: UnitOfWork, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.language:
        conditions.append(Post.language == wanted.language)
    if wanted.include:
        conditions.append(Post.id.in_(wanted.include))
    if wanted.exclude:
        conditions.append(Post.id.not_in(wanted.exclude))
    if wanted.terms or wanted.taxonomy:
        related = select(TermRelationship.post_id).where(
            TermRelationship.tenant_id == work.tenant_id
        )
        if wanted.terms:
            related = related.where(TermRelationship.term_id.in_(wanted.terms))
        if wanted.taxonomy:
            related = related.join(
                Term,
                and_(
                    Term.tenant_id == TermRelationship.tenant_id,
                    Term.id == TermRelationship.term_id,
                ),
            ).where(Term.taxonomy == wanted.taxonomy)
        conditions.append(Post.id.in_(related))
    return conditions


async def formats_in_use(work: UnitOfWork) -> set[str]:
    """The formats, other than the plain one, of what everybody may read."""
    public = [one.name for one in work.registry.post_types.values() if one.is_public]
    rows = await work.all(
        select(Post.format)
        .where(
            Post.tenant_id == work.tenant_id,
            Post.status == Status.PUBLISH.value,
            Post.post_type.in_(public),
            Post.format != "standard",
        )
        .distinct()
    )
    return {row.format for row in rows}


class Titled(NamedTuple):
    """A post with the title that its editors work on."""

    id: int
    post_type: str
    title: str


async def editable_titles(
    work: UnitOfWork, post_types: Sequence[PostType], words: str, *, limit: int
) -> list[Titled]:
    """The posts of these types that the actor may edit and that hold the words, the best first."""
    if not post_types or "\x00" in words:
        return []
    found = await holding(work, words, is_ranked=True)
    if not found:
        return []
    ids = sql_cast(list(found), ARRAY(BigInteger))
    may = or_(*(and_(Post.post_type == one.name, editable(work.actor, one)) for one in post_types))
    rows = await work.all(
        select(Post.id, Post.post_type, Revision.title)
        .join(
            Revision,
            and_(Revision.tenant_id == Post.tenant_id, Revision.id == Post.working_revision_id),
        )
        .where(
            Post.tenant_id == work.tenant_id,
            Post.id == func.any(ids),
            Post.status != Status.TRASH.value,
            may,
        )
        .order_by(func.array_position(ids, Post.id))
        .limit(limit)
    )
    return [Titled(*row) for row in rows]
