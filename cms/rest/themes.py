"""The one theme of a site, as data: what it can show and where."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms import __version__
from cms.api.routing import get
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import Table
from cms.rest.shape import answer, rest_url
from cms.site.reading import may_see_all

Asked = Request[Any, Any, Any]
BASE = "/wp/v2/themes"
STYLESHEET = "default"
LIST: Table = {
    "status": {"type": "array", "items": {"type": "string", "enum": ["active", "inactive"]}}
}
_TEXT = {"type": "string"}


def _both(**more: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "readonly": True,
        "properties": {"raw": {**_TEXT, **more}, "rendered": {**_TEXT, **more}},
    }


# What a theme may do, and whether a headless one does.
_SUPPORTS: dict[str, Any] = {
    "align-wide": True,
    "automatic-feed-links": True,
    "block-templates": False,
    "block-template-parts": False,
    "custom-background": False,
    "custom-header": False,
    "custom-logo": False,
    "customize-selective-refresh-widgets": False,
    "dark-editor-style": False,
    "disable-custom-colors": False,
    "disable-custom-font-sizes": False,
    "disable-custom-gradients": False,
    "disable-layout-styles": False,
    "editor-color-palette": False,
    "editor-font-sizes": False,
    "editor-gradient-presets": False,
    "editor-styles": False,
    "formats": ["standard"],
    "html5": False,
    "post-thumbnails": True,
    "responsive-embeds": True,
    "title-tag": True,
    "wp-block-styles": False,
}
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "theme",
    "type": "object",
    "properties": {
        **{
            name: {**_TEXT, "readonly": True}
            for name in (
                "stylesheet", "template", "requires_php", "requires_wp", "textdomain", "version",
            )
        },
        "screenshot": {**_TEXT, "format": "uri", "readonly": True},
        "author": _both(),
        "author_uri": _both(format="uri"),
        "description": _both(),
        "name": _both(),
        "tags": {
            "type": "object",
            "readonly": True,
            "properties": {"raw": {"type": "array", "items": _TEXT}, "rendered": _TEXT},
        },
        "theme_uri": _both(format="uri"),
        "theme_supports": {
            "type": "object",
            "readonly": True,
            "properties": {
                name: {"type": ["boolean", "array"], "default": value}
                for name, value in _SUPPORTS.items()
            },
        },
        "status": {**_TEXT, "enum": ["inactive", "active"]},
    },
}  # fmt: skip


@get(BASE, action="theme.read", resource="theme", arguments=LIST, schema=SCHEMA)
async def list_themes(request: Asked, work: UnitOfWork) -> Response[bytes]:
    wanted = (await arguments.read(request, LIST)).get("status")
    if not _may_switch(work):
        require(wanted == ["active"], "theme.read", "Themes are for those who may switch them.")
        _require_active(work)
    return answer(request, [_body(request)] if not wanted or "active" in wanted else [])


@get(f"{BASE}/{{stylesheet:path}}", action="theme.read", resource="theme", schema=SCHEMA)
async def read_theme(request: Asked, work: UnitOfWork, stylesheet: str) -> Response[bytes]:
    is_active = stylesheet.strip("/") == STYLESHEET
    if not _may_switch(work):
        require(is_active, "theme.read", "Themes are for those who may switch them.")
        _require_active(work)
    if not is_active:
        raise RestError("rest_theme_not_found", "Theme not found.", 404)
    return answer(request, _body(request))


def _may_switch(work: UnitOfWork) -> bool:
    return not work.actor.is_anonymous and work.actor.has("switch_themes")


def _require_active(work: UnitOfWork) -> None:
    require(may_see_all(work.actor, work), "theme.active", "The theme is for those who edit.")


def _body(request: Asked) -> dict[str, Any]:
    links = {
        "self": [{"href": rest_url(request, f"{BASE}/{STYLESHEET}")}],
        "collection": [{"href": rest_url(request, BASE)}],
    }
    return {
        "stylesheet": STYLESHEET,
        "template": STYLESHEET,
        "requires_php": "",
        "requires_wp": "",
        "textdomain": STYLESHEET,
        "version": __version__,
        "screenshot": "",
        "author": _same(""),
        "author_uri": _same(""),
        "description": _same("The site's own front end draws the pages; this theme names places."),
        "name": _same("Default"),
        "tags": {"raw": [], "rendered": ""},
        "theme_uri": _same(""),
        "theme_supports": _SUPPORTS,
        "status": "active",
        "_links": links,
    }


def _same(text: str) -> dict[str, str]:
    return {"raw": text, "rendered": text}


THEME_ROUTES: list[HTTPRouteHandler] = [list_themes, read_theme]
