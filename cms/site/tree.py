"""A menu as readers get it: nested, and only what leads somewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, select

from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.site.links import Target, resolve
from cms.site.models import Menu, MenuItem, MenuLocation


@dataclass
class Branch:
    """An item with its target and what stands below it."""

    item: MenuItem
    target: Target
    below: list["Branch"] = field(default_factory=list)


async def menu_at(work: UnitOfWork, location: str) -> tuple[Menu | None, list[Branch]]:
    """The menu of a place and what it shows; no menu when the place is empty, NotFound when
    the site has no such place. Three statements for any number of items."""
    if location not in work.tenant.site.menu_locations:
        raise NotFound("menu location", location)
    return (await menus_at(work, [location])).get(location, (None, []))


async def menus_at(
    work: UnitOfWork, locations: Sequence[str]
) -> dict[str, tuple[Menu, list[Branch]]]:
    """The menus of several places and what they show, of those that are not empty; three
    statements for all of them."""
    rows = await work.all(
        select(MenuLocation.location, Menu, MenuItem)
        .join(Menu, and_(MenuLocation.tenant_id == Menu.tenant_id, MenuLocation.menu_id == Menu.id))
        .outerjoin(
            MenuItem,
            and_(MenuItem.tenant_id == Menu.tenant_id, MenuItem.menu_id == Menu.id),
        )
        .where(Menu.tenant_id == work.tenant_id, MenuLocation.location.in_(locations))
        .order_by(MenuItem.position, MenuItem.id)
    )
    targets = await resolve(work, [row[2] for row in rows if row[2] is not None]) if rows else {}
    found: dict[str, tuple[Menu, list[MenuItem]]] = {}
    for location, menu, item in rows:
        items = found.setdefault(location, (menu, []))[1]
        if item is not None:
            items.append(item)
    return {place: (menu, nested(items, targets)) for place, (menu, items) in found.items()}


def nested(items: list[MenuItem], targets: dict[int, Target]) -> list[Branch]:
    """The items under their parents, in their order. What hangs on an item that is not shown moves
    up to its place: a draft in the middle must not take the links below it from readers."""
    parents = {item.id: item.parent_id for item in items}
    shown = {
        item.id: Branch(item, targets[item.id])
        for item in items
        if targets[item.id].is_valid and item.status == Status.PUBLISH.value
    }
    top: list[Branch] = []
    for item in items:
        if item.id in shown:
            parent = _nearest(parents, shown, item)
            (top if parent is None else parent.below).append(shown[item.id])
    return top


def _nearest(
    parents: dict[int, int | None], shown: dict[int, Branch], item: MenuItem
) -> Branch | None:
    above, passed = item.parent_id, {item.id}
    while above is not None and above not in passed:
        if above in shown:
            return shown[above]
        passed.add(above)
        above = parents.get(above)
    return None
