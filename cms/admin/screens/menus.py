"""Menus: their items, how these stand below each other, and where each menu is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response
from sqlalchemy import select

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.content.models import Post, Term
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.site import items, menus
from cms.site.items import CUSTOM, POST, TERM
from cms.site.links import Target, resolve
from cms.site.menus import MenuChanges
from cms.site.models import Menu, MenuItem

_HOME = "/admin/menus"
_MOST_OFFERED = 50


@dataclass(frozen=True)
class Line:
    """An item as the screen shows it. `moves` are the ways in which it can go."""

    item: MenuItem
    target: Target
    depth: int
    moves: tuple[str, ...]


@screen(_HOME, action="menu.read", resource="menu")
async def list_menus(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The site's menus and where they are shown."""
    return await _listed(work, page, {})


async def _listed(work: UnitOfWork, page: Page, faults: dict[str, str]) -> Response[bytes]:
    rows = await work.all(
        select(Menu).where(Menu.tenant_id == work.tenant_id).order_by(Menu.sort_key, Menu.id)
    )
    return page.render(
        "menus/list.html",
        status=422 if faults else 200,
        menus=[row[0] for row in rows],
        shown_at=await menus.locations(work),
        places=work.tenant.site.menu_locations,
        faults=faults,
        may_edit=page.may("menu.edit"),
    )


@form(_HOME, action="menu.create", resource="menu")
async def add_menu(work: UnitOfWork, page: Page) -> Response[bytes]:
    """A menu without items."""
    try:
        made = await menus.create(work, MenuChanges(name=page.form.text("name")))
    except InvalidInput as refused:
        return await _listed(work, page, refused.faults)
    return page.redirect(f"{_HOME}/{made.id}", page.say("The menu is added. Now add its items."))


@screen(f"{_HOME}/{{menu_id:int}}", action="menu.read", resource="menu")
async def show_menu(work: UnitOfWork, page: Page, menu_id: int, q: str = "") -> Response[bytes]:
    """One menu with its items, and what can be added to it."""
    return await _shown(work, page, menu_id, q=q)


async def _shown(
    work: UnitOfWork, page: Page, menu_id: int, *, q: str = "", faults: Any = None
) -> Response[bytes]:
    menu = await menus.get(work, menu_id)
    return page.render(
        "menus/menu.html",
        status=422 if faults else 200,
        menu=menu,
        lines=await _lines(work, menu_id),
        shown_at=(await menus.locations(work)).get(menu_id, []),
        places=work.tenant.site.menu_locations,
        posts=await _posts(work, q),
        terms=await _terms(work, q),
        q=q,
        faults=faults or {},
    )


async def _ordered(work: UnitOfWork, menu_id: int) -> list[MenuItem]:
    rows = await work.all(
        select(MenuItem)
        .where(MenuItem.tenant_id == work.tenant_id, MenuItem.menu_id == menu_id)
        .order_by(MenuItem.position, MenuItem.id)
    )
    return [row[0] for row in rows]


def _below(found: Sequence[MenuItem]) -> dict[int | None, list[MenuItem]]:
    """The items by what they stand below; what has lost its parent stands at the top."""
    known = {one.id for one in found}
    below: dict[int | None, list[MenuItem]] = {}
    for one in found:
        below.setdefault(one.parent_id if one.parent_id in known else None, []).append(one)
    return below


async def _lines(work: UnitOfWork, menu_id: int) -> list[Line]:
    found = await _ordered(work, menu_id)
    below, targets = _below(found), await resolve(work, found)
    lines: list[Line] = []

    def add(parent: int | None, depth: int) -> None:
        siblings = below.get(parent, [])
        for place, one in enumerate(siblings):
            moves = (
                *(("up", "in") if place else ()),
                *(("down",) if place + 1 < len(siblings) else ()),
                *(("out",) if depth else ()),
            )
            lines.append(Line(one, targets[one.id], depth, moves))
            add(one.id, depth + 1)

    add(None, 0)
    return lines


async def _posts(work: UnitOfWork, words: str) -> list[Post]:
    """Published posts to lead to; those with the words in their title, or the newest."""
    types = [name for name, one in work.registry.post_types.items() if one.is_public]
    wanted = [Post.title.icontains(word, autoescape=True) for word in words.split()[:5]]
    rows = await work.all(
        select(Post)
        .where(
            Post.tenant_id == work.tenant_id,
            Post.post_type.in_(types),
            Post.status == Status.PUBLISH.value,
            *wanted,
        )
        .order_by(Post.date_gmt.desc())
        .limit(_MOST_OFFERED)
    )
    return [row[0] for row in rows]


async def _terms(work: UnitOfWork, words: str) -> list[Term]:
    wanted = [Term.name.icontains(word, autoescape=True) for word in words.split()[:5]]
    public = [name for name, one in work.registry.taxonomies.items() if one.is_public]
    rows = await work.all(
        select(Term)
        .where(Term.tenant_id == work.tenant_id, Term.taxonomy.in_(public), *wanted)
        .order_by(Term.sort_key, Term.id)
        .limit(_MOST_OFFERED)
    )
    return [row[0] for row in rows]


@form(f"{_HOME}/{{menu_id:int}}", action="menu.edit", resource="menu")
async def save_menu(work: UnitOfWork, page: Page, menu_id: int) -> Response[bytes]:
    """Rename the menu, and say where it is shown."""
    changes = MenuChanges(
        name=page.form.text("name"),
        auto_add=page.form.has("auto_add"),
        locations=tuple(page.form.all("locations")),
    )
    try:
        await menus.change(work, menu_id, changes)
    except InvalidInput as refused:
        work.session.expire_all()
        return await _shown(work, page, menu_id, faults=refused.faults)
    return page.redirect(f"{_HOME}/{menu_id}", page.say("The menu is saved."))


@form(f"{_HOME}/{{menu_id:int}}/delete", action="menu.delete", resource="menu")
async def delete_menu(work: UnitOfWork, page: Page, menu_id: int) -> Response[bytes]:
    """Delete it with its items."""
    await menus.remove(work, menu_id)
    return page.redirect(_HOME, page.say("The menu is deleted."))


@form(f"{_HOME}/{{menu_id:int}}/items", action="menu_item.create", resource="menu_item")
async def add_items(work: UnitOfWork, page: Page, menu_id: int) -> Response[bytes]:
    """Add what was ticked, and a link of one's own, at the end."""
    place = 1 + max([one.position for one in await _ordered(work, menu_id)], default=0)
    wanted: list[dict[str, Any]] = [
        *({"kind": POST, "object_id": one} for one in page.form.numbers("posts")),
        *({"kind": TERM, "object_id": one} for one in page.form.numbers("terms")),
    ]
    if page.form.text("url") or page.form.text("title"):
        link = {"title": page.form.text("title"), "url": page.form.text("url")}
        wanted.append({"kind": CUSTOM, **link})
    if not wanted:
        raise InvalidInput({"items": "tick something, or write a link"})
    try:
        for number, one in enumerate(wanted):
            await items.create(work, {"menu_id": menu_id, "position": place + number, **one})
    except InvalidInput as refused:
        await work.session.rollback()
        return await _shown(work, page, menu_id, faults=refused.faults)
    return page.redirect(f"{_HOME}/{menu_id}", page.say("The items are added."))


@form(
    f"{_HOME}/{{menu_id:int}}/items/{{item_id:int}}", action="menu_item.edit", resource="menu_item"
)
async def change_item(work: UnitOfWork, page: Page, menu_id: int, item_id: int) -> Response[bytes]:
    """Move an item, take it away, or change its words."""
    step = page.form.text("step")
    if step == "remove":
        await items.remove(work, item_id)
    elif step in _MOVES:
        await _move(work, menu_id, item_id, step)
    else:
        said = {"title": page.form.text("title")}
        if page.form.has("url"):
            said["url"] = page.form.text("url")
        try:
            await items.change(work, item_id, said)
        except InvalidInput as refused:
            await work.session.rollback()
            return await _shown(work, page, menu_id, faults=refused.faults)
    return page.redirect(f"{_HOME}/{menu_id}#item-{item_id}")


_MOVES = ("up", "down", "in", "out")


async def _move(work: UnitOfWork, menu_id: int, item_id: int, step: str) -> None:
    """One step among its siblings, below the one before it, or beside what it stands below; then
    positions are given anew, from top to bottom."""
    await menus.lock(work, menu_id)
    found = await _ordered(work, menu_id)
    by_id, below = {one.id: one for one in found}, _below(found)
    if item_id not in by_id:
        raise InvalidInput({"item": "is no item of this menu; load the page again"})
    item = by_id[item_id]
    parent = item.parent_id if item.parent_id in by_id else None
    siblings = below[parent]
    place = siblings.index(item)
    siblings.pop(place)
    if step == "in" and place:
        parent = siblings[place - 1].id
        below.setdefault(parent, []).append(item)
    elif step == "out" and parent is not None:
        above = by_id[parent]
        parent = above.parent_id if above.parent_id in by_id else None
        below[parent].insert(below[parent].index(above) + 1, item)
    else:
        siblings.insert(max(0, place + {"up": -1, "down": 1}.get(step, 0)), item)
    await _renumber(work, below, item, parent)


@form(f"{_HOME}/{{menu_id:int}}/order", action="menu_item.edit", resource="menu_item")
async def place_item(work: UnitOfWork, page: Page, menu_id: int) -> Response[bytes]:
    """Put an item, with all that stands below it, before another one and on its level; or at the
    end of the menu. Before itself or something below it, it stays where it is."""
    await menus.lock(work, menu_id)
    found = await _ordered(work, menu_id)
    by_id, below = {one.id: one for one in found}, _below(found)
    item = by_id.get(page.form.number("moved") or 0)
    before = by_id.get(page.form.number("before") or 0)
    if item is None:
        raise InvalidInput({"item": "is no item of this menu; load the page again"})
    if before is None or not _is_within(before, item, by_id):
        parent = before.parent_id if before and before.parent_id in by_id else None
        below[item.parent_id if item.parent_id in by_id else None].remove(item)
        siblings = below.setdefault(parent, [])
        siblings.insert(siblings.index(before) if before else len(siblings), item)
        await _renumber(work, below, item, parent)
    return page.redirect(f"{_HOME}/{menu_id}#item-{item.id}", page.say("The order is saved."))


def _is_within(one: MenuItem, around: MenuItem, by_id: Mapping[int, MenuItem]) -> bool:
    """Whether it is the other one, or stands below it."""
    above: MenuItem | None = one
    while above is not None and above is not around:
        above = by_id.get(above.parent_id or 0)
    return above is not None


async def _renumber(
    work: UnitOfWork, below: dict[int | None, list[MenuItem]], moved: MenuItem, parent: int | None
) -> None:
    order: list[MenuItem] = []

    def walk(above: int | None) -> None:
        for one in below.get(above, ()):
            order.append(one)
            walk(one.id)

    walk(None)
    for number, one in enumerate(order, start=1):
        wanted: dict[str, Any] = {"position": number}
        if one is moved:
            wanted["parent_id"] = parent
        if one.position != number or one is moved:
            await items.change(work, one.id, wanted)


MENU_SCREENS: list[Any] = [
    list_menus,
    add_menu,
    show_menu,
    save_menu,
    delete_menu,
    add_items,
    change_item,
    place_item,
]
