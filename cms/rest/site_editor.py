"""The routes of the site editor, answered as by a site whose theme has nothing for it to edit."""

import re
from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, patch, post, put
from cms.content.permissions import require
from cms.database.work import UnitOfWork
from cms.rest import arguments
from cms.rest.errors import RestError
from cms.rest.post_arguments import CONTEXT, WRITABLE_STATUSES, Table
from cms.rest.shape import answer, front_url, rest_url, site_url
from cms.rest.themes import active
from cms.site.addresses import post_at
from cms.site.reading import may_see_all
from cms.site.types import THEME

Asked = Request[Any, Any, Any]
V2 = "/wp/v2"
LIST: Table = {
    "context": CONTEXT,
    "area": {"type": "string"},
    "post_type": {"type": "string"},
    "wp_id": {"type": "integer"},
}
ITEM: Table = {"context": CONTEXT}
LOOKUP: Table = {
    "slug": {"type": "string", "required": True},
    "is_custom": {"type": "boolean"},
    "template_prefix": {"type": "string"},
}
CHANGE: Table = {
    "author": {"type": "integer"},
    "content": {"type": "text"},
    "description": {"type": "string"},
    "slug": {"type": "string", "pattern": r"[a-zA-Z0-9_\-]+"},
    "status": {"type": "string", "enum": WRITABLE_STATUSES},
    "theme": {"type": "string"},
    "title": {"type": "text"},
    "type": {"type": "string"},
}
_DEFAULTS = {"content": "", "description": "", "title": "", "status": "publish"}
CREATE: Table = {
    name: {**one, "default": _DEFAULTS[name]} if name in _DEFAULTS else one
    for name, one in {**CHANGE, "slug": {**CHANGE["slug"], "required": True}}.items()
}
DELETE: Table = {"force": {"type": "boolean", "default": False}}
STYLES: Table = {
    "settings": {"type": ["object"]},
    "styles": {"type": ["object"]},
    "title": {"type": "text"},
}
DIRECTORY: Table = {
    "context": CONTEXT,
    "category": {"type": "integer", "minimum": 1},
    "keyword": {"type": "integer", "minimum": 1},
    "search": {"type": "string"},
    "slug": {"type": "array", "items": {"type": "string"}},
}
BLOCKS: Table = {
    "context": {"type": "string", "enum": ["view"], "default": "view"},
    "page": {"type": "integer", "minimum": 1, "default": 1},
    "per_page": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10},
    "term": {"type": "string", "required": True},
}
URL: Table = {"url": {"type": "string", "format": "uri", "required": True}}

_PAST = re.compile(r"[0-9]+/(?:revisions|autosaves)(?:/[0-9]+)?")


def _require_theme(work: UnitOfWork, action: str) -> None:
    may = not work.actor.is_anonymous and work.actor.has(THEME)
    require(may, action, "The theme is for those who edit it.")


def _require_editor(work: UnitOfWork, action: str) -> None:
    require(may_see_all(work.actor, work), action, "This is for those who edit something.")


def _template_missing() -> RestError:
    return RestError("rest_template_not_found", "No templates exist with that id.", 404)


def _template_routes(base: str) -> list[HTTPRouteHandler]:
    """There are no templates: lists are empty, nothing is found, and nothing can be added."""
    reads: dict[str, Any] = {"action": "template.read", "resource": "template"}
    writes: dict[str, Any] = {"action": "template.edit", "resource": "template"}
    # A template's id has slashes in it (`theme//slug`), so its revisions come this way too.
    one = f"{base}/{{template:path}}"

    @get(base, **reads, arguments=LIST)
    async def list_templates(request: Asked, work: UnitOfWork) -> Response[bytes]:
        await arguments.read(request, LIST)
        _require_theme(work, "template.read")
        return answer(request, [], allow=["GET", "POST"])

    @get(f"{base}/lookup", **reads, arguments=LOOKUP)
    async def look_up(request: Asked, work: UnitOfWork) -> Response[bytes]:
        await arguments.read(request, LOOKUP)
        _require_theme(work, "template.read")
        raise _template_missing()

    @get(one, **reads, arguments=ITEM)
    async def read_template(request: Asked, work: UnitOfWork, template: str) -> Response[bytes]:
        await arguments.read(request, ITEM)
        if _PAST.fullmatch(template.strip("/")):
            raise RestError("rest_post_invalid_parent", "Invalid post parent ID.", 404)
        _require_theme(work, "template.read")
        raise _template_missing()

    @post(base, **writes, arguments=CREATE)
    async def create_template(request: Asked, work: UnitOfWork) -> Response[bytes]:
        await arguments.read(request, CREATE)
        _require_theme(work, "template.edit")
        raise RestError(
            "rest_templates_not_supported",
            "The theme of this site has no templates, and none can be added: the front end draws "
            "the pages. Change them there.",
            501,
        )

    async def update_template(request: Asked, work: UnitOfWork) -> Response[bytes]:
        await arguments.read(request, CHANGE)
        _require_theme(work, "template.edit")
        raise _template_missing()

    @delete(one, **writes, status_code=200, arguments=DELETE)
    async def delete_template(request: Asked, work: UnitOfWork) -> Response[bytes]:
        await arguments.read(request, DELETE)
        _require_theme(work, "template.edit")
        raise _template_missing()

    updates = [
        kind(one, **writes, arguments=CHANGE)(update_template) for kind in (post, put, patch)
    ]
    return [list_templates, look_up, read_template, create_template, *updates, delete_template]


@get(f"{V2}/global-styles/themes/{{stylesheet:path}}", action="template.read", resource="template")
async def read_theme_styles(request: Asked, work: UnitOfWork, stylesheet: str) -> Response[bytes]:
    _require_theme(work, "template.styles")
    wanted, is_variations = stylesheet.strip("/"), stylesheet.endswith("/variations")
    stylesheet = active(work)
    if wanted.removesuffix("/variations") != stylesheet:
        raise RestError("rest_theme_not_found", "Theme not found.", 404)
    if is_variations:
        return answer(request, [])
    own = rest_url(request, f"{V2}/global-styles/themes/{stylesheet}")
    return answer(request, {"settings": {}, "styles": {}, "_links": {"self": [{"href": own}]}})


def _styles_missing() -> RestError:
    return RestError(
        "rest_global_styles_not_found", "No global styles config exist with that id.", 404
    )


@get(f"{V2}/global-styles/{{styles:path}}", action="template.read", resource="template")
async def read_styles(work: UnitOfWork) -> Response[bytes]:  # noqa: ARG001 - asks the policy
    """There are none: the front end has its own."""
    raise _styles_missing()


async def update_styles(request: Asked, work: UnitOfWork) -> Response[bytes]:
    await arguments.read(request, STYLES)
    _require_theme(work, "template.styles")
    raise _styles_missing()


@get(f"{V2}/block-patterns/patterns", action="pattern.read", resource="pattern")
async def list_patterns(request: Asked, work: UnitOfWork) -> Response[bytes]:
    _require_editor(work, "pattern.read")
    return answer(request, [])


@get(f"{V2}/block-patterns/categories", action="pattern.read", resource="pattern")
async def list_pattern_categories(request: Asked, work: UnitOfWork) -> Response[bytes]:
    _require_editor(work, "pattern.categories")
    return answer(request, [])


@get(
    f"{V2}/pattern-directory/patterns",
    action="pattern.read",
    resource="pattern",
    arguments=DIRECTORY,
)
async def browse_patterns(request: Asked, work: UnitOfWork) -> Response[bytes]:
    await arguments.read(request, DIRECTORY)
    _require_editor(work, "pattern.directory")
    return answer(request, [])


@get(f"{V2}/block-directory/search", action="pattern.read", resource="pattern", arguments=BLOCKS)
async def search_blocks(request: Asked, work: UnitOfWork) -> Response[bytes]:
    await arguments.read(request, BLOCKS)
    may = work.actor.has("install_plugins") and work.actor.has("activate_plugins")
    require(may, "pattern.block_directory", "Blocks are found by those who install plugins.")
    return answer(request, [])


@get("/wp-block-editor/v1/export", action="template.read", resource="template")
async def export_templates(work: UnitOfWork) -> Response[bytes]:
    _require_theme(work, "template.export")
    raise RestError(
        "rest_templates_not_supported",
        "The theme of this site has no templates to export; content leaves with `cms export`.",
        501,
    )


@get("/wp-block-editor/v1/url-details", action="link.read", resource="link", arguments=URL)
async def describe_url(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """The title behind an address of this site; no other address is ever asked."""
    wanted = await arguments.read(request, URL)
    _require_editor(work, "link.read")
    bases = (site_url(request), front_url(request, work.tenant.site))
    found = await post_at(work, wanted["url"], bases)
    if found is None:
        raise RestError(
            "no_response",
            "URL not found. Response returned a non-200 status code for this URL.",
            404,
        )
    return answer(request, {"title": found.title, "icon": "", "description": "", "image": ""})


_RESTYLING: dict[str, Any] = {
    "action": "template.edit",
    "resource": "template",
    "arguments": STYLES,
}
SITE_EDITOR_ROUTES: list[HTTPRouteHandler] = [
    *_template_routes(f"{V2}/templates"),
    *_template_routes(f"{V2}/template-parts"),
    read_theme_styles,
    read_styles,
    *(
        kind(f"{V2}/global-styles/{{styles:path}}", **_RESTYLING)(update_styles)
        for kind in (post, put, patch)
    ),
    list_patterns,
    list_pattern_categories,
    browse_patterns,
    search_blocks,
    export_templates,
    describe_url,
]
