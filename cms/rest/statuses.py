"""The statuses of posts: strangers know the public one, those who edit all that they can set."""

from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import get
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.rest import arguments
from cms.rest.declared_body import (
    ALWAYS,
    CONTEXT_ONLY,
    EDIT,
    NOT_EMBEDDED,
    Asked,
    in_context,
    may_edit_some,
    property_of,
    schema_of,
)
from cms.rest.errors import RestError
from cms.rest.shape import answer, rest_url

_PROPERTIES = {
    "name": property_of("string", ALWAYS, "The title of the status."),
    "private": property_of("boolean", EDIT, "Whether posts with it are private."),
    "protected": property_of("boolean", EDIT, "Whether posts with it are protected."),
    "public": property_of("boolean", NOT_EMBEDDED, "Whether the public sees posts with it."),
    "queryable": property_of("boolean", NOT_EMBEDDED, "Whether they can be asked for publicly."),
    "show_in_list": property_of("boolean", EDIT, "Whether lists of all posts show them."),
    "slug": property_of("string", ALWAYS, "Its identifier."),
    "date_floating": property_of("boolean", NOT_EMBEDDED, "Whether their date is still open."),
}
SCHEMA = schema_of("status", _PROPERTIES)


@dataclass(frozen=True)
class _Described:
    name: str
    is_protected: bool = False
    is_internal: bool = False
    date_floats: bool = False


# In WordPress's order; the bin is internal and shown all the same.
_STATUSES = {
    Status.PUBLISH: _Described("Published"),
    Status.FUTURE: _Described("Scheduled", is_protected=True),
    Status.DRAFT: _Described("Draft", is_protected=True, date_floats=True),
    Status.PENDING: _Described("Pending", is_protected=True, date_floats=True),
    Status.PRIVATE: _Described("Private"),
    Status.TRASH: _Described("Trash", is_internal=True),
}
# They exist, and nobody is shown them.
_HIDDEN = {Status.AUTO_DRAFT, Status.INHERIT}


@get(
    "/wp/v2/statuses",
    action="status.list",
    resource="status",
    arguments=CONTEXT_ONLY,
    schema=SCHEMA,
)
async def list_statuses(request: Asked, work: UnitOfWork) -> Response[bytes]:
    context = (await arguments.read(request, CONTEXT_ONLY))["context"]
    edits = may_edit_some(work)
    if context == "edit" and not edits:
        raise RestError(
            "rest_cannot_view", "Sorry, you are not allowed to manage post statuses.", 403
        )
    shown = {
        status.value: _body(request, status, context)
        for status in _STATUSES
        if edits or status.is_public
    }
    return answer(request, shown)


@get(
    "/wp/v2/statuses/{name:str}",
    action="status.list",
    resource="status",
    arguments=CONTEXT_ONLY,
    schema=SCHEMA,
)
async def read_status(request: Asked, work: UnitOfWork, name: str) -> Response[bytes]:
    context = (await arguments.read(request, CONTEXT_ONLY))["context"]
    known = {status.value: status for status in Status}
    status = known.get(name)
    if status is None:
        raise NotFound("status", name)
    if status in _HIDDEN or not (status.is_public or may_edit_some(work)):
        raise RestError("rest_cannot_read_status", "Cannot view status.", 403)
    return answer(request, _body(request, status, context))


def _body(request: Asked, status: Status, context: str) -> dict[str, Any]:
    one = _STATUSES[status]
    body = {
        "name": one.name,
        "private": status is Status.PRIVATE,
        "protected": one.is_protected,
        "public": status.is_public,
        "queryable": status.is_public,
        "show_in_list": not one.is_internal,
        "slug": status.value,
        "date_floating": one.date_floats,
    }
    listed = "/wp/v2/posts" + ("" if status.is_public else f"?status={status.value}")
    links = {"archives": [{"href": rest_url(request, listed)}]}
    return {**in_context(body, _PROPERTIES, context), "_links": links}


STATUS_ROUTES: list[HTTPRouteHandler] = [list_statuses, read_status]
