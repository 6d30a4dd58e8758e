"""The revisions of one post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, Select, and_, func, literal, select, tuple_
from sqlalchemy import cast as sql_cast

from cms.content.models import Post, Rendering, Revision
from cms.database.work import UnitOfWork
from cms.identity.models import User


@dataclass(frozen=True)
class RevisionQuery:
    """What a list of revisions asks for; in a search every word must be found."""

    search: str = ""
    include: Sequence[int] = ()
    exclude: Sequence[int] = ()
    order_by: str = "date"
    descending: bool = True
    limit: int = 100
    offset: int = 0


async def page(
    work: UnitOfWork, post: Post, query: RevisionQuery
) -> tuple[list[tuple[Revision, Rendering]], int]:
    """A page of the revisions of a post, and how many there are."""
    matching = _of(work, post).where(*_filters(query))
    rows = await work.all(
        matching.add_columns(func.count().over().label("total"))
        .order_by(*_order(query))
        .limit(query.limit)
        .offset(query.offset)
    )
    total = rows[0].total if rows else await _count(work, matching)
    return [(row[0], row[1]) for row in rows], total


class Entry(NamedTuple):
    """A revision as a list of them shows it, without its text."""

    id: int
    created_at: datetime
    kind: str
    editor: str
    title: str
    content_hash: bytes


async def listed(
    work: UnitOfWork, post: Post, *, limit: int, before: Entry | None = None
) -> list[Entry]:
    """Revisions of a post without their texts, the newest first; `before` is the last of the page
    before."""
    conditions = [Revision.tenant_id == work.tenant_id, Revision.post_id == post.id]
    if before is not None:
        place = tuple_(Revision.created_at, Revision.id)
        conditions.append(place < tuple_(literal(before.created_at), before.id))
    rows = await work.all(
        select(
            Revision.id,
            Revision.created_at,
            Revision.kind,
            func.coalesce(User.display_name, ""),
            Revision.title,
            Revision.content_hash,
        )
        .outerjoin(User, and_(User.tenant_id == Revision.tenant_id, User.id == Revision.editor_id))
        .where(*conditions)
        .order_by(Revision.created_at.desc(), Revision.id.desc())
        .limit(limit)
    )
    return [Entry(*row) for row in rows]


async def one(work: UnitOfWork, post: Post, revision_id: int) -> tuple[Revision, Rendering] | None:
    """One revision of this very post with its rendering."""
    row = await work.one(_of(work, post).where(Revision.id == revision_id))
    return (row[0], row[1]) if row is not None else None


def _of(work: UnitOfWork, post: Post) -> Select[Revision, Rendering]:
    return (
        select(Revision, Rendering)
        .join(
            Rendering,
            and_(Rendering.tenant_id == Revision.tenant_id, Rendering.revision_id == Revision.id),
        )
        .where(Revision.tenant_id == work.tenant_id, Revision.post_id == post.id)
    )


async def _count(work: UnitOfWork, matching: Select[Revision, Rendering]) -> int:
    ids = matching.with_only_columns(Revision.id).subquery()
    row = await work.one(select(func.count()).select_from(ids))
    return int(row[0])


def _filters(query: RevisionQuery) -> list[Any]:
    text = func.cms.fold(func.concat_ws(" ", Revision.title, Revision.excerpt, Revision.content))
    conditions: list[Any] = [
        # As it is folded, so is the text; a word is looked for wherever it stands.
        func.strpos(text, func.cms.fold(word)) > 0
        for word in query.search.split()
    ]
    if query.include:
        conditions.append(Revision.id.in_(query.include))
    if query.exclude:
        conditions.append(Revision.id.not_in(query.exclude))
    return conditions


def _order(query: RevisionQuery) -> list[Any]:
    if query.order_by == "include":
        wanted = sql_cast(list(query.include), ARRAY(BigInteger))
        return [func.array_position(wanted, Revision.id)]
    # All revisions of a post have one slug, and none is more relevant than the newest.
    columns = {"id": Revision.id, "title": func.cms.fold(Revision.title)}
    column = columns.get(query.order_by, Revision.created_at)
    ordered = (column, Revision.id)
    return [one.desc() if query.descending else one.asc() for one in ordered]
