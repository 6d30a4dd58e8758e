"""The items of menus: each points to a post, a term, an archive, or an address of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from cms.content.faults import Faults
from cms.content.models import Post, Term
from cms.content.permissions import require
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.kernel.events import difference
from cms.markup.addresses import may_link
from cms.markup.clean import clean_title
from cms.markup.slugs import slug_of
from cms.site import menus
from cms.site.events import MenuItemChanged, MenuItemCreated, MenuItemDeleted
from cms.site.models import MenuItem
from cms.site.types import THEME

CUSTOM, POST, TERM, ARCHIVE = "custom", "post_type", "taxonomy", "post_type_archive"
KINDS = (TERM, POST, ARCHIVE, CUSTOM)

# So many items a person can still find her way in, and a reader's request can still carry.
MOST_ITEMS = 500
LONGEST_TEXT = 5000

_REFUSAL = "Changing menus needs the right to edit the options of the theme."
_FIELDS = (
    "menu_id", "parent_id", "status", "position", "kind", "object", "object_id", "title", "url",
    "attr_title", "description", "target", "classes", "xfn",
)  # fmt: skip
_TEXTS = ("title", "attr_title", "description")


async def create(
    work: UnitOfWork, wanted: Mapping[str, Any], *, item_id: int | None = None
) -> MenuItem:
    """A new item; `wanted` are columns of MenuItem, those that miss are empty. Only imports, which
    reserve theirs, give an id."""
    require(work.actor.has(THEME), "menu_item.create", _REFUSAL)
    item = _empty(work, item_id or await work.next_id("post"))
    await _set(work, item, wanted)
    await _add(work, item)
    return item


async def append(work: UnitOfWork, menu_id: int, position: int, post: Post) -> None:
    """An item that leads to a post, at the end of a menu that grows by itself."""
    item = _empty(work, await work.next_id("post"))
    item.menu_id, item.position = menu_id, position
    item.kind, item.object, item.object_id = POST, post.post_type, post.id
    item.slug = str(item.id)
    await _add(work, item)


def _empty(work: UnitOfWork, item_id: int) -> MenuItem:
    return MenuItem(
        tenant_id=work.tenant_id,
        id=item_id,
        menu_id=None,
        parent_id=None,
        status=Status.PUBLISH.value,
        position=1,
        kind=CUSTOM,
        object="",
        object_id=0,
        title="",
        slug="",
        url="",
        attr_title="",
        description="",
        target="",
        classes=[],
        xfn=[],
        created_at=work.now,
        modified_at=work.now,
    )


async def _add(work: UnitOfWork, item: MenuItem) -> None:
    work.session.add(item)
    await work.emit(
        MenuItemCreated(
            item_id=item.id,
            menu_id=item.menu_id,
            after={"kind": item.kind, "object": item.object, "object_id": item.object_id},
        )
    )


async def change(work: UnitOfWork, item_id: int, wanted: Mapping[str, Any]) -> MenuItem:
    """Change or move an item. Into another menu, those below it go with it."""
    require(work.actor.has(THEME), "menu_item.edit", _REFUSAL)
    item = await lock(work, item_id)
    await work.decide("menu_item.edit", "menu_item", item.id)
    before = {name: getattr(item, name) for name in _FIELDS}
    await _set(work, item, wanted)
    _, new = difference(before, {name: getattr(item, name) for name in _FIELDS})
    if new:
        item.modified_at = work.now
        if "menu_id" in new:
            await _take_along(work, item, before["menu_id"])
        # The trail names the fields: their texts are nobody's evidence.
        changed = {"fields": sorted(new)}
        await work.emit(
            MenuItemChanged(item_id=item.id, menu_id=item.menu_id, before={}, after=changed)
        )
    return item


async def remove(work: UnitOfWork, item_id: int) -> None:
    """Delete an item; those below it take its place."""
    require(work.actor.has(THEME), "menu_item.delete", _REFUSAL)
    item = await lock(work, item_id)
    await work.decide("menu_item.delete", "menu_item", item.id)
    await work.execute(
        update(MenuItem)
        .where(MenuItem.tenant_id == work.tenant_id, MenuItem.parent_id == item.id)
        .values(parent_id=item.parent_id)
    )
    await work.execute(
        delete(MenuItem).where(MenuItem.tenant_id == work.tenant_id, MenuItem.id == item.id)
    )
    told = {"kind": item.kind, "object": item.object, "object_id": item.object_id}
    await work.emit(MenuItemDeleted(item_id=item.id, menu_id=item.menu_id, before=told))


async def get(work: UnitOfWork, item_id: int) -> MenuItem:
    """The item, or NotFound as for any post."""
    item = await work.session.get(MenuItem, (work.tenant_id, item_id))
    if item is None:
        raise NotFound("post", item_id)
    return item


async def lock(work: UnitOfWork, item_id: int) -> MenuItem:
    """The item, held until the end of the transaction."""
    item: MenuItem | None = await work.entity(
        select(MenuItem)
        .where(MenuItem.tenant_id == work.tenant_id, MenuItem.id == item_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if item is None:
        raise NotFound("post", item_id)
    return item


async def _set(work: UnitOfWork, item: MenuItem, wanted: Mapping[str, Any]) -> None:
    before = item.menu_id, item.parent_id
    faults = Faults()
    for name in _FIELDS:
        if name in wanted:
            value = wanted[name]
            if name in _TEXTS and len(value) > LONGEST_TEXT:
                faults.add(name, f"must be at most {LONGEST_TEXT} characters long")
                value = ""
            setattr(item, name, clean_title(value) if name in _TEXTS else value)
    await _check_object(work, item, faults)
    if (item.menu_id, item.parent_id) != before:
        with work.session.no_autoflush:
            await _check_place(work, item, faults)
    faults.refuse()
    if item.status != Status.PUBLISH.value:
        item.status = Status.DRAFT.value
    if item.kind == CUSTOM:
        item.object, item.object_id = CUSTOM, item.id
    item.slug = slug_of(item.title) or str(item.id)


async def _check_object(work: UnitOfWork, item: MenuItem, faults: Faults) -> None:
    """What the item points to must be there; its type is filled in where it was left out."""
    with work.session.no_autoflush:
        if item.kind == CUSTOM:
            _check_custom(item, faults)
        elif item.kind == ARCHIVE:
            if item.object not in work.registry.post_types:
                faults.add("object", "Invalid post type.", "rest_post_invalid_type")
        elif item.kind == TERM:
            term = await work.session.get(Term, (work.tenant_id, item.object_id))
            if term is None or item.object not in {"", term.taxonomy}:
                faults.add("object_id", "Invalid term ID.", "rest_term_invalid_id")
            else:
                item.object = term.taxonomy
        else:
            post = await work.session.get(Post, (work.tenant_id, item.object_id))
            if post is None or item.object not in {"", post.post_type}:
                faults.add("object_id", "Invalid post ID.", "rest_post_invalid_id")
            else:
                item.object = post.post_type


def _check_custom(item: MenuItem, faults: Faults) -> None:
    for name in ("title", "url"):
        if not getattr(item, name):
            faults.add(
                name,
                f"The {name} is required when using a custom menu item type.",
                f"rest_{name}_required",
            )
    if not may_link(item.url):
        faults.add("url", "Invalid URL.", "rest_invalid_url")


async def _check_place(work: UnitOfWork, item: MenuItem, faults: Faults) -> None:
    """The menu must exist, and the parent stand in it, not below the item itself."""
    siblings: dict[int, int | None] = {}
    if item.menu_id is not None:
        try:
            await menus.lock(work, item.menu_id)
        except NotFound:
            faults.add("menus", "Invalid menu ID.", "invalid_menu_id")
            return
        siblings = await _parents(work, item.menu_id)
        if len(siblings.keys() | {item.id}) > MOST_ITEMS:
            faults.add("menus", f"holds {MOST_ITEMS} items already; delete some or use another")
    if item.parent_id is None:
        return
    if item.parent_id not in siblings:
        faults.add("parent", f"{item.parent_id} is no item of the same menu; give one, or 0")
    elif item.id in _above(siblings, item.parent_id):
        faults.add("parent", f"{item.parent_id} stands below this item; give another, or 0")


async def _parents(work: UnitOfWork, menu_id: int | None) -> dict[int, int | None]:
    rows = await work.all(
        select(MenuItem.id, MenuItem.parent_id).where(
            MenuItem.tenant_id == work.tenant_id, MenuItem.menu_id == menu_id
        )
    )
    return {row.id: row.parent_id for row in rows}


def _above(parents: Mapping[int, int | None], item_id: int) -> set[int]:
    """The item and everything above it."""
    found: set[int] = set()
    one: int | None = item_id
    while one is not None and one not in found:
        found.add(one)
        one = parents.get(one)
    return found


async def _take_along(work: UnitOfWork, item: MenuItem, old_menu: int | None) -> None:
    """What stands below an item follows it into its new menu."""
    with work.session.no_autoflush:
        parents = await _parents(work, old_menu)
    below = [one for one in parents if one != item.id and item.id in _above(parents, one)]
    if below:
        await _move(work, below, item.menu_id)


async def _move(work: UnitOfWork, ids: Sequence[int], menu_id: int | None) -> None:
    await work.execute(
        update(MenuItem)
        .where(MenuItem.tenant_id == work.tenant_id, MenuItem.id.in_(ids))
        .values(menu_id=menu_id)
    )
