"""The kinds of blocks, and what one block looks like."""

import json
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get, post
from cms.content import posts
from cms.content.models import Post
from cms.content.permissions import may_edit, require
from cms.content.surrounding import surroundings
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.markup.blocks import escape_attributes
from cms.markup.clean import clean_content
from cms.markup.render import render_content
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, Table
from cms.rest.shape import CURIES, answer, rest_url
from cms.site.block_types import BLOCK_TYPES, BlockType
from cms.site.reading import may_see_all

Asked = Request[Any, Any, Any]
BASE = "/wp/v2/block-types"
RENDERER = "/wp/v2/block-renderer/{namespace:str}/{name:str}"
LIST: Table = {"context": CONTEXT, "namespace": {"type": "string"}}
ITEM: Table = {"context": CONTEXT}
RENDER: Table = {
    "context": {"type": "string", "enum": ["edit"], "default": "view"},
    "attributes": {"type": "object", "default": {}},
    "post_id": {"type": "integer"},
}
_ALWAYS = ["embed", "view", "edit"]
_HANDLES = (
    "editor_script_handles", "script_handles", "view_script_handles", "editor_style_handles",
    "style_handles",
)  # fmt: skip
_FILES = ("editor_script", "script", "view_script", "editor_style", "style")


def _shown(kind: Any, default: Any = None, **more: Any) -> dict[str, Any]:
    return {"type": kind, "default": default, "context": _ALWAYS, "readonly": True, **more}


def _list(kind: Any, of: str, default: Any) -> dict[str, Any]:
    return _shown(kind, default, items={"type": of})


_OR_NULL = ["string", "null"]
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "block-type",
    "type": "object",
    "properties": {
        "api_version": _shown("integer", 1),
        "title": _shown("string", ""),
        "name": _shown("string", ""),
        "description": _shown("string", ""),
        "icon": _shown(_OR_NULL),
        "attributes": _shown(["object", "null"]),
        "provides_context": _shown("object", []),
        "uses_context": _list("array", "string", []),
        "supports": _shown("object", []),
        "category": _shown(_OR_NULL),
        "is_dynamic": _shown("boolean", False),
        **{name: _list(["array"], "string", []) for name in _HANDLES},
        "styles": _list("array", "object", []),
        "variations": _list("array", "object", None),
        "textdomain": _shown(_OR_NULL),
        "parent": _list(["array", "null"], "string", None),
        "ancestor": _list(["array", "null"], "string", None),
        "keywords": _list("array", "string", []),
        "example": _shown(["object", "null"]),
        **{name: _shown(_OR_NULL) for name in _FILES},
    },
}


def _require(work: UnitOfWork) -> None:
    require(may_see_all(work.actor, work), "block_type.read", "Block types are for editors.")


@get(BASE, action="block_type.read", resource="block_type", arguments=LIST, schema=SCHEMA)
async def list_types(request: Asked, work: UnitOfWork) -> Response[bytes]:
    wanted = await arguments.read(request, LIST)
    _require(work)
    return answer(request, _of(request, wanted.get("namespace")))


@get(
    f"{BASE}/{{namespace:str}}",
    action="block_type.read",
    resource="block_type",
    arguments=ITEM,
    schema=SCHEMA,
)
async def list_types_of(request: Asked, work: UnitOfWork, namespace: str) -> Response[bytes]:
    await arguments.read(request, ITEM)
    _require(work)
    return answer(request, _of(request, namespace))


@get(
    f"{BASE}/{{namespace:str}}/{{name:str}}",
    action="block_type.read",
    resource="block_type",
    arguments=ITEM,
    schema=SCHEMA,
)
async def read_type(request: Asked, work: UnitOfWork, namespace: str, name: str) -> Response[bytes]:
    await arguments.read(request, ITEM)
    _require(work)
    kind = BLOCK_TYPES.get(f"{namespace}/{name}")
    if kind is None:
        raise RestError("rest_block_type_invalid", "Invalid block type.", 404)
    return answer(request, _body(request, kind))


def _of(request: Asked, namespace: str | None) -> list[dict[str, Any]]:
    return [
        _body(request, kind)
        for kind in BLOCK_TYPES.values()
        if namespace in {None, kind.name.partition("/")[0]}
    ]


def _body(request: Asked, kind: BlockType) -> dict[str, Any]:
    namespace = kind.name.partition("/")[0]
    links: dict[str, Any] = {
        "collection": [{"href": rest_url(request, BASE)}],
        "self": [{"href": rest_url(request, f"{BASE}/{kind.name}")}],
        "up": [{"href": rest_url(request, f"{BASE}/{namespace}")}],
    }
    if kind.is_dynamic:
        drawn = rest_url(request, f"/wp/v2/block-renderer/{kind.name}?context=edit")
        links["wp:render-block"] = [{"href": drawn}]
        links["curies"] = CURIES
    return {
        "attributes": kind.attributes,
        "is_dynamic": kind.is_dynamic,
        "api_version": 2,
        "name": kind.name,
        "title": kind.title,
        "category": kind.category,
        "parent": list(kind.parent) or None,
        "ancestor": None,
        "icon": None,
        "description": "",
        "keywords": [],
        "textdomain": None,
        "provides_context": [],
        "uses_context": [],
        "supports": [],
        "styles": [],
        "example": None,
        **{name: [] for name in _HANDLES},
        "variations": [],
        **dict.fromkeys(_FILES),
        "_links": links,
    }


@get(RENDERER, action="block.read", resource="block", arguments=RENDER)
async def render_block(
    request: Asked, work: UnitOfWork, namespace: str, name: str
) -> Response[bytes]:
    return await _render(request, work, f"{namespace}/{name}")


@post(RENDERER, action="block.render", resource="block", status_code=200, arguments=RENDER)
async def render_posted_block(
    request: Asked, work: UnitOfWork, namespace: str, name: str
) -> Response[bytes]:
    return await _render(request, work, f"{namespace}/{name}")


async def _render(request: Asked, work: UnitOfWork, name: str) -> Response[bytes]:
    wanted = await arguments.read(request, RENDER)
    found = None
    if wanted.get("post_id"):
        found = await _edited_post(work, wanted["post_id"])
    else:
        require(
            not work.actor.is_anonymous and work.actor.has("edit_posts"),
            "block.read",
            "Blocks are drawn for those who write.",
        )
    kind = BLOCK_TYPES.get(name)
    is_known = kind is not None and kind.is_dynamic
    if not (is_known or name in work.registry.dynamic_blocks):
        raise RestError("block_invalid", "Invalid block.", 404)
    said = escape_attributes(json.dumps(wanted["attributes"], ensure_ascii=False))
    block = f"<!-- wp:{name.removeprefix('core/')} {said} /-->"
    cleaned = clean_content(block)
    around, _ = await surroundings(work, found, cleaned)
    return answer(request, {"rendered": render_content(cleaned, around)})


async def _edited_post(work: UnitOfWork, post_id: int) -> Post | None:
    post = None
    try:
        post = await posts.get(work, post_id)
        may = may_edit(work.actor, posts.type_of(work, post), post)
    except NotFound:
        may = False
    require(may, "block.of_post", "Blocks of a post are drawn for those who may edit it.")
    return post


BLOCK_TYPE_ROUTES: list[HTTPRouteHandler] = [
    list_types,
    list_types_of,
    read_type,
    render_block,
    render_posted_block,
]
