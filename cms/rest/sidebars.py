"""The sidebars of the theme with the widgets in them."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get, patch, post, put
from cms.database.work import UnitOfWork
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, Table
from cms.rest.shape import CURIES, answer, rest_url
from cms.rest.widgets import require_widgets
from cms.site import widgets

Asked = Request[Any, Any, Any]
BASE = "/wp/v2/sidebars"
LIST: Table = {"context": CONTEXT}
CHANGE: Table = {"widgets": {"type": "array", "items": {"type": ["object", "string"]}}}
_ALWAYS = ["embed", "view", "edit"]


def _shown(about: str, **more: Any) -> dict[str, Any]:
    told = {"description": about, "type": "string", "context": _ALWAYS, "readonly": True}
    return {**told, **more}


SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "sidebar",
    "type": "object",
    "properties": {
        "id": _shown("The id of the sidebar."),
        "name": _shown("What people call it."),
        "description": _shown("What it is for."),
        "class": _shown("Class name of the sidebar."),
        "before_widget": _shown("HTML before each widget.", default=""),
        "after_widget": _shown("HTML after each widget.", default=""),
        "before_title": _shown("HTML before the title of a widget.", default=""),
        "after_title": _shown("HTML after the title of a widget.", default=""),
        "status": _shown("Whether readers see it.", enum=["active", "inactive"]),
        "widgets": {
            "description": "The ids of its widgets, in their order.",
            "type": "array",
            "items": {"type": ["object", "string"]},
            "default": [],
            "context": _ALWAYS,
        },
    },
}


@get(BASE, action="widget.read", resource="widget", arguments=LIST, schema=SCHEMA)
async def list_sidebars(request: Asked, work: UnitOfWork) -> Response[bytes]:
    await arguments.read(request, LIST)
    require_widgets(work)
    filled = await _filled(work)
    return answer(request, [_body(request, work, name, filled) for name in widgets.sidebars(work)])


@get(
    f"{BASE}/{{sidebar:str}}",
    action="widget.read",
    resource="widget",
    arguments=LIST,
    schema=SCHEMA,
)
async def read_sidebar(request: Asked, work: UnitOfWork, sidebar: str) -> Response[bytes]:
    await arguments.read(request, LIST)
    require_widgets(work)
    _require_known(work, sidebar)
    return _one(request, _body(request, work, sidebar, await _filled(work)))


async def update_sidebar(request: Asked, work: UnitOfWork, sidebar: str) -> Response[bytes]:
    wanted = await arguments.read(request, CHANGE)
    require_widgets(work)
    _require_known(work, sidebar)
    if "widgets" in wanted:
        named = [one.get("id", "") if isinstance(one, dict) else one for one in wanted["widgets"]]
        await widgets.arrange(work, sidebar, [str(name) for name in named])
        await work.session.flush()
    return _one(request, _body(request, work, sidebar, await _filled(work)))


def _one(request: Asked, body: Any) -> Response[bytes]:
    return answer(request, body, allow=["GET", "POST", "PUT", "PATCH"])


def _require_known(work: UnitOfWork, sidebar: str) -> None:
    if sidebar not in widgets.sidebars(work):
        raise RestError("rest_sidebar_not_found", "No sidebar exists with that id.", 404)


async def _filled(work: UnitOfWork) -> dict[str, list[str]]:
    filled: dict[str, list[str]] = {}
    for widget in await widgets.listed(work):
        filled.setdefault(widgets.place_of(work, widget), []).append(widget.id)
    return filled


def _body(
    request: Asked, work: UnitOfWork, name: str, filled: dict[str, list[str]]
) -> dict[str, Any]:
    is_active = name != widgets.INACTIVE
    frame = (
        (widgets.BEFORE_WIDGET, widgets.AFTER_WIDGET, widgets.BEFORE_TITLE, widgets.AFTER_TITLE)
        if is_active
        else ("", "", "", "")
    )
    links = {
        "collection": [{"href": rest_url(request, BASE)}],
        "self": [{"href": rest_url(request, f"{BASE}/{name}")}],
        "wp:widget": [
            {"embeddable": True, "href": rest_url(request, f"/wp/v2/widgets?sidebar={name}")}
        ],
        "curies": CURIES,
    }
    return {
        "id": name,
        "name": work.tenant.site.sidebars[name] if is_active else "Inactive widgets",
        "description": "",
        "class": "",
        "before_widget": frame[0],
        "after_widget": frame[1],
        "before_title": frame[2],
        "after_title": frame[3],
        "status": "active" if is_active else "inactive",
        "widgets": filled.get(name, []),
        "_links": links,
    }


_CHANGING: dict[str, Any] = {
    "action": "widget.edit",
    "resource": "widget",
    "status_code": 200,
    "arguments": CHANGE,
    "schema": SCHEMA,
}
SIDEBAR_ROUTES: list[HTTPRouteHandler] = [
    list_sidebars,
    read_sidebar,
    *(kind(f"{BASE}/{{sidebar:str}}", **_CHANGING)(update_sidebar) for kind in (post, put, patch)),
]
