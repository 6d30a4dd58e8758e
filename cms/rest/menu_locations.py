"""The places of the theme where a menu is shown; an object keyed by place, not a list."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, Table
from cms.rest.shape import CURIES, answer, rest_url
from cms.site import menus
from cms.site.types import THEME

Asked = Request[Any, Any, Any]
BASE = "/wp/v2/menu-locations"
LIST: Table = {"context": CONTEXT}
_ALWAYS = ["embed", "view", "edit"]
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "menu-location",
    "type": "object",
    "properties": {
        "name": {
            "description": "The name of the place.",
            "type": "string",
            "context": _ALWAYS,
            "readonly": True,
        },
        "description": {
            "description": "What people call the place.",
            "type": "string",
            "context": _ALWAYS,
            "readonly": True,
        },
        "menu": {
            "description": "The id of the menu that is shown there; 0 when none is.",
            "type": "integer",
            "context": _ALWAYS,
            "readonly": True,
        },
    },
}


@get(BASE, action="menu.read", resource="menu", arguments=LIST, schema=SCHEMA)
async def list_locations(request: Asked, work: UnitOfWork) -> Response[bytes]:
    wanted = await arguments.read(request, LIST)
    _require(work, wanted["context"])
    shown = await _shown(work)
    return answer(request, {name: _body(request, work, name, shown) for name in _names(work)})


@get(f"{BASE}/{{location:str}}", action="menu.read", resource="menu", arguments=LIST, schema=SCHEMA)
async def read_location(request: Asked, work: UnitOfWork, location: str) -> Response[bytes]:
    wanted = await arguments.read(request, LIST)
    _require(work, wanted["context"])
    if location not in _names(work):
        raise RestError("rest_menu_location_invalid", "Invalid menu location.", 404)
    return answer(request, _body(request, work, location, await _shown(work)))


def _require(work: UnitOfWork, context: str) -> None:
    is_public = work.tenant.site.public_menus and context != "edit"
    require(
        is_public or work.actor.has(THEME),
        "menu_location.read",
        "Places of the theme are for those who edit the theme.",
    )


def _names(work: UnitOfWork) -> dict[str, str]:
    return work.tenant.site.menu_locations


async def _shown(work: UnitOfWork) -> dict[str, int]:
    placed = await menus.locations(work)
    return {name: menu_id for menu_id, names in placed.items() for name in names}


def _body(request: Asked, work: UnitOfWork, name: str, shown: dict[str, int]) -> dict[str, Any]:
    menu_id = shown.get(name, 0)
    links: dict[str, Any] = {
        "self": [{"href": rest_url(request, f"{BASE}/{name}")}],
        "collection": [{"href": rest_url(request, BASE)}],
    }
    if menu_id:
        href = rest_url(request, f"/wp/v2/menus/{menu_id}")
        links["wp:menu"] = [{"embeddable": True, "href": href}]
        links["curies"] = CURIES
    return {"name": name, "description": _names(work)[name], "menu": menu_id, "_links": links}


LOCATION_ROUTES: list[HTTPRouteHandler] = [list_locations, read_location]
