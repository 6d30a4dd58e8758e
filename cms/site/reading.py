"""Lists of menus and of their items, filtered by what the reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, Text, func, or_, select
from sqlalchemy import cast as sql_cast

from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.actors import Actor
from cms.site.models import Menu, MenuItem, MenuLocation
from cms.site.types import THEME


def may_see_all(actor: Actor, work: UnitOfWork) -> bool:
    """Who edits anything may read menus, as in WordPress."""
    if actor.is_anonymous:
        return False
    edits = {THEME, *(one.capability("edit") for one in work.registry.post_types.values())}
    return any(actor.has(capability) for capability in edits)


@dataclass(frozen=True)
class MenuQuery:
    """What a list of menus asks for. `shown`: only those that stand at a place of the theme."""

    include: Sequence[int] = ()
    exclude: Sequence[int] = ()
    slugs: Sequence[str] = ()
    search: str = ""
    hide_empty: bool = False
    item_id: int | None = None
    order_by: str = "name"
    descending: bool = False
    limit: int = 10
    offset: int = 0
    shown: bool = False


async def menus(work: UnitOfWork, query: MenuQuery) -> tuple[list[Menu], int]:
    """A page of menus, and how many match in all."""
    statement = select(Menu, func.count().over().label("total")).where(
        Menu.tenant_id == work.tenant_id, *_menu_filters(work, query)
    )
    return await _page(work, statement, _menu_order(query), query.limit, query.offset)


def _menu_filters(work: UnitOfWork, query: MenuQuery) -> list[ColumnElement[bool]]:
    of_item = select(MenuItem.menu_id).where(
        MenuItem.tenant_id == work.tenant_id, MenuItem.id == (query.item_id or 0)
    )
    filled = select(MenuItem.menu_id).where(MenuItem.tenant_id == work.tenant_id)
    wanted = [
        Menu.id.in_(query.include) if query.include else None,
        Menu.id.not_in(query.exclude) if query.exclude else None,
        Menu.slug.in_(query.slugs) if query.slugs else None,
        Menu.sort_key.contains(func.cms.fold(query.search), autoescape=False)
        if query.search
        else None,
        Menu.id.in_(filled.where(MenuItem.menu_id.is_not(None))) if query.hide_empty else None,
        Menu.id.in_(of_item) if query.item_id else None,
        Menu.id.in_(placed(work)) if query.shown else None,
    ]
    return [condition for condition in wanted if condition is not None]


def placed(work: UnitOfWork) -> Select[int]:
    """The ids of the menus that stand at a place of the theme."""
    return select(MenuLocation.menu_id).where(
        MenuLocation.tenant_id == work.tenant_id,
        MenuLocation.location.in_(list(work.tenant.site.menu_locations)),
    )


def _menu_order(query: MenuQuery) -> list[Any]:
    if query.order_by == "include":
        return [_place(query.include, Menu.id, BigInteger())]
    if query.order_by == "include_slugs":
        return [_place(query.slugs, Menu.slug, Text()), Menu.id]
    columns: dict[str, Any] = {
        "id": Menu.id,
        "slug": Menu.slug,
        "description": Menu.description,
        "count": select(func.count())
        .where(MenuItem.tenant_id == Menu.tenant_id, MenuItem.menu_id == Menu.id)
        .correlate(Menu)
        .scalar_subquery(),
    }
    column = columns.get(query.order_by, Menu.sort_key)
    return [column.desc() if query.descending else column.asc(), Menu.id]


@dataclass(frozen=True)
class ItemQuery:
    """What a list of items asks for. `all_menus`: those that must hold an item at once."""

    statuses: Sequence[Status] = (Status.PUBLISH,)
    menus: Sequence[int] = ()
    menus_exclude: Sequence[int] = ()
    all_menus: bool = False
    include: Sequence[int] = ()
    exclude: Sequence[int] = ()
    slugs: Sequence[str] = ()
    search: str = ""
    menu_order: int | None = None
    after: datetime | None = None
    before: datetime | None = None
    modified_after: datetime | None = None
    modified_before: datetime | None = None
    order_by: str = "menu_order"
    descending: bool = False
    limit: int = 100
    offset: int = 0
    shown: bool = False


async def items(work: UnitOfWork, query: ItemQuery) -> tuple[list[MenuItem], int]:
    """A page of items, and how many match in all."""
    statement = select(MenuItem, func.count().over().label("total")).where(
        MenuItem.tenant_id == work.tenant_id,
        MenuItem.status.in_([one.value for one in query.statuses]),
        *_item_filters(work, query),
    )
    return await _page(work, statement, _item_order(query), query.limit, query.offset)


def _item_filters(work: UnitOfWork, query: ItemQuery) -> list[ColumnElement[bool]]:
    words = func.cms.fold(query.search)
    # An item is in one menu, so no item is in all of several.
    wanted_menus = query.menus if not query.all_menus or len(set(query.menus)) == 1 else [0]
    wanted = [
        MenuItem.menu_id.in_(wanted_menus) if query.menus else None,
        func.coalesce(MenuItem.menu_id, 0).not_in(query.menus_exclude)
        if query.menus_exclude
        else None,
        MenuItem.id.in_(query.include) if query.include else None,
        MenuItem.id.not_in(query.exclude) if query.exclude else None,
        MenuItem.slug.in_(query.slugs) if query.slugs else None,
        or_(
            func.cms.fold(MenuItem.title).contains(words, autoescape=False),
            func.cms.fold(MenuItem.description).contains(words, autoescape=False),
        )
        if query.search
        else None,
        sql_cast(MenuItem.position, BigInteger) == query.menu_order
        if query.menu_order is not None
        else None,
        MenuItem.created_at > query.after if query.after else None,
        MenuItem.created_at < query.before if query.before else None,
        MenuItem.modified_at > query.modified_after if query.modified_after else None,
        MenuItem.modified_at < query.modified_before if query.modified_before else None,
        MenuItem.menu_id.in_(placed(work)) if query.shown else None,
    ]
    return [condition for condition in wanted if condition is not None]


def _item_order(query: ItemQuery) -> list[Any]:
    if query.order_by == "include":
        return [_place(query.include, MenuItem.id, BigInteger())]
    if query.order_by == "include_slugs":
        return [_place(query.slugs, MenuItem.slug, Text()), MenuItem.id]
    columns: dict[str, Any] = {
        "date": MenuItem.created_at,
        "modified": MenuItem.modified_at,
        "id": MenuItem.id,
        "parent": MenuItem.parent_id,
        "slug": MenuItem.slug,
        "title": MenuItem.title,
    }
    column = columns.get(query.order_by, MenuItem.position)
    return [column.desc() if query.descending else column.asc(), MenuItem.id]


def _place(wanted: Sequence[Any], column: Any, kind: Any) -> Any:
    return func.array_position(sql_cast(list(wanted), ARRAY(kind)), column)


async def _page(
    work: UnitOfWork, statement: Any, order: list[Any], limit: int, offset: int
) -> tuple[list[Any], int]:
    rows = await work.all(statement.order_by(*order).limit(limit).offset(offset))
    if rows or not offset:
        return [row[0] for row in rows], rows[0].total if rows else 0
    counted = await work.one(select(func.count()).select_from(statement.subquery()))
    return [], int(counted[0])
