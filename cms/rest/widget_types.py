"""The kinds of widgets, and what one would look like."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get, post
from cms.database.work import UnitOfWork
from cms.identity.secrets import SecretKey
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, Table
from cms.rest.shape import answer, rest_url
from cms.rest.widgets import encoded, from_instance, require_widgets
from cms.site import widgets
from cms.site.widget_types import WIDGET_TYPES, WidgetType

Asked = Request[Any, Any, Any]
BASE = "/wp/v2/widget-types"
LIST: Table = {"context": CONTEXT}
RENDER: Table = {"instance": {"type": "object"}}
ENCODE: Table = {**RENDER, "form_data": {"type": "string", "maxLength": 200_000}}
_ALWAYS = ["embed", "view", "edit"]


def _shown(about: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"description": about, "type": kind, "context": _ALWAYS, **more}


SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "widget-type",
    "type": "object",
    "properties": {
        "id": _shown("The name of the kind.", readonly=True),
        "name": _shown("What people call it.", default="", readonly=True),
        "description": _shown("What it is for.", default=""),
        "is_multi": _shown("Whether there may be several.", "boolean", readonly=True),
        "classname": _shown("The class name of its frame.", default="", readonly=True),
    },
}


@get(BASE, action="widget.read", resource="widget", arguments=LIST, schema=SCHEMA)
async def list_types(request: Asked, work: UnitOfWork) -> Response[bytes]:
    await arguments.read(request, LIST)
    require_widgets(work)
    return answer(request, [_body(request, one) for one in WIDGET_TYPES.values()])


@get(
    f"{BASE}/{{type_id:str}}",
    action="widget.read",
    resource="widget",
    arguments=LIST,
    schema=SCHEMA,
)
async def read_type(request: Asked, work: UnitOfWork, type_id: str) -> Response[bytes]:
    await arguments.read(request, LIST)
    require_widgets(work)
    return answer(request, _body(request, _known(type_id)))


@post(
    f"{BASE}/{{type_id:str}}/encode",
    action="widget.edit",
    resource="widget",
    status_code=200,
    arguments=ENCODE,
)
async def encode_widget(
    request: Asked, work: UnitOfWork, secret: SecretKey, type_id: str
) -> Response[bytes]:
    wanted = await arguments.read(request, ENCODE)
    require_widgets(work)
    kind = _known(type_id)
    instance = _instance(secret, wanted)
    preview = await _preview(work, kind, instance)
    body = {"form": "", "preview": preview, "instance": encoded(secret, instance)}
    return answer(request, body, allow=["POST"])


@post(
    f"{BASE}/{{type_id:str}}/render",
    action="widget.edit",
    resource="widget",
    status_code=200,
    arguments=RENDER,
)
async def render_widget(
    request: Asked, work: UnitOfWork, secret: SecretKey, type_id: str
) -> Response[bytes]:
    wanted = await arguments.read(request, RENDER)
    require_widgets(work)
    kind = _known(type_id)
    preview = await _preview(work, kind, _instance(secret, wanted))
    return answer(request, {"preview": preview}, allow=["POST"])


async def _preview(work: UnitOfWork, kind: WidgetType, instance: dict[str, Any]) -> str:
    among = await widgets.around(work, [(kind.id, instance)])
    return widgets.rendered(kind.id, kind.id, instance, among)


def _known(type_id: str) -> WidgetType:
    if type_id not in WIDGET_TYPES:
        raise RestError("rest_widget_type_invalid", "Invalid widget type.", 404)
    return WIDGET_TYPES[type_id]


def _instance(secret: SecretKey, wanted: dict[str, Any]) -> dict[str, Any]:
    given = wanted.get("instance")
    return widgets.clean_instance(from_instance(secret, given) if given else {})


def _body(request: Asked, kind: WidgetType) -> dict[str, Any]:
    links = {
        "collection": [{"href": rest_url(request, BASE)}],
        "self": [{"href": rest_url(request, f"{BASE}/{kind.id}")}],
    }
    return {
        "id": kind.id,
        "name": kind.name,
        "description": kind.description,
        "is_multi": True,
        "classname": kind.classname,
        "_links": links,
    }


WIDGET_TYPE_ROUTES: list[HTTPRouteHandler] = [list_types, read_type, encode_widget, render_widget]
