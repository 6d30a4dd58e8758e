"""Which plugins are enabled. What runs is decided by the installation, never through REST."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms import __version__
from cms.api.routing import delete, get, patch, post, put
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.kernel.plugin import Plugin
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, Table
from cms.rest.shape import answer, rest_url

Asked = Request[Any, Any, Any]
BASE = "/wp/v2/plugins"
MANAGE = "activate_plugins"
_STATUS = {"type": "string", "enum": ["inactive", "active"]}
LIST: Table = {
    "context": CONTEXT,
    "search": {"type": "string", "maxLength": 200},
    "status": {"type": "array", "items": _STATUS},
}
ITEM: Table = {"context": CONTEXT}
CREATE: Table = {
    "slug": {"type": "string", "required": True, "pattern": r"[\w\-]+"},
    "status": {**_STATUS, "default": "inactive"},
}
CHANGE: Table = {"context": CONTEXT, "status": _STATUS}
_NOT_EMBEDDED = frozenset(
    {"plugin_uri", "author", "author_uri", "description", "version", "textdomain"}
)
_ALWAYS, _BOTH = ["view", "edit", "embed"], ["view", "edit"]


def _shown(kind: str, context: list[str], **more: Any) -> dict[str, Any]:
    return {"type": kind, "context": context, "readonly": True, **more}


SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "plugin",
    "type": "object",
    "properties": {
        "plugin": _shown("string", _ALWAYS),
        "status": {**_STATUS, "context": _ALWAYS},
        "name": _shown("string", _ALWAYS),
        "plugin_uri": _shown("string", _BOTH, format="uri"),
        "author": _shown("object", _BOTH),
        "author_uri": _shown("string", _BOTH, format="uri"),
        "description": _shown(
            "object",
            _BOTH,
            properties={"raw": {"type": "string"}, "rendered": {"type": "string"}},
        ),
        "version": _shown("string", _BOTH),
        "network_only": _shown("boolean", _ALWAYS),
        "requires_wp": _shown("string", _ALWAYS),
        "requires_php": _shown("string", _ALWAYS),
        "textdomain": _shown("string", _BOTH),
    },
}


def _may(work: UnitOfWork, capability: str) -> bool:
    return not work.actor.is_anonymous and work.actor.has(capability)


@get(BASE, action="plugin.read", resource="plugin", arguments=LIST, schema=SCHEMA)
async def list_plugins(request: Asked, work: UnitOfWork) -> Response[bytes]:
    wanted = await arguments.read(request, LIST)
    require(_may(work, MANAGE), "plugin.read", "Plugins are for those who may switch them.")
    words, statuses = wanted.get("search", "").lower(), wanted.get("status") or ["active"]
    found = [
        _body(request, one, wanted["context"])
        for one in _enabled(work)
        if "active" in statuses and words in f"{one.slug} {one.summary}".lower()
    ]
    return answer(request, found)


@get(
    f"{BASE}/{{plugin:path}}",
    action="plugin.read",
    resource="plugin",
    arguments=ITEM,
    schema=SCHEMA,
)
async def read_plugin(request: Asked, work: UnitOfWork, plugin: str) -> Response[bytes]:
    wanted = await arguments.read(request, ITEM)
    require(_may(work, MANAGE), "plugin.item", "Plugins are for those who may switch them.")
    return answer(request, _body(request, _found(work, plugin), wanted["context"]))


@post(BASE, action="plugin.install", resource="plugin", arguments=CREATE, schema=SCHEMA)
async def install_plugin(request: Asked, work: UnitOfWork) -> Response[bytes]:
    wanted = await arguments.read(request, CREATE)
    require(_may(work, "install_plugins"), "plugin.install", "Plugins are for administrators.")
    require(
        wanted["status"] != "active" or _may(work, MANAGE),
        "plugin.activate",
        "Plugins are for those who may switch them.",
    )
    raise _by_the_installation("Install the package beside the product and name it in CMS_ENABLED.")


async def switch_plugin(request: Asked, work: UnitOfWork, plugin: str) -> Response[bytes]:
    wanted = await arguments.read(request, CHANGE)
    require(_may(work, MANAGE), "plugin.manage", "Plugins are for those who may switch them.")
    found = _found(work, plugin)
    if wanted.get("status", "active") != "active":
        raise _by_the_installation("Take its name out of CMS_ENABLED and start again.")
    return answer(request, _body(request, found, wanted["context"]))


@delete(
    f"{BASE}/{{plugin:path}}",
    action="plugin.manage",
    resource="plugin",
    status_code=200,
    arguments=ITEM,
    schema=SCHEMA,
)
async def delete_plugin(request: Asked, work: UnitOfWork, plugin: str) -> Response[bytes]:
    await arguments.read(request, ITEM)
    require(_may(work, MANAGE), "plugin.manage", "Plugins are for those who may switch them.")
    require(_may(work, "delete_plugins"), "plugin.delete", "Plugins are for administrators.")
    _found(work, plugin)
    raise _by_the_installation("Uninstall its package beside the product.")


def _by_the_installation(remedy: str) -> RestError:
    return RestError(
        "rest_plugins_not_changeable",
        f"Plugins are chosen by the installation, not through REST. {remedy}",
        501,
    )


def _enabled(work: UnitOfWork) -> list[Plugin]:
    return [one for one in work.registry.plugins if one.slug != "core"]


def _found(work: UnitOfWork, plugin: str) -> Plugin:
    for one in _enabled(work):
        if plugin.strip("/") == _id(one):
            return one
    raise RestError("rest_plugin_not_found", "Plugin not found.", 404)


def _id(plugin: Plugin) -> str:
    """Folder and file, as WordPress names a plugin."""
    return f"{plugin.slug}/{plugin.slug}"


def _body(request: Asked, plugin: Plugin, context: str) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "plugin": _id(plugin),
        "status": "active",
        "name": plugin.slug.replace("_", " ").capitalize(),
        "plugin_uri": "",
        "author": "",
        "author_uri": "",
        "description": {"raw": plugin.summary, "rendered": plugin.summary},
        "version": __version__,
        "network_only": False,
        "requires_wp": "",
        "requires_php": "",
        "textdomain": plugin.slug,
    }
    if context == "embed":
        fields = {name: one for name, one in fields.items() if name not in _NOT_EMBEDDED}
    own = rest_url(request, f"{BASE}/{_id(plugin)}")
    return {**fields, "_links": {"self": [{"href": own}]}}


_CHANGING: dict[str, Any] = {
    "action": "plugin.manage",
    "resource": "plugin",
    "status_code": 200,
    "arguments": CHANGE,
    "schema": SCHEMA,
}
PLUGIN_ROUTES: list[HTTPRouteHandler] = [
    list_plugins,
    read_plugin,
    install_plugin,
    *(kind(f"{BASE}/{{plugin:path}}", **_CHANGING)(switch_plugin) for kind in (post, put, patch)),
    delete_plugin,
]
