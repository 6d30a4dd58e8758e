"""Lists of posts for those who write them: the newest first, a page after the row that the page
before ended with, whatever the site holds.

Each status is walked along its index for as many rows as a page has, and the page is cut from what
they give: a list of several statuses costs as many short walks, and never a sort of all posts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy import cast as sql_cast

from cms.content.models import Post, Revision
from cms.content.reading import TermFilter, filed, holding
from cms.content.statuses import Status
from cms.content.visibility import editable_in
from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.kernel.declarations import PostType

LISTED = (Status.PUBLISH, Status.FUTURE, Status.PENDING, Status.DRAFT, Status.PRIVATE)
"""What a list shows that asks for no status: all but what is in the bin or was never saved."""

COUNTED = 100
"""How far posts of a status are counted: then there are many."""


class Place(NamedTuple):
    """The row that a page ended with. The date is the site's wall time."""

    date: datetime
    post_id: int


@dataclass(frozen=True)
class Browsing:
    """What a list asks for. Dates are the site's wall time; `conditions` are further ones on posts,
    such as those of fields."""

    post_type: PostType
    statuses: Sequence[Status] = LISTED
    search: str = ""
    author_id: int | None = None
    terms: Sequence[TermFilter] = ()
    after: datetime | None = None
    before: datetime | None = None
    conditions: Sequence[ColumnElement[bool]] = ()
    limit: int = 50
    start: Place | None = None


class Line(NamedTuple):
    """A post as a list shows it: with the title that its editors work on. `is_changed`: readers
    have another text than the one that is worked on."""

    id: int
    title: str
    status: Status
    author_id: int
    author: str
    date: datetime
    modified: datetime
    content_hash: bytes
    is_changed: bool
    is_live: bool
    is_sticky: bool
    is_protected: bool

    @property
    def place(self) -> Place:
        return Place(self.date, self.id)


async def browse(work: UnitOfWork, asked: Browsing) -> list[Line]:
    """A page of the posts that the actor may edit, and one line more where the list goes on."""
    found = await holding(work, asked.search) if asked.search else None
    if found == []:
        return []
    walks = [_walk(work, asked, status, found) for status in asked.statuses]
    rows = union_all(*(select(walk.subquery()) for walk in walks)).subquery()
    cut = (
        select(rows.c.id)
        .order_by(rows.c.date_local.desc(), rows.c.id.desc())
        .limit(asked.limit + 1)
        .subquery()
    )
    return [_line(row) for row in await work.all(_lines(work, cut))]


def _walk(
    work: UnitOfWork, asked: Browsing, status: Status, found: Sequence[int] | None
) -> Select[int, datetime]:
    conditions = [
        Post.tenant_id == work.tenant_id,
        Post.post_type == asked.post_type.name,
        Post.status == status.value,
        editable_in(work.actor, asked.post_type, status),
        *_whose(work, asked),
        *_filters(work, asked),
    ]
    if found is not None:
        conditions.append(Post.id == func.any(sql_cast(list(found), ARRAY(BigInteger))))
    return (
        select(Post.id, Post.date_local)
        .where(*conditions)
        .order_by(Post.date_local.desc(), Post.id.desc())
        .limit(asked.limit + 1)
    )


def _whose(work: UnitOfWork, asked: Browsing) -> list[ColumnElement[bool]]:
    """Who edits her own posts only is given the index by author, which `editable` hides."""
    whose = [] if asked.author_id is None else [Post.author_id == asked.author_id]
    if not work.actor.has(asked.post_type.capability("edit_others")):
        whose.append(Post.author_id == work.actor.user_id)
    return whose


def _filters(work: UnitOfWork, asked: Browsing) -> list[ColumnElement[bool]]:
    conditions = [*asked.conditions, *(filed(work, one) for one in asked.terms if one.ids)]
    if asked.after:
        conditions.append(Post.date_local >= asked.after)
    if asked.before:
        conditions.append(Post.date_local < asked.before)
    if asked.start:
        place = tuple_(literal(asked.start.date, Post.date_local.type), asked.start.post_id)
        conditions.append(tuple_(Post.date_local, Post.id) < place)
    return conditions


def _lines(work: UnitOfWork, cut: Any) -> Any:
    return (
        select(
            Post.id,
            Revision.title,
            Post.status,
            Post.author_id,
            func.coalesce(User.display_name, "").label("author"),
            Post.date_local,
            Post.modified_gmt,
            Revision.content_hash,
            Post.live_revision_id,
            Post.working_revision_id,
            Post.is_sticky,
            (Post.password != "").label("is_protected"),
        )
        .join(cut, cut.c.id == Post.id)
        .join(
            Revision,
            and_(Revision.tenant_id == Post.tenant_id, Revision.id == Post.working_revision_id),
        )
        .outerjoin(User, and_(User.tenant_id == Post.tenant_id, User.id == Post.author_id))
        .where(Post.tenant_id == work.tenant_id)
        .order_by(Post.date_local.desc(), Post.id.desc())
    )


def _line(row: Any) -> Line:
    return Line(
        row.id,
        row.title,
        Status(row.status),
        row.author_id,
        row.author,
        row.date_local,
        row.modified_gmt,
        row.content_hash,
        row.live_revision_id not in {None, row.working_revision_id},
        row.live_revision_id is not None,
        row.is_sticky,
        row.is_protected,
    )


async def counts(work: UnitOfWork, post_type: PostType) -> Mapping[Status, int]:
    """How many posts of each status the actor may edit, counted up to `COUNTED`."""
    asked = Browsing(post_type, limit=COUNTED - 1)
    statuses = (*LISTED, Status.TRASH)
    columns = [
        select(func.count())
        .select_from(_walk(work, asked, status, None).subquery())
        .scalar_subquery()
        .label(status.name)
        for status in statuses
    ]
    row = await work.one(select(*columns))
    return dict(zip(statuses, row, strict=True))
