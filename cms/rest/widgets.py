"""Widgets as data, and the kinds of them."""

import base64
import hmac
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, patch, post, put
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.identity.secrets import SecretKey
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, Table
from cms.rest.shape import CURIES, answer, rest_url
from cms.site import widgets
from cms.site.models import Widget
from cms.site.types import THEME
from cms.site.widget_types import WIDGET_TYPES

Asked = Request[Any, Any, Any]
BASE = "/wp/v2/widgets"
INSTANCE = {
    "type": "object",
    "properties": {
        "encoded": {"type": "string", "maxLength": 200_000},
        "hash": {"type": "string", "maxLength": 200},
        "raw": {"type": "object"},
    },
}
LIST: Table = {"context": CONTEXT, "sidebar": {"type": "string"}}
ITEM: Table = {"context": CONTEXT}
CHANGE: Table = {
    "id": {"type": "string", "maxLength": 200},
    "id_base": {"type": "string", "maxLength": 200},
    "sidebar": {"type": "string", "maxLength": 200},
    "instance": INSTANCE,
    "form_data": {"type": "string", "maxLength": 200_000},
}
CREATE: Table = {**CHANGE, "sidebar": {**CHANGE["sidebar"], "default": widgets.INACTIVE}}
DELETE: Table = {"force": {"type": "boolean"}}

_ALWAYS = ["view", "edit", "embed"]
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "widget",
    "type": "object",
    "properties": {
        "id": {"description": "Its id, such as block-2.", "type": "string", "context": _ALWAYS},
        "id_base": {
            "description": "The kind of widget.",
            "type": "string",
            "context": _ALWAYS,
        },
        "sidebar": {
            "description": "The sidebar that it is in.",
            "type": "string",
            "default": widgets.INACTIVE,
            "required": True,
            "context": _ALWAYS,
        },
        "rendered": {
            "description": "What readers get of it.",
            "type": "string",
            "context": _ALWAYS,
            "readonly": True,
        },
        "rendered_form": {
            "description": "A form to set it with; always empty here.",
            "type": "string",
            "context": ["edit"],
            "readonly": True,
        },
        "instance": {
            "description": "What it is set to.",
            **INSTANCE,
            "default": None,
            "context": ["edit"],
        },
        "form_data": {
            "description": "What it is set to, as a form sends it.",
            "type": "string",
            "context": [],
        },
    },
}


def require_widgets(work: UnitOfWork) -> None:
    require(work.actor.has(THEME), "widget.read", "Widgets belong to the theme.")


@get(BASE, action="widget.read", resource="widget", arguments=LIST, schema=SCHEMA, allow_batch=True)
async def list_widgets(request: Asked, work: UnitOfWork, secret: SecretKey) -> Response[bytes]:
    wanted = await arguments.read(request, LIST)
    require_widgets(work)
    found = await widgets.listed(work, wanted.get("sidebar"))
    shown = await _bodies(request, work, found, secret, wanted["context"])
    return answer(request, shown, allow=["GET", "POST"])


@get(
    f"{BASE}/{{widget_id:str}}",
    action="widget.read",
    resource="widget",
    arguments=ITEM,
    schema=SCHEMA,
    allow_batch=True,
)
async def read_widget(
    request: Asked, work: UnitOfWork, secret: SecretKey, widget_id: str
) -> Response[bytes]:
    wanted = await arguments.read(request, ITEM)
    require_widgets(work)
    widget = await _found(work, widget_id)
    return _one(request, await _body(request, work, widget, secret, wanted["context"]))


@post(
    BASE,
    action="widget.edit",
    resource="widget",
    status_code=201,
    arguments=CREATE,
    schema=SCHEMA,
    allow_batch=True,
)
async def create_widget(request: Asked, work: UnitOfWork, secret: SecretKey) -> Response[bytes]:
    wanted = await arguments.read(request, CREATE)
    require_widgets(work)
    id_base = wanted.get("id_base") or wanted.get("id", "").rpartition("-")[0]
    if not id_base:
        raise _invalid("Widget type (id_base) is required.")
    instance = _instance(secret, id_base, wanted) or {}
    widget = await widgets.add(work, id_base, wanted["sidebar"], instance)
    shown = await _body(request, work, widget, secret, "edit")
    return answer(request, shown, status=201, allow=["GET", "POST"])


async def update_widget(
    request: Asked, work: UnitOfWork, secret: SecretKey, widget_id: str
) -> Response[bytes]:
    wanted = await arguments.read(request, CHANGE)
    require_widgets(work)
    widget = await _found(work, widget_id)
    instance = _instance(secret, widget.id_base, wanted)
    await widgets.change(work, widget, instance=instance, sidebar=wanted.get("sidebar"))
    return _one(request, await _body(request, work, widget, secret, "edit"))


@delete(
    f"{BASE}/{{widget_id:str}}",
    action="widget.edit",
    resource="widget",
    status_code=200,
    arguments=DELETE,
    schema=SCHEMA,
    allow_batch=True,
)
async def delete_widget(
    request: Asked, work: UnitOfWork, secret: SecretKey, widget_id: str
) -> Response[bytes]:
    """Without force the widget waits among the inactive ones."""
    wanted = await arguments.read(request, DELETE)
    require_widgets(work)
    widget = await _found(work, widget_id)
    if wanted.get("force"):
        previous = await _body(request, work, widget, secret, "edit")
        previous.pop("_links")
        await widgets.remove(work, widget)
        return _one(request, {"deleted": True, "previous": previous})
    await widgets.change(work, widget, sidebar=widgets.INACTIVE)
    return _one(request, await _body(request, work, widget, secret, "edit"))


def _one(request: Asked, body: Any) -> Response[bytes]:
    return answer(request, body, allow=["GET", "POST", "PUT", "PATCH", "DELETE"])


async def _found(work: UnitOfWork, widget_id: str) -> Widget:
    try:
        return await widgets.find(work, widget_id)
    except NotFound as missing:
        raise RestError(
            "rest_widget_not_found", "No widget was found with that id.", 404
        ) from missing


def _invalid(message: str) -> RestError:
    return RestError("rest_invalid_widget", message, 400)


def _instance(secret: SecretKey, id_base: str, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the widget is to be set to, from any of the three forms; None when nothing is said."""
    if id_base not in WIDGET_TYPES:
        raise _invalid("The provided widget type (id_base) cannot be updated.")
    if "form_data" in wanted:
        return _from_form(wanted["form_data"])
    return from_instance(secret, wanted["instance"]) if "instance" in wanted else None


def from_instance(secret: SecretKey, given: Mapping[str, Any]) -> dict[str, Any]:
    """The raw instance, or the one that an earlier answer encoded."""
    if "raw" in given:
        return dict(given["raw"])
    if not {"encoded", "hash"} <= given.keys():
        raise _invalid("The provided instance is invalid. Must contain raw OR encoded and hash.")
    try:
        packed = base64.b64decode(given["encoded"], validate=True)
        is_ours = hmac.compare_digest(_seal(secret, packed), given["hash"].encode())
        value = msgspec.json.decode(packed) if is_ours else None
    except ValueError:  # not base64, or not JSON
        value = None
    if not isinstance(value, dict):
        raise _invalid("The provided instance is malformed.")
    return value


def _from_form(form: str) -> dict[str, Any]:
    """`widget-text[2][title]=Hello` sets the title."""
    try:
        pairs = parse_qsl(form, keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise _invalid("The form holds more than 200 fields.") from error
    return {
        name.removesuffix("]").rpartition("[")[2]: value
        for name, value in pairs
        if name.startswith("widget-") and name.count("[") == 2
    }


def encoded(secret: SecretKey, instance: Mapping[str, Any]) -> dict[str, Any]:
    """An instance as clients send it back: sealed, so that only what came from here is taken."""
    packed = msgspec.json.encode(instance, order="deterministic")
    return {
        "encoded": base64.b64encode(packed).decode(),
        "hash": _seal(secret, packed).decode(),
        "raw": dict(instance),
    }


def _seal(secret: SecretKey, packed: bytes) -> bytes:
    return secret.digest(f"widget:{packed.decode()}").hex().encode()


async def _bodies(
    request: Asked, work: UnitOfWork, found: Sequence[Widget], secret: SecretKey, context: str
) -> list[dict[str, Any]]:
    placed = [one for one in found if widgets.place_of(work, one) != widgets.INACTIVE]
    among = await widgets.around(work, [(one.id_base, one.instance) for one in placed])
    html = {one.id: widgets.rendered(one.id_base, one.id, one.instance, among) for one in placed}
    made = [_body_of(request, work, one, secret, context) for one in found]
    return [{**body, "rendered": html.get(body["id"], "")} for body in made]


async def _body(
    request: Asked, work: UnitOfWork, widget: Widget, secret: SecretKey, context: str
) -> dict[str, Any]:
    return (await _bodies(request, work, [widget], secret, context))[0]


def _body_of(
    request: Asked, work: UnitOfWork, widget: Widget, secret: SecretKey, context: str
) -> dict[str, Any]:
    place = widgets.place_of(work, widget)
    body: dict[str, Any] = {
        "id": widget.id,
        "id_base": widget.id_base,
        "sidebar": place,
        "rendered": "",
    }
    if context == "edit":
        body |= {"rendered_form": "", "instance": encoded(secret, widget.instance)}
    about = rest_url(request, f"/wp/v2/widget-types/{widget.id_base}")
    links = {
        "self": [{"href": rest_url(request, f"{BASE}/{widget.id}")}],
        "collection": [{"href": rest_url(request, BASE)}],
        "about": [{"embeddable": True, "href": about}],
        "wp:sidebar": [{"href": rest_url(request, f"/wp/v2/sidebars/{place}/")}],
        "curies": CURIES,
    }
    return {**body, "_links": links}


_CHANGING: dict[str, Any] = {
    "action": "widget.edit",
    "resource": "widget",
    "status_code": 200,
    "arguments": CHANGE,
    "schema": SCHEMA,
    "allow_batch": True,
}
WIDGET_ROUTES: list[HTTPRouteHandler] = [
    list_widgets,
    read_widget,
    create_widget,
    *(kind(f"{BASE}/{{widget_id:str}}", **_CHANGING)(update_widget) for kind in (post, put, patch)),
    delete_widget,
]
