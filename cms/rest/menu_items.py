"""The items of menus, as the posts that WordPress knows them as."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, patch, post, put
from cms.content.dates import parse
from cms.content.permissions import require
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.rest import arguments
from cms.rest.arguments import Fault
from cms.rest.embedding import Embeddable
from cms.rest.errors import RestError
from cms.rest.menu_item_body import (
    BASE,
    CHANGE,
    CREATE,
    DELETE,
    ITEM,
    LIST,
    SCHEMA,
    bodies,
    body,
)
from cms.rest.menus import require_menus
from cms.rest.shape import answer, paging, rest_url
from cms.site import items, menus
from cms.site.models import MenuItem
from cms.site.reading import ItemQuery
from cms.site.reading import items as page_of_items
from cms.site.types import THEME

Asked = Request[Any, Any, Any]
_COLUMNS = {
    "title": "title",
    "type": "kind",
    "status": "status",
    "attr_title": "attr_title",
    "description": "description",
    "menu_order": "position",
    "object": "object",
    "object_id": "object_id",
    "target": "target",
    "url": "url",
    "classes": "classes",
    "xfn": "xfn",
}
_EDITED = "Menus are edited with the theme."


@get(
    BASE,
    action="menu_item.read",
    resource="menu_item",
    arguments=LIST,
    schema=SCHEMA,
    allow_batch=True,
)
async def list_items(request: Asked, work: UnitOfWork) -> Response[bytes]:
    wanted = await arguments.read(request, LIST)
    context = wanted["context"]
    require(context != "edit" or work.actor.has(THEME), "menu_item.context", _EDITED)
    shown = require_menus(work, "menu_item.read")
    found, total = await page_of_items(work, _query(work, wanted, shown))
    page, per_page = wanted["page"], wanted["per_page"]
    headers = paging(request, rest_url(request, BASE), total=total, page=page, per_page=per_page)
    listed = await bodies(request, work, found, context)
    return answer(request, listed, headers=headers, allow=_allow(work))


def _query(work: UnitOfWork, wanted: dict[str, Any], shown: bool) -> ItemQuery:
    zone, offset = work.tenant.zone, wanted.get("offset")
    dates = {
        name: parse(wanted[name], zone)[0]
        for name in ("after", "before", "modified_after", "modified_before")
        if name in wanted
    }
    kept, all_menus = _terms(wanted.get("menus"))
    return ItemQuery(
        statuses=_statuses(work, wanted["status"]),
        menus=kept,
        all_menus=all_menus,
        menus_exclude=_terms(wanted.get("menus_exclude"))[0],
        include=wanted["include"],
        exclude=wanted["exclude"],
        slugs=wanted.get("slug", ()),
        search=wanted.get("search", ""),
        menu_order=wanted.get("menu_order"),
        order_by=_order(wanted),
        descending=wanted["order"] == "desc",
        limit=wanted["per_page"],
        offset=(wanted["page"] - 1) * wanted["per_page"] if offset is None else offset,
        shown=shown,
        **dates,
    )


def _terms(given: Any) -> tuple[Sequence[int], bool]:
    """The ids of a tax query in either of its forms, and whether all of them are meant."""
    if isinstance(given, dict):
        return given.get("terms", ()), given.get("operator") == "AND"
    return given or (), False


def _statuses(work: UnitOfWork, wanted: list[str]) -> list[Status]:
    if not work.actor.has(THEME) and set(wanted) != {"publish"}:
        status = 401 if work.actor.is_anonymous else 403
        fault = Fault("rest_forbidden_status", "Status is forbidden.", {"status": status})
        raise arguments.invalid({"status": fault})
    if "any" in wanted:
        return [Status.PUBLISH, Status.DRAFT]
    return [Status(name) for name in wanted if name in set(Status)]


def _order(wanted: Mapping[str, Any]) -> str:
    order_by: str = wanted["orderby"]
    if order_by == "include" and not wanted["include"]:
        raise RestError(
            "rest_orderby_include_missing_include",
            "You need to define an include parameter to order by include.",
            400,
        )
    if order_by == "relevance" and not wanted.get("search"):
        raise RestError(
            "rest_no_search_term_defined",
            "You need to define a search term to order by relevance.",
            400,
        )
    return order_by


@get(
    f"{BASE}/{{item_id:int}}",
    action="menu_item.read",
    resource="menu_item",
    arguments=ITEM,
    schema=SCHEMA,
    allow_batch=True,
)
async def read_item(request: Asked, work: UnitOfWork, item_id: int) -> Response[bytes]:
    wanted = await arguments.read(request, ITEM)
    may_edit = work.actor.has(THEME)
    require(wanted["context"] != "edit" or may_edit, "menu_item.item_context", _EDITED)
    only_shown = require_menus(work, "menu_item.read")
    item = await items.get(work, item_id)
    is_live = item.status == Status.PUBLISH.value
    require(is_live or may_edit, "post.read", "A draft is for those who edit menus.")
    if only_shown and item.menu_id not in await menus.locations(work):
        raise NotFound("post", item_id)
    shown = await body(request, work, item, wanted["context"])
    return answer(request, shown, allow=_allow(work, item=True))


@post(
    BASE,
    action="menu_item.create",
    resource="menu_item",
    status_code=201,
    arguments=CREATE,
    schema=SCHEMA,
    allow_batch=True,
)
async def create_item(request: Asked, work: UnitOfWork) -> Response[bytes]:
    wanted = await arguments.read(request, {**CREATE, "id": {"type": "integer"}})
    if wanted.get("id"):
        raise RestError("rest_post_exists", "Cannot create existing post.", 400)
    item = await items.create(work, _columns(wanted))
    headers = {"Location": rest_url(request, f"{BASE}/{item.id}")}
    shown = await body(request, work, item, "edit")
    return answer(request, shown, status=201, headers=headers, allow=_allow(work))


async def update_item(request: Asked, work: UnitOfWork, item_id: int) -> Response[bytes]:
    wanted = await arguments.read(request, CHANGE)
    item = await items.change(work, item_id, _columns(wanted))
    shown = await body(request, work, item, "edit")
    return answer(request, shown, allow=_allow(work, item=True))


@delete(
    f"{BASE}/{{item_id:int}}",
    action="menu_item.delete",
    resource="menu_item",
    status_code=200,
    arguments=DELETE,
    schema=SCHEMA,
    allow_batch=True,
)
async def delete_item(request: Asked, work: UnitOfWork, item_id: int) -> Response[bytes]:
    wanted = await arguments.read(request, DELETE)
    item = await items.get(work, item_id)
    require(work.actor.has(THEME), "menu_item.delete", _EDITED)
    if not wanted["force"]:
        raise RestError(
            "rest_trash_not_supported",
            "Menu items do not support trashing. Set 'force=true' to delete.",
            501,
        )
    previous = await body(request, work, item, "view")
    previous.pop("_links")
    await items.remove(work, item_id)
    gone = {"deleted": True, "previous": previous}
    return answer(request, gone, allow=_allow(work, item=True))


def _columns(wanted: Mapping[str, Any]) -> dict[str, Any]:
    columns = {column: wanted[name] for name, column in _COLUMNS.items() if name in wanted}
    for name in ("classes", "xfn"):
        if name in columns:
            columns[name] = [word for word in map(_class_name, columns[name]) if word]
    if "parent" in wanted:
        columns["parent_id"] = wanted["parent"] or None
    if wanted.get("menus"):
        columns["menu_id"] = wanted["menus"]
    return columns


def _class_name(word: str) -> str:
    return "".join(c for c in word if c.isascii() and (c.isalnum() or c in "_-"))


def _allow(work: UnitOfWork, *, item: bool = False) -> list[str]:
    if not work.actor.has(THEME):
        return ["GET"]
    return ["GET", "POST", "PUT", "PATCH", "DELETE"] if item else ["GET", "POST"]


@get(
    f"{BASE}/{{item_id:int}}/autosaves",
    action="menu_item.read",
    resource="menu_item",
    arguments=ITEM,
)
async def list_autosaves(request: Asked, work: UnitOfWork, item_id: int) -> Response[bytes]:
    """Items have no autosaves: a menu is saved when its editor says so."""
    await _require_parent(work, item_id)
    return answer(request, [])


@get(
    f"{BASE}/{{item_id:int}}/autosaves/{{autosave_id:int}}",
    action="menu_item.read",
    resource="menu_item",
    arguments=ITEM,
)
async def read_autosave(work: UnitOfWork, item_id: int) -> Response[bytes]:
    await _require_parent(work, item_id)
    raise RestError("rest_post_no_autosave", "There is no autosave revision for this post.", 404)


@post(
    f"{BASE}/{{item_id:int}}/autosaves",
    action="menu_item.edit",
    resource="menu_item",
    arguments=CHANGE,
)
async def create_autosave(work: UnitOfWork, item_id: int) -> Response[bytes]:
    await _require_parent(work, item_id)
    raise RestError(
        "rest_autosaves_not_supported",
        f"Menu items have no autosaves. Save the item itself: POST {BASE}/{item_id}.",
        501,
    )


async def _require_parent(work: UnitOfWork, item_id: int) -> MenuItem:
    try:
        item = await items.get(work, item_id)
    except NotFound as missing:
        raise RestError("rest_post_invalid_parent", "Invalid post parent ID.", 404) from missing
    require(work.actor.has(THEME), "menu_item.autosaves", _EDITED)
    return item


async def _embedded(request: Asked, work: UnitOfWork, ids: Sequence[int]) -> Mapping[int, Any]:
    shown = require_menus(work, "menu_item.read")
    found, _ = await page_of_items(work, ItemQuery(include=ids, limit=len(ids), shown=shown))
    shaped = {one["id"]: one for one in await bodies(request, work, found, "embed")}
    missing = RestError("rest_post_invalid_id", "Invalid post ID.", 404)
    return {one: shaped.get(one, missing) for one in ids}


EMBEDS = (Embeddable(f"{BASE}/{{id}}", _embedded),)
_CHANGING: dict[str, Any] = {
    "action": "menu_item.edit",
    "resource": "menu_item",
    "status_code": 200,
    "arguments": CHANGE,
    "schema": SCHEMA,
    "allow_batch": True,
}
MENU_ITEM_ROUTES: list[HTTPRouteHandler] = [
    list_items,
    read_item,
    create_item,
    *(kind(f"{BASE}/{{item_id:int}}", **_CHANGING)(update_item) for kind in (post, put, patch)),
    delete_item,
    list_autosaves,
    read_autosave,
    create_autosave,
]
