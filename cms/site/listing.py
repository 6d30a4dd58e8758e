"""Pages of texts that everybody may read, of several types at once, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select, union_all

from cms.content.models import Post
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.site.feeds import filed_under

MOST_PAGES = 1000


@dataclass(frozen=True)
class Wanted:
    """What a list holds: texts of these types, filed under the term or below it, by the author,
    from `since` until before `until` (the site's wall time)."""

    types: Sequence[str]
    term_id: int | None = None
    author_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Page:
    """Ids with their types, and whether older ones follow."""

    posts: Sequence[tuple[int, str]]
    has_more: bool


async def page(work: UnitOfWork, wanted: Wanted, *, number: int, limit: int) -> Page:
    """A page of it, by one statement, without counting what it does not show."""
    types = [name for name in wanted.types if _is_public(work, name)]
    if not types:
        return Page((), False)
    offset = (number - 1) * limit
    # Each type by its own index, which gives it in order; then the few that are left are merged.
    filed = filed_under(work, wanted.term_id) if wanted.term_id is not None else None
    parts = [
        _of_type(work, wanted, name, filed).limit(offset + limit + 1).subquery() for name in types
    ]
    merged = union_all(*(select(part) for part in parts)).subquery()
    rows = await work.all(
        select(merged.c.id, merged.c.post_type)
        .order_by(merged.c.date_local.desc(), merged.c.id.desc())
        .limit(limit + 1)
        .offset(offset)
    )
    return Page([(row.id, row.post_type) for row in rows[:limit]], len(rows) > limit)


def _is_public(work: UnitOfWork, name: str) -> bool:
    declared = work.registry.post_types.get(name)
    return declared is not None and declared.is_public


def _of_type(work: UnitOfWork, wanted: Wanted, name: str, filed: Select[Any] | None) -> Select[Any]:
    conditions = [
        Post.tenant_id == work.tenant_id,
        Post.post_type == name,
        Post.status == Status.PUBLISH.value,
    ]
    if filed is not None:
        conditions.append(Post.id.in_(filed))
    if wanted.author_id is not None:
        conditions.append(Post.author_id == wanted.author_id)
    if wanted.since is not None:
        conditions.append(Post.date_local >= wanted.since)
    if wanted.until is not None:
        conditions.append(Post.date_local < wanted.until)
    columns: Any = select(Post.id, literal(name).label("post_type"), Post.date_local)
    found: Select[Any] = columns.where(*conditions).order_by(Post.date_local.desc(), Post.id.desc())
    return found
