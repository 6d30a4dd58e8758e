"""Lists of people: who has published is known to everybody, the others to those who manage them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, Text, bindparam, func, or_, select
from sqlalchemy import cast as sql_cast

from cms.content.models import Post
from cms.content.statuses import Status
from cms.database.reads import Query, Snapshot
from cms.database.work import UnitOfWork
from cms.identity.granting import granting
from cms.identity.models import RoleRecord, User, UserRole


@dataclass(frozen=True)
class PeopleQuery:
    """What a list asks for. `published_in` names the post types of which a person must have
    published one; None does not ask. `sees_all`: the reader may list everybody, and search by what
    people sign in with."""

    sees_all: bool
    search: str = ""
    include: Sequence[int] = ()
    exclude: Sequence[int] = ()
    slugs: Sequence[str] = ()
    roles: Sequence[str] = ()
    capabilities: Sequence[str] = ()
    writes: bool = False
    published_in: Sequence[str] | None = None
    order_by: str = "name"
    descending: bool = False
    limit: int = 10
    offset: int = 0


def public_types(work: UnitOfWork) -> list[str]:
    """The types by whose posts a person becomes known to readers."""
    return [one.name for one in work.registry.post_types.values() if one.is_public]


def has_published(work: UnitOfWork, types: Sequence[str]) -> ColumnElement[bool]:
    """The people whose name stands on something that everybody may read."""
    return (
        select(Post.id)
        .where(
            Post.tenant_id == work.tenant_id,
            Post.author_id == User.id,
            Post.post_type.in_(types),
            Post.status == Status.PUBLISH.value,
        )
        .exists()
    )


async def page(work: UnitOfWork, query: PeopleQuery) -> tuple[list[User], int]:
    """A page of people, and how many match in all."""
    matching = _matching(work, query)
    rows = await work.all(
        matching.add_columns(func.count().over().label("total"))
        .order_by(*_order(query))
        .limit(query.limit)
        .offset(query.offset)
    )
    if rows:
        return [row[0] for row in rows], rows[0].total
    count = await work.one(select(func.count()).select_from(matching.subquery()))
    return [], int(count[0])


async def shown_to_all(work: UnitOfWork, user_ids: Sequence[int]) -> set[int]:
    """Those of these people whom everybody may see."""
    rows = await work.all(
        select(User.id).where(
            User.tenant_id == work.tenant_id,
            User.id.in_(user_ids),
            User.left_at.is_(None),
            has_published(work, public_types(work)),
        )
    )
    return {row.id for row in rows}


HAS_PUBLISHED = (
    select(Post.id)
    .where(
        Post.tenant_id == bindparam("tenant"),
        Post.author_id == User.id,
        Post.post_type == func.any(bindparam("types", type_=ARRAY(Text))),
        Post.status == Status.PUBLISH.value,
    )
    .exists()
    .label("has_published")
)
"""Whether somebody has published posts of `types`, in a statement about people of `tenant`."""
_PERSON = Snapshot(User)
_SOME = Query(
    select(
        *_PERSON.columns,
        HAS_PUBLISHED,
    ).where(
        User.tenant_id == bindparam("tenant"),
        User.id == func.any(bindparam("ids", type_=ARRAY(BigInteger))),
        User.left_at.is_(None),
    )
)


async def some(work: UnitOfWork, user_ids: Sequence[int]) -> list[tuple[Any, bool]]:
    """These people, as far as they are here, and whether everybody may see them."""
    types = list(public_types(work))
    rows = await work.fetch(_SOME, tenant=work.tenant_id, ids=list(user_ids), types=types)
    return [(_PERSON.of(row), row.has_published) for row in rows]


def _matching(work: UnitOfWork, query: PeopleQuery) -> Select[User]:
    statement = select(User).where(User.tenant_id == work.tenant_id, User.left_at.is_(None))
    if not query.sees_all:
        statement = statement.where(has_published(work, public_types(work)))
    wanted: list[ColumnElement[bool] | None] = [
        _search(query) if query.search else None,
        User.id.in_(query.include) if query.include else None,
        User.id.not_in(query.exclude) if query.exclude else None,
        User.nicename.in_(query.slugs) if query.slugs else None,
        _holds(work, UserRole.role_name.in_(query.roles)) if query.roles else None,
        *(_holds(work, granting(name)) for name in query.capabilities),
        _holds(work, granting("edit_posts")) if query.writes else None,
        has_published(work, query.published_in) if query.published_in is not None else None,
    ]
    return statement.where(*(condition for condition in wanted if condition is not None))


def _search(query: PeopleQuery) -> ColumnElement[bool]:
    """Name and address of the page for everybody: a search in logins and e-mail addresses would
    tell a stranger letter by letter what people sign in with."""
    folded = func.cms.fold(query.search)
    words = query.search.strip("*")
    found = [
        func.strpos(func.cms.fold(User.display_name), folded) > 0,
        User.nicename.contains(words.lower(), autoescape=True),
    ]
    if query.sees_all:
        columns = (User.login, User.email, User.url)
        found += [column.contains(words.lower(), autoescape=True) for column in columns]
    return or_(*found)


def _holds(work: UnitOfWork, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(UserRole.user_id)
        .join(
            RoleRecord,
            (RoleRecord.tenant_id == UserRole.tenant_id) & (RoleRecord.name == UserRole.role_name),
        )
        .where(UserRole.tenant_id == work.tenant_id, UserRole.user_id == User.id, condition)
        .exists()
    )


def _order(query: PeopleQuery) -> list[Any]:
    if query.order_by == "include":
        ids = sql_cast(list(query.include), ARRAY(BigInteger()))
        return [func.array_position(ids, User.id), User.id]
    if query.order_by == "include_slugs":
        slugs = sql_cast(list(query.slugs), ARRAY(Text()))
        return [func.array_position(slugs, User.nicename), User.id]
    columns: dict[str, Any] = {
        "id": User.id,
        "name": func.cms.fold(User.display_name),
        "registered_date": User.created_at,
        "slug": User.nicename,
        "email": User.email,
        "url": User.url,
    }
    column = columns[query.order_by]
    return [column.desc() if query.descending else column.asc(), User.id]
