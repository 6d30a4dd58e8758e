"""`If-Match`: a change is made only to what its author has seen (RFC 9110 §13.1.1)."""

from typing import Any

from litestar import Request
from sqlalchemy import select

from cms.content.models import Post, Term
from cms.database.work import UnitOfWork
from cms.identity.models import User
from cms.rest.description import Route, as_wordpress
from cms.rest.errors import RestError
from cms.rest.front import entity_tag
from cms.rest.shape import Asked

_ROWS: dict[str, Any] = {"term": Term, "user": User}
_CONTEXTS = (b"context=view", b"context=edit", b"context=embed")


async def require_unchanged(request: Asked, work: UnitOfWork, resource: str) -> None:
    """Refuse to change an item that is no longer what `If-Match` names. The row is held first, so
    that nobody changes it between this look and the change."""
    route: Route | None = request.app.state.routes.get(_address(request))
    if route is None:
        raise _changed()
    await _hold(request, work, resource)
    asked = request.headers.get("if-match", "")
    wanted = {tag.strip().removeprefix("W/") for tag in asked.split(",")}
    for query in _CONTEXTS:
        seen = _reading(request, query)
        try:
            answer = await route.read(seen, work)
        except LookupError:
            break
        version = seen.scope["state"].get("version", "")
        if "*" in wanted or _names(wanted, version, (await answer.completed(work)).content):
            return
        if version:
            break
    raise _changed()


def _changed() -> RestError:
    return RestError(
        "rest_precondition_failed",
        "This has been changed since you read it, and nothing was saved. Read it again, repeat "
        "your change on what it is now, and send its new ETag in If-Match.",
        412,
    )


async def _hold(request: Asked, work: UnitOfWork, resource: str) -> None:
    numbers = [one for one in request.path_params.values() if isinstance(one, int)]
    own = work.actor.user_id if resource == "user" else None
    number = numbers[-1] if numbers else own
    row = _ROWS.get(resource, Post)
    if number is not None:
        await work.all(
            select(row.id)
            .where(row.tenant_id == work.tenant_id, row.id == number)
            .with_for_update()
        )


def _address(request: Asked) -> str:
    said: str | None = request.route_handler.opt.get("route")
    return said or as_wordpress(next(iter(request.route_handler.paths)))


def _reading(request: Asked, query: bytes) -> Asked:
    """A GET of the same address by the same person."""
    state = {name: request.scope["state"][name] for name in ("work", "site_url", "method")
             if name in request.scope["state"]}  # fmt: skip
    scope: Any = {**request.scope, "method": "GET", "query_string": query, "state": state}
    return Request(scope)


def _names(wanted: set[str], version: str, content: bytes) -> bool:
    """By its state, whatever part of the item was read; else by the very bytes."""
    if version:
        return any(tag.strip('"').partition(".")[0] == version for tag in wanted)
    return entity_tag("", content).decode() in wanted
