"""The settings of the site as WordPress names them; what only this product has is in /api/v1."""

from typing import Any

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get, patch, post, put
from cms.content.permissions import require
from cms.content.site_settings import DEFAULTS, change_settings
from cms.database.work import UnitOfWork
from cms.rest import arguments
from cms.rest.post_arguments import Table
from cms.rest.shape import answer, site_url

Asked = Request[Any, Any, Any]

_TEXT: dict[str, Any] = {"type": "string", "maxLength": 1000}
_SWITCH: dict[str, Any] = {"type": "string", "enum": ["open", "closed"]}
_ID: dict[str, Any] = {"type": "integer", "minimum": 0}
_FIELDS: Table = {
    "title": {**_TEXT, "description": "Site title."},
    "description": {**_TEXT, "description": "Site tagline."},
    "url": {**_TEXT, "format": "uri", "description": "Site URL; it follows the host name."},
    "email": {
        **_TEXT,
        "format": "email",
        "description": "This address is used for admin purposes, like new user notification.",
    },
    "timezone": {**_TEXT, "description": "A city in the same timezone as you."},
    "date_format": {**_TEXT, "description": "A date format for all date strings."},
    "time_format": {**_TEXT, "description": "A time format for all time strings."},
    "start_of_week": {
        "type": "integer",
        "minimum": 0,
        "maximum": 6,
        "description": "A day number of the week that the week should start on.",
    },
    "language": {**_TEXT, "description": "Locale code of the site."},
    "use_smilies": {
        "type": "boolean",
        "description": "Convert emoticons like :-) and :-P to graphics on display.",
    },
    "default_category": {**_ID, "description": "Default post category."},
    "default_post_format": {**_TEXT, "description": "Default post format."},
    "posts_per_page": {
        "type": "integer",
        "minimum": 1,
        "maximum": 100,
        "description": "Blog pages show at most.",
    },
    "show_on_front": {**_TEXT, "description": "What to show on the front page"},
    "page_on_front": {**_ID, "description": "The ID of the page shown on the front page"},
    "page_for_posts": {**_ID, "description": "The ID of the page that shows the latest posts"},
    "default_ping_status": {
        **_SWITCH,
        "description": "Allow link notifications from other blogs on new articles.",
    },
    "default_comment_status": {
        **_SWITCH,
        "description": "Allow people to submit comments on new posts.",
    },
    "site_logo": {**_ID, "description": "Site logo."},
    "site_icon": {**_ID, "description": "Site icon."},
}
# Null takes a value back to its default, as in WordPress.
EDIT: Table = {name: {**one, "type": ["null", one["type"]]} for name, one in _FIELDS.items()}
SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "settings",
    "type": "object",
    "properties": {
        name: {
            "description": one["description"],
            "type": one["type"],
            **{key: one[key] for key in ("format", "enum") if key in one},
            "context": ["view", "edit"],
        }
        for name, one in _FIELDS.items()
    },
}
_SAID: dict[str, Any] = {"resource": "settings", "schema": SCHEMA}


@get("/wp/v2/settings", action="settings.read", arguments={}, **_SAID)
async def read_settings(request: Asked, work: UnitOfWork) -> Response[bytes]:
    _require(work)
    return answer(request, await _body(request, work, {}), allow=["GET", "POST", "PUT", "PATCH"])


async def update_settings(request: Asked, work: UnitOfWork) -> Response[bytes]:
    _require(work)
    table = {
        # Only a null of JSON resets; an empty text is a text.
        name: _FIELDS[name] if given is not None else EDIT[name]
        for name, given in (await arguments.given(request)).items()
        if name in EDIT
    }
    wanted = await arguments.read(request, table)
    # The address of the site is its host name, which is the operator's to set.
    wanted.pop("url", None)
    if wanted.get("language"):
        wanted["language"] = wanted["language"].replace("_", "-")
    values = {name: DEFAULTS[name] if v is None else v for name, v in wanted.items()}
    changed = await change_settings(work, values)
    work.afterwards(request.app.state.host.tenants.forget)
    return answer(
        request, await _body(request, work, changed), allow=["GET", "POST", "PUT", "PATCH"]
    )


def _require(work: UnitOfWork) -> None:
    require(work.actor.has("manage_options"), "settings.edit", "")


async def _body(request: Asked, work: UnitOfWork, changed: dict[str, Any]) -> dict[str, Any]:
    """Every setting as it is now; a title or zone that nobody has set is the directory's."""
    site = work.tenant.site
    known = await request.app.state.host.tenants.all()
    tenant = next(one for one in known if one.id == work.tenant_id)
    now = {name: changed.get(name, getattr(site, name)) for name in _FIELDS if name != "url"}
    shown = {
        **now,
        "title": now["title"] or tenant.name,
        "timezone": now["timezone"] or tenant.timezone,
        "language": (now["language"] or tenant.language).replace("-", "_"),
        "url": site_url(request),
    }
    return {name: shown[name] for name in _FIELDS}


SETTINGS_ROUTES: list[HTTPRouteHandler] = [
    read_settings,
    *(
        kind("/wp/v2/settings", action="settings.edit", arguments=EDIT, status_code=200, **_SAID)(
            update_settings
        )
        for kind in (post, put, patch)
    ),
]
