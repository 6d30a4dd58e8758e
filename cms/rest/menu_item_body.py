"""An item of a menu as WordPress shows it, and the tables of its arguments."""

from collections.abc import Sequence
from typing import Any

from litestar import Request

from cms.database.work import UnitOfWork
from cms.markup.render import render_title
from cms.rest.post_arguments import CONTEXT, PAGING, STATUSES, WRITABLE_STATUSES, Table
from cms.rest.shape import CURIES, front_url, rest_url
from cms.site.items import CUSTOM, KINDS, POST, TERM
from cms.site.links import Target, resolve
from cms.site.models import MenuItem
from cms.site.types import MENU, MENU_ITEM, THEME

Asked = Request[Any, Any, Any]
BASE = "/wp/v2/menu-items"
_DATE = {"type": "string", "format": "date-time"}
_IDS = {"type": "array", "items": {"type": "integer"}}
ORDERS = [
    "author", "date", "id", "include", "modified", "parent", "relevance", "slug",
    "include_slugs", "title", "menu_order",
]  # fmt: skip
_TERMS = {"terms": {**_IDS, "default": []}}
_EACH = {"items": {"type": "integer"}}
_OPERATOR = {"operator": {"type": "string", "enum": ["AND", "OR"], "default": "OR"}}

LIST: Table = {
    "context": CONTEXT,
    "page": PAGING["page"],
    "per_page": {"type": "integer", "minimum": 1, "maximum": 100, "default": 100},
    "search": {"type": "string", "maxLength": 500},
    "after": _DATE,
    "modified_after": _DATE,
    "before": _DATE,
    "modified_before": _DATE,
    "exclude": {**_IDS, "default": []},
    "include": {**_IDS, "default": []},
    "offset": {"type": "integer", "minimum": 0},
    "order": {"type": "string", "enum": ["asc", "desc"], "default": "asc"},
    "orderby": {"type": "string", "enum": ORDERS, "default": "menu_order"},
    "slug": {"type": "array", "items": {"type": "string"}},
    "status": {
        "type": "array",
        "items": {"type": "string", "enum": STATUSES},
        "default": ["publish"],
    },
    "tax_relation": {"type": "string", "enum": ["AND", "OR"]},
    "menus": {"type": ["object", "array"], "properties": {**_TERMS, **_OPERATOR}, **_EACH},
    "menus_exclude": {"type": ["object", "array"], "properties": _TERMS, **_EACH},
    "menu_order": {"type": "integer"},
}
ITEM: Table = {"context": CONTEXT}
CHANGE: Table = {
    "title": {"type": "text"},
    "type": {"type": "string", "enum": list(KINDS)},
    "status": {"type": "string", "enum": WRITABLE_STATUSES},
    "parent": {"type": "integer", "minimum": 0},
    "attr_title": {"type": "string"},
    "classes": {"type": "array", "items": {"type": "string", "maxLength": 200}},
    "description": {"type": "string"},
    "menu_order": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
    "object": {"type": "string", "maxLength": 200},
    "object_id": {"type": "integer", "minimum": 0},
    "target": {"type": "string", "enum": ["_blank", ""]},
    "url": {"type": "string", "format": "uri", "maxLength": 2000},
    "xfn": {"type": "array", "items": {"type": "string", "maxLength": 200}},
    "meta": {"type": "object"},
    "menus": {"type": "integer", "minimum": 0},
}
_DEFAULTS = {"type": CUSTOM, "status": "publish", "parent": 0, "menu_order": 1, "object_id": 0}
CREATE: Table = {
    name: {**one, "default": _DEFAULTS[name]} if name in _DEFAULTS else one
    for name, one in CHANGE.items()
}
DELETE: Table = {"force": {"type": "boolean", "default": False}}

_ALWAYS, _BOTH = ["view", "edit", "embed"], ["view", "edit"]


def _shown(about: str, kind: Any = "string", **more: Any) -> dict[str, Any]:
    return {"description": about, "type": kind, "context": _ALWAYS, **more}


_STRINGS = {"items": {"type": "string"}}
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": MENU_ITEM,
    "type": "object",
    "properties": {
        "title": _shown(
            "What the item is called.",
            ["string", "object"],
            properties={
                "raw": {
                    "description": "As it was written.",
                    "type": "string",
                    "context": ["edit"],
                },
                "rendered": {
                    "description": "As readers get it.",
                    "type": "string",
                    "context": _ALWAYS,
                    "readonly": True,
                },
            },
        ),
        "id": _shown("Unique identifier of the item.", "integer", default=0, readonly=True),
        "type_label": _shown("What this kind of item is called.", readonly=True),
        "type": _shown("What kind of thing it points to.", enum=list(KINDS), default=CUSTOM),
        "status": _shown("A named status.", enum=WRITABLE_STATUSES, default="publish"),
        "parent": _shown("The item that it stands below.", "integer", minimum=0, default=0),
        "attr_title": _shown("Text of the title attribute of the link."),
        "classes": _shown("Class names of the link.", "array", **_STRINGS),
        "description": _shown("The description of the link."),
        "menu_order": _shown("Its place among the items.", "integer", minimum=1, default=1),
        "object": _shown("The type of what it points to, such as post or category."),
        "object_id": _shown("The id of what it points to.", "integer", minimum=0, default=0),
        "target": _shown("Where the link opens.", enum=["_blank", ""]),
        "url": _shown("Where it leads.", format="uri"),
        "xfn": _shown("What the link means to the site (XFN).", "array", **_STRINGS),
        "invalid": _shown("Whether what it points to is gone.", "boolean", readonly=True),
        "menus": {
            "description": "The menu that it is in.",
            "type": "integer",
            "context": _BOTH,
        },
        "meta": {"description": "Meta fields.", "type": "object", "context": _BOTH},
    },
}


async def bodies(
    request: Asked, work: UnitOfWork, items: Sequence[MenuItem], context: str
) -> list[dict[str, Any]]:
    """One body for each item; what they point to is asked for all of them at once."""
    targets = await resolve(work, items)
    return [_body(request, work, item, targets[item.id], context) for item in items]


async def body(request: Asked, work: UnitOfWork, item: MenuItem, context: str) -> dict[str, Any]:
    return (await bodies(request, work, [item], context))[0]


def _body(
    request: Asked, work: UnitOfWork, item: MenuItem, target: Target, context: str
) -> dict[str, Any]:
    raw = {"raw": target.title} if context == "edit" else {}
    fields: dict[str, Any] = {
        "id": item.id,
        "title": {**raw, "rendered": render_title(target.title)},
        "status": item.status,
        "url": target.url(front_url(request, work.tenant.site)),
        "attr_title": item.attr_title,
        "description": item.description,
        "type": item.kind,
        "type_label": target.label,
        "object": item.object,
        "object_id": item.object_id,
        "parent": item.parent_id or 0,
        "menu_order": item.position,
        "target": item.target,
        # WordPress splits an empty text, and clients know the empty name that comes of it.
        "classes": item.classes or [""],
        "xfn": item.xfn or [""],
        "invalid": not target.is_valid,
    }
    if context != "embed":
        fields |= {"meta": [], "menus": item.menu_id or 0}
    return {**fields, "_links": _links(request, work, item, target, context)}


def _links(
    request: Asked, work: UnitOfWork, item: MenuItem, target: Target, context: str
) -> dict[str, Any]:
    own = rest_url(request, f"{BASE}/{item.id}")
    menus = rest_url(request, f"/wp/v2/menus?post={item.id}")
    links: dict[str, Any] = {
        "self": [{"href": own}],
        "collection": [{"href": rest_url(request, BASE)}],
        "about": [{"href": rest_url(request, f"/wp/v2/types/{MENU_ITEM}")}],
        "wp:term": [{"taxonomy": MENU, "embeddable": True, "href": menus}],
    }
    route = _route(work, item) if target.is_valid else None
    if route is not None:
        href = rest_url(request, f"/wp/v2/{route}/{item.object_id}")
        links["wp:menu-item-object"] = [{item.kind: item.object, "embeddable": True, "href": href}]
    if context == "edit" and work.actor.has(THEME):
        for act in ("publish", "create-menus", "assign-menus"):
            links[f"wp:action-{act}"] = [{"href": own}]
    return {**links, "curies": CURIES}


def _route(work: UnitOfWork, item: MenuItem) -> str | None:
    if item.kind == POST:
        return work.registry.post_types[item.object].rest_base
    return work.registry.taxonomies[item.object].rest_base if item.kind == TERM else None
