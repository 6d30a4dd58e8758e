"""Menus, as the terms that WordPress knows them as, and where the theme shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, patch, post, put
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.markup.clean import escaped
from cms.rest import arguments
from cms.rest.arguments import Fault
from cms.rest.embedding import Embeddable
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, PAGING, Table
from cms.rest.shape import CURIES, answer, paging, rest_url
from cms.site import menus
from cms.site.menus import MenuChanges
from cms.site.models import Menu
from cms.site.reading import MenuQuery, may_see_all
from cms.site.reading import menus as page_of_menus
from cms.site.types import THEME

Asked = Request[Any, Any, Any]
BASE = "/wp/v2/menus"
ORDERS = [
    "id", "include", "name", "slug", "include_slugs", "term_group", "description", "count",
]  # fmt: skip
_NOT_EMBEDDED = frozenset({"description", "meta", "locations", "auto_add"})

LIST: Table = {
    "context": CONTEXT,
    **PAGING,
    "search": {"type": "string", "maxLength": 200},
    "exclude": {"type": "array", "items": {"type": "integer"}, "default": []},
    "include": {"type": "array", "items": {"type": "integer"}, "default": []},
    "offset": {"type": "integer", "minimum": 0},
    "order": {"type": "string", "enum": ["asc", "desc"], "default": "asc"},
    "orderby": {"type": "string", "enum": ORDERS, "default": "name"},
    "hide_empty": {"type": "boolean", "default": False},
    "post": {"type": "integer", "default": None},
    "slug": {"type": "array", "items": {"type": "string"}},
}
ITEM: Table = {"context": CONTEXT}
CHANGE: Table = {
    "description": {"type": "string", "maxLength": 10_000},
    "name": {"type": "string", "maxLength": 200},
    "slug": {"type": "string", "maxLength": 200},
    "meta": {"type": "object"},
    "locations": {"type": "array", "items": {"type": "string"}},
    "auto_add": {"type": "boolean"},
}
CREATE: Table = {**CHANGE, "name": {**CHANGE["name"], "required": True}}
DELETE: Table = {"force": {"type": "boolean", "default": False}}

_ALWAYS, _BOTH = ["view", "embed", "edit"], ["view", "edit"]
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "nav_menu",
    "type": "object",
    "properties": {
        "id": {
            "description": "Unique identifier for the menu.",
            "type": "integer",
            "context": _ALWAYS,
            "readonly": True,
        },
        "description": {"description": "What it is for.", "type": "string", "context": _BOTH},
        "name": {
            "description": "What people call it.",
            "type": "string",
            "context": _ALWAYS,
            "required": True,
        },
        "slug": {"description": "Its name in addresses.", "type": "string", "context": _ALWAYS},
        "meta": {"description": "Meta fields.", "type": "object", "context": _BOTH},
        "locations": {
            "description": "The places of the theme where it is shown.",
            "type": "array",
            "items": {"type": "string"},
            "context": _BOTH,
        },
        "auto_add": {
            "description": "Whether new top-level pages are added to it.",
            "type": "boolean",
            "context": _BOTH,
        },
    },
}


def require_menus(work: UnitOfWork, action: str) -> bool:
    """Whether only menus at a place of the theme are for this reader: those of a site that shows
    them to everyone. Who may read none is refused."""
    if may_see_all(work.actor, work):
        return False
    require(work.tenant.site.public_menus, action, "Menus are for those who edit something.")
    return True


@get(BASE, action="menu.read", resource="menu", arguments=LIST, schema=SCHEMA, allow_batch=True)
async def list_menus(request: Asked, work: UnitOfWork) -> Response[bytes]:
    wanted = await arguments.read(request, LIST)
    _require_context(work, wanted["context"], "menu.context")
    shown = require_menus(work, "menu.read")
    page, per_page, offset = wanted["page"], wanted["per_page"], wanted.get("offset")
    query = MenuQuery(
        include=wanted["include"],
        exclude=wanted["exclude"],
        slugs=wanted.get("slug", ()),
        search=wanted.get("search", ""),
        hide_empty=wanted["hide_empty"],
        item_id=wanted["post"],
        order_by=wanted["orderby"],
        descending=wanted["order"] == "desc",
        limit=per_page,
        offset=(page - 1) * per_page if offset is None else offset,
        shown=shown,
    )
    found, total = await page_of_menus(work, query)
    placed = await menus.locations(work)
    headers = paging(
        request, rest_url(request, BASE), total=total, page=page, per_page=per_page, kind=None
    )
    bodies = [body(request, menu, placed, wanted["context"]) for menu in found]
    return answer(request, bodies, headers=headers, allow=_allow(work))


@get(
    f"{BASE}/{{menu_id:int}}",
    action="menu.read",
    resource="menu",
    arguments=ITEM,
    schema=SCHEMA,
    allow_batch=True,
)
async def read_menu(request: Asked, work: UnitOfWork, menu_id: int) -> Response[bytes]:
    wanted = await arguments.read(request, ITEM)
    menu = await menus.get(work, menu_id)
    _require_context(work, wanted["context"], "menu.item_context")
    placed = await menus.locations(work)
    if not may_see_all(work.actor, work):
        is_shown = work.tenant.site.public_menus and menu.id in placed
        require(is_shown, "menu.read", "Menus are for those who edit something.")
    shown = body(request, menu, placed, wanted["context"])
    return answer(request, shown, allow=_allow(work, item=True))


@post(
    BASE,
    action="menu.create",
    resource="menu",
    status_code=201,
    arguments=CREATE,
    schema=SCHEMA,
    allow_batch=True,
)
async def create_menu(request: Asked, work: UnitOfWork) -> Response[bytes]:
    wanted = await _written(request, work, CREATE)
    menu = await menus.create(work, _changes(wanted))
    placed = {menu.id: list(dict.fromkeys(wanted.get("locations", ())))}
    shown = body(request, menu, placed, "view")
    headers = {"Location": rest_url(request, f"{BASE}/{menu.id}")}
    return answer(request, shown, status=201, headers=headers, allow=_allow(work))


async def update_menu(request: Asked, work: UnitOfWork, menu_id: int) -> Response[bytes]:
    wanted = await _written(request, work, CHANGE)
    menu = await menus.change(work, menu_id, _changes(wanted))
    placed = await menus.locations(work)
    return answer(request, body(request, menu, placed, "view"), allow=_allow(work, item=True))


@delete(
    f"{BASE}/{{menu_id:int}}",
    action="menu.delete",
    resource="menu",
    status_code=200,
    arguments=DELETE,
    schema=SCHEMA,
    allow_batch=True,
)
async def delete_menu(request: Asked, work: UnitOfWork, menu_id: int) -> Response[bytes]:
    wanted = await arguments.read(request, DELETE)
    menu = await menus.get(work, menu_id)
    require(work.actor.has(THEME), "menu.delete", "Menus belong to the theme.")
    if not wanted["force"]:
        raise RestError(
            "rest_trash_not_supported",
            "Menus do not support trashing. Set 'force=true' to delete.",
            501,
        )
    previous = body(request, menu, await menus.locations(work), "view")
    previous.pop("_links")
    await menus.remove(work, menu_id)
    gone = {"deleted": True, "previous": previous}
    return answer(request, gone, allow=_allow(work, item=True))


async def _written(request: Asked, work: UnitOfWork, table: Table) -> dict[str, Any]:
    """The arguments of a write; a place that the theme has not is a fault like any other."""
    wanted, faults = await arguments.read_apart(request, table)
    for name in menus.unknown_locations(work, wanted.get("locations", ())):
        faults["locations"] = Fault(
            "rest_invalid_menu_location", "Invalid menu location.", {"location": name}
        )
    if faults:
        raise arguments.invalid(faults)
    return wanted


def _changes(wanted: Mapping[str, Any]) -> MenuChanges:
    known = ("name", "slug", "description", "auto_add", "locations")
    return MenuChanges(**{name: wanted[name] for name in known if name in wanted})


def _require_context(work: UnitOfWork, context: str, action: str) -> None:
    require(context != "edit" or work.actor.has(THEME), action, "Menus are edited with the theme.")


def _allow(work: UnitOfWork, *, item: bool = False) -> list[str]:
    if not work.actor.has(THEME):
        return ["GET"]
    return ["GET", "POST", "PUT", "PATCH", "DELETE"] if item else ["GET", "POST"]


def body(
    request: Asked, menu: Menu, placed: Mapping[int, Sequence[str]], context: str
) -> dict[str, Any]:
    """A menu in WordPress's key order, with its links."""
    locations = list(placed.get(menu.id, ()))
    fields: dict[str, Any] = {
        "id": menu.id,
        "description": menu.description,
        "name": escaped(menu.name),
        "slug": menu.slug,
        "meta": [],
        "locations": locations,
        "auto_add": menu.auto_add,
    }
    if context == "embed":
        fields = {name: one for name, one in fields.items() if name not in _NOT_EMBEDDED}
    items = rest_url(request, f"/wp/v2/menu-items?menus={menu.id}")
    links: dict[str, Any] = {
        "self": [{"href": rest_url(request, f"{BASE}/{menu.id}")}],
        "collection": [{"href": rest_url(request, BASE)}],
        "about": [{"href": rest_url(request, "/wp/v2/taxonomies/nav_menu")}],
        "wp:post_type": [{"href": items}],
    }
    if locations:
        links["wp:menu-location"] = [
            {"embeddable": True, "href": rest_url(request, f"/wp/v2/menu-locations/{name}")}
            for name in locations
        ]
    return {**fields, "_links": {**links, "curies": CURIES}}


async def _embedded(request: Asked, work: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Any]:
    shown = require_menus(work, "menu.read")
    found, _ = await page_of_menus(work, MenuQuery(include=ids, limit=len(ids), shown=shown))
    placed = await menus.locations(work)
    bodies: dict[int, Any] = {menu.id: body(request, menu, placed, "embed") for menu in found}
    missing = RestError("rest_term_invalid", "Term does not exist.", 404)
    return {one: bodies.get(one, missing) for one in ids}


async def _embedded_of_items(
    request: Asked, work: UnitOfWork, ids: Sequence[int]
) -> Mapping[int, Any]:
    found = await menus.of_items(work, ids, shown=require_menus(work, "menu.read"))
    return {one: [body(request, found[one], {}, "embed")] if one in found else [] for one in ids}


EMBEDS = (
    Embeddable(f"{BASE}/{{id}}", _embedded),
    Embeddable(f"{BASE}?post={{id}}", _embedded_of_items),
)
_CHANGING: dict[str, Any] = {
    "action": "menu.edit",
    "resource": "menu",
    "status_code": 200,
    "arguments": CHANGE,
    "schema": SCHEMA,
    "allow_batch": True,
}
MENU_ROUTES: list[HTTPRouteHandler] = [
    list_menus,
    read_menu,
    create_menu,
    *(kind(f"{BASE}/{{menu_id:int}}", **_CHANGING)(update_menu) for kind in (post, put, patch)),
    delete_menu,
]
