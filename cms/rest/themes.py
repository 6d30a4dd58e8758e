"""The themes that a site can choose, and which it has chosen."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.errors import SetupError
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import Table
from cms.rest.shape import answer, rest_url
from cms.site import themes
from cms.site.reading import may_see_all
from cms.site.themes import Manifest

Asked = Request[Any, Any, Any]
BASE = "/wp/v2/themes"
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
    shown = [_body(request, work, slug) for slug in themes.names(work.shop.data)]
    return answer(request, [one for one in shown if not wanted or one["status"] in wanted])


@get(f"{BASE}/{{stylesheet:path}}", action="theme.read", resource="theme", schema=SCHEMA)
async def read_theme(request: Asked, work: UnitOfWork, stylesheet: str) -> Response[bytes]:
    slug = stylesheet.strip("/")
    if not _may_switch(work):
        require(slug == active(work), "theme.read", "Themes are for those who may switch them.")
        _require_active(work)
    if slug not in themes.names(work.shop.data):
        raise RestError("rest_theme_not_found", "Theme not found.", 404)
    return answer(request, _body(request, work, slug))


def _may_switch(work: UnitOfWork) -> bool:
    return not work.actor.is_anonymous and work.actor.has("switch_themes")


def _require_active(work: UnitOfWork) -> None:
    require(may_see_all(work.actor, work), "theme.active", "The theme is for those who edit.")


def active(work: UnitOfWork) -> str:
    """The theme that pages and previews are drawn in: the default one where the chosen one cannot
    be used."""
    chosen = work.tenant.site.theme
    return chosen if _manifest(work, chosen) is not None else themes.DEFAULT


def _body(request: Asked, work: UnitOfWork, slug: str) -> dict[str, Any]:
    """A theme whose manifest cannot be read is listed by its folder: `cms check` says why."""
    links = {
        "self": [{"href": rest_url(request, f"{BASE}/{slug}")}],
        "collection": [{"href": rest_url(request, BASE)}],
    }
    said = _manifest(work, slug) or Manifest(name=slug, version="")
    return {
        "stylesheet": slug,
        "template": slug,
        "requires_php": "",
        "requires_wp": "",
        "textdomain": slug,
        "version": said.version,
        "screenshot": "",
        "author": _same(said.author),
        "author_uri": _same(""),
        "description": _same(said.description),
        "name": _same(said.name),
        "tags": {"raw": [], "rendered": ""},
        "theme_uri": _same(""),
        "theme_supports": _SUPPORTS,
        "status": "active" if slug == active(work) else "inactive",
        "_links": links,
    }


def _manifest(work: UnitOfWork, slug: str) -> Manifest | None:
    try:
        return themes.find(slug, work.shop.data).manifest
    except SetupError:
        return None


def _same(text: str) -> dict[str, str]:
    return {"raw": text, "rendered": text}


THEME_ROUTES: list[HTTPRouteHandler] = [list_themes, read_theme]
