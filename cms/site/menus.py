"""Menus: named lists of links, and the places of the theme where they are shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape

from sqlalchemy import and_, delete, func, or_, select

from cms.content.naming import hold
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import Conflict, InvalidInput, NotFound
from cms.kernel.events import difference
from cms.markup.clean import clean_title, escaped
from cms.markup.slugs import slug_of
from cms.markup.tokens import MARKUP
from cms.site.events import MenuChanged, MenuCreated, MenuDeleted
from cms.site.models import Menu, MenuItem, MenuLocation
from cms.site.types import THEME

_REFUSAL = "Changing menus needs the right to edit the options of the theme."


@dataclass(frozen=True)
class MenuChanges:
    """What a request wants changed; None leaves a thing as it is."""

    name: str | None = None
    slug: str | None = None
    description: str | None = None
    auto_add: bool | None = None
    locations: Sequence[str] | None = None


async def create(work: UnitOfWork, changes: MenuChanges, *, menu_id: int | None = None) -> Menu:
    """A new menu. Conflict when one of this name exists. Only imports, which reserve theirs, give
    an id."""
    require(work.actor.has(THEME), "menu.create", _REFUSAL)
    menu = Menu(
        tenant_id=work.tenant_id, id=menu_id or await work.next_id("term"), name="", slug=""
    )
    menu.description, menu.auto_add = "", False
    await _set(work, menu, changes)
    work.session.add(menu)
    await work.session.flush()
    await _place(work, menu, changes.locations or ())
    await work.emit(MenuCreated(menu_id=menu.id, after=_told(menu, changes)))
    return menu


async def change(work: UnitOfWork, menu_id: int, changes: MenuChanges) -> Menu:
    """Rename, describe or place a menu."""
    require(work.actor.has(THEME), "menu.edit", _REFUSAL)
    menu = await lock(work, menu_id)
    await work.decide("menu.edit", "menu", menu.id)
    before = _told(menu, changes)
    await _set(work, menu, changes)
    if changes.locations is not None:
        before["locations"] = (await locations(work)).get(menu.id, [])
        await _place(work, menu, changes.locations)
    old, new = difference(before, _told(menu, changes))
    await work.emit(MenuChanged(menu_id=menu.id, before=old, after=new))
    return menu


async def remove(work: UnitOfWork, menu_id: int) -> None:
    """Delete a menu with its items; the places where it was shown are empty then."""
    require(work.actor.has(THEME), "menu.delete", _REFUSAL)
    menu = await lock(work, menu_id)
    await work.decide("menu.delete", "menu", menu.id)
    # Named one by one, so that the trail sees what a cascade would hide.
    for table, column in ((MenuItem, MenuItem.menu_id), (MenuLocation, MenuLocation.menu_id)):
        await work.execute(
            delete(table).where(table.tenant_id == work.tenant_id, column == menu.id)
        )
    await work.session.delete(menu)
    await work.emit(MenuDeleted(menu_id=menu.id, before={"slug": menu.slug}))


async def get(work: UnitOfWork, menu_id: int) -> Menu:
    """The menu, or NotFound as for any term."""
    menu = await work.session.get(Menu, (work.tenant_id, menu_id))
    if menu is None:
        raise NotFound("term", menu_id)
    return menu


async def lock(work: UnitOfWork, menu_id: int) -> Menu:
    """The menu, held until the end of the transaction."""
    menu: Menu | None = await work.entity(
        select(Menu)
        .where(Menu.tenant_id == work.tenant_id, Menu.id == menu_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if menu is None:
        raise NotFound("term", menu_id)
    return menu


async def locations(work: UnitOfWork) -> dict[int, list[str]]:
    """The places of each menu by its id, in the order that the site names them; a place that the
    site does not name any more counts no longer."""
    rows = await work.all(
        select(MenuLocation.location, MenuLocation.menu_id).where(
            MenuLocation.tenant_id == work.tenant_id
        )
    )
    shown = {row.location: row.menu_id for row in rows}
    found: dict[int, list[str]] = {}
    for name in work.tenant.site.menu_locations:
        if name in shown:
            found.setdefault(shown[name], []).append(name)
    return found


async def of_items(
    work: UnitOfWork, item_ids: Sequence[int], *, shown: bool = False
) -> dict[int, Menu]:
    """The menu of each item by the item's id; with `shown` only menus at a place of the theme."""
    statement = (
        select(MenuItem.id, Menu)
        .join(Menu, and_(Menu.tenant_id == MenuItem.tenant_id, Menu.id == MenuItem.menu_id))
        .where(MenuItem.tenant_id == work.tenant_id, MenuItem.id.in_(item_ids))
    )
    if shown:
        at_places = select(MenuLocation.menu_id).where(
            MenuLocation.tenant_id == work.tenant_id,
            MenuLocation.location.in_(list(work.tenant.site.menu_locations)),
        )
        statement = statement.where(Menu.id.in_(at_places))
    return {row[0]: row[1] for row in await work.all(statement)}


def unknown_locations(work: UnitOfWork, wanted: Iterable[str]) -> list[str]:
    """The names that are no places of this site."""
    return [name for name in wanted if name not in work.tenant.site.menu_locations]


async def _set(work: UnitOfWork, menu: Menu, changes: MenuChanges) -> None:
    if changes.name is not None:
        # A name is text: markup in it would be shown to whoever lists the menus.
        menu.name = " ".join(unescape(MARKUP.sub("", clean_title(changes.name))).split())
    if not menu.name:
        raise InvalidInput({"name": "must hold at least one letter or digit"})
    if changes.description is not None:
        menu.description = clean_title(changes.description)
    if changes.auto_add is not None:
        menu.auto_add = changes.auto_add
    if changes.name is not None or changes.slug is not None:
        await hold(work, "menus")
        await _name_apart(work, menu, changes.slug)


async def _name_apart(work: UnitOfWork, menu: Menu, slug: str | None) -> None:
    """No two menus of one name; a slug that is taken gets a number."""
    wanted = slug_of(slug or "") or menu.slug or slug_of(menu.name) or f"menu-{menu.id}"
    rows = await work.all(
        select(Menu.id, Menu.name, Menu.slug).where(
            Menu.tenant_id == work.tenant_id,
            Menu.id != menu.id,
            or_(
                func.lower(Menu.name) == menu.name.lower(),
                Menu.slug == wanted,
                Menu.slug.startswith(f"{wanted}-", autoescape=True),
            ),
        )
    )
    for row in rows:
        if row.name.lower() == menu.name.lower():
            raise Conflict(
                f"The menu name <strong>{escaped(menu.name)}</strong> conflicts with another "
                "menu name. Please try another.",
                code="menu_exists",
                term_id=row.id,
            )
    taken, number, menu.slug = {row.slug for row in rows}, 2, wanted
    while menu.slug in taken:
        menu.slug, number = f"{wanted}-{number}", number + 1


async def _place(work: UnitOfWork, menu: Menu, wanted: Sequence[str]) -> None:
    """Show the menu at these places and at no others; who stood there before has to go."""
    unknown = unknown_locations(work, wanted)
    if unknown:
        raise InvalidInput(
            {"locations": "Invalid menu location."},
            codes={"locations": "rest_invalid_menu_location"},
        )
    await work.execute(
        delete(MenuLocation).where(
            MenuLocation.tenant_id == work.tenant_id,
            or_(MenuLocation.menu_id == menu.id, MenuLocation.location.in_(wanted)),
        )
    )
    for name in dict.fromkeys(wanted):
        work.session.add(MenuLocation(tenant_id=work.tenant_id, location=name, menu_id=menu.id))


def _told(menu: Menu, changes: MenuChanges) -> dict[str, object]:
    told: dict[str, object] = {"name": menu.name, "slug": menu.slug, "auto_add": menu.auto_add}
    if changes.locations is not None:
        told["locations"] = list(changes.locations)
    return told
