"""Routes that say what they do: no handler without an action and a resource type.

A handler gets `work`, the unit of work of the request. It is begun, the actor is identified and the
decision port is asked before the handler runs; it commits when the handler returns, before the
first byte of the answer leaves.

A route of the WordPress API says what it accepts and gives with more options, from which its
OPTIONS answer and its entry in the index are made: `arguments` (the table that its handler
validates by), `schema` (the JSON schema of the resource), `allow_batch` (whether a batch may hold
it), `route` (its address in WordPress's form, where that does not follow from the path) and
`fields` (the kind of things whose custom fields it shows and takes: `cms.fields.kinds.Kind`).
"""

import inspect
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import Any, get_type_hints

import litestar
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from cms.database.work import Entrance, UnitOfWork
from cms.errors import CmsError, InvalidInput, NotFound, TransitionRefused
from cms.identity.proofs import identify
from cms.identity.secrets import SecretKey
from cms.kernel.events import Refused, Subject

LARGEST_ID = 2**63 - 1
_DESCRIBING = ("arguments", "schema", "allow_batch", "route", "fields")
_DEPENDENCIES = frozenset({"work", "secret", "page"})

Decorator = Callable[[Callable[..., Awaitable[Any]]], HTTPRouteHandler]


def get(path: str, *, action: str, resource: str, **options: Any) -> Decorator:
    return _declare(litestar.get, path, action, resource, options)


def post(path: str, *, action: str, resource: str, **options: Any) -> Decorator:
    return _declare(litestar.post, path, action, resource, options)


def put(path: str, *, action: str, resource: str, **options: Any) -> Decorator:
    return _declare(litestar.put, path, action, resource, options)


def patch(path: str, *, action: str, resource: str, **options: Any) -> Decorator:
    return _declare(litestar.patch, path, action, resource, options)


def delete(path: str, *, action: str, resource: str, **options: Any) -> Decorator:
    return _declare(litestar.delete, path, action, resource, options)


def options(path: str, *, action: str, resource: str, **options: Any) -> Decorator:
    asks = partial(HTTPRouteHandler, http_method=["OPTIONS"])
    return _declare(asks, path, action, resource, options)


def open_get(path: str | list[str], *, because: str, **options: Any) -> Decorator:
    """A route that no policy decides on and that touches no tenant's data: health, the API's
    description. `because` is the reason, shown in the list of routes."""
    return litestar.get(path, opt={"open": because}, **options)


def open_post(path: str, *, because: str, **options: Any) -> Decorator:
    """The same for a route that only hands on: what it leads to is decided on where it arrives."""
    described = {name: options.pop(name, None) for name in _DESCRIBING}
    return litestar.post(path, opt={"open": because, **described}, **options)


def _declare(
    kind: Callable[..., Any], path: str, action: str, resource: str, options: dict[str, Any]
) -> Decorator:
    described = {name: options.pop(name, None) for name in _DESCRIBING}
    opt = {**options.pop("opt", {}), **described, "action": action, "resource": resource}

    def decorate(fn: Callable[..., Awaitable[Any]]) -> HTTPRouteHandler:
        @wraps(fn)
        async def within_work(**values: Any) -> Any:
            work: UnitOfWork = values["work"]
            _refuse_impossible_ids(values, path, resource)
            try:
                async with work:
                    await _keep_promise(values.get("request"), work, resource)
                    result = await fn(**values)
                    # An answer that the request asks more of is completed before the commit.
                    complete = getattr(result, "completed", None)
                    return result if complete is None else await complete(work)
            except CmsError as refusal:
                if refusal.is_refusal:
                    await record_refusal(work, refusal, action, resource)
                raise

        _name_sources(within_work, fn, path)
        # `inside` is for those who already are in a unit of work and have asked the policy.
        handler: HTTPRouteHandler = kind(path, opt={**opt, "inside": fn}, **options)(within_work)
        return handler

    return decorate


async def _keep_promise(request: Any, work: UnitOfWork, resource: str) -> None:
    """Whoever says what he has seen changes nothing else; the WordPress door looks at it."""
    if request is None or request.method == "GET" or "if-match" not in request.headers:
        return
    look = request.app.state.get("require_unchanged")
    if look is not None and request.scope["path"].startswith("/wp-json"):
        await look(request, work, resource)


def _refuse_impossible_ids(values: dict[str, Any], path: str, resource: str) -> None:
    """An id in the address that no row can have is not found, and such a number in the query is
    refused by name, before the database is asked."""
    beyond = {
        name: value
        for name, value in values.items()
        if isinstance(value, int) and abs(value) > LARGEST_ID
    }
    for name, value in beyond.items():
        if f"{{{name}:int}}" in path:
            raise NotFound(resource, value)
    if beyond:
        fault = f"is beyond the largest number that is kept, {LARGEST_ID}"
        raise InvalidInput(dict.fromkeys(beyond, fault))


def _name_sources(wrapper: Any, fn: Callable[..., Any], path: str) -> None:
    """Say of each parameter where it comes from (Litestar 3 stops guessing): dependencies by
    name, those in the path from it, `data` from the body, all others from the query."""
    hints: dict[str, Any] = get_type_hints(fn, include_extras=True)
    for name in inspect.signature(fn).parameters:
        source: Any = _source(name, path)
        if source is not None:
            hints[name] = source[hints[name]]
    wrapper.__annotations__ = hints
    signature = inspect.signature(fn)
    wrapper.__signature__ = signature.replace(
        parameters=[p.replace(annotation=hints[n]) for n, p in signature.parameters.items()],
        return_annotation=hints.get("return", Any),
    )
    del wrapper.__wrapped__


def _source(name: str, path: str) -> Any:
    if name in _DEPENDENCIES:
        return NamedDependency
    if name == "data":
        return JSONBody
    if name == "request":
        return None
    return FromPath if f"{{{name}:" in path else FromQuery


def entrance(key: SecretKey, authorization: str | None, handler: HTTPRouteHandler) -> Entrance:
    """Steps two and three of the request path: who, and may this kind of thing happen."""

    async def know(work: UnitOfWork) -> None:
        work.actor = await identify(work, key, authorization)

    return decided(know, handler)


def decided(know: Entrance, handler: HTTPRouteHandler) -> Entrance:
    """Find out who it is, then ask whether this kind of thing may happen."""

    async def enter(work: UnitOfWork) -> None:
        await know(work)
        await work.decide(handler.opt["action"], handler.opt["resource"])

    return enter


async def record_refusal(work: UnitOfWork, refusal: CmsError, action: str, resource: str) -> None:
    """Keep in the trail that a person was refused; `action` and `resource` are the route's, for a
    refusal that does not say more. Strangers are only counted, not recorded: they
    could fill the trail from outside."""
    if work.actor.is_anonymous:
        return
    refused = refusal_told(refusal, action, resource)
    async with work.shop.work(work.tenant, work.actor, work.request) as trail:
        trail.decided.extend(work.decided)
        await trail.emit(refused)


def refusal_told(refusal: CmsError, action: str, resource: str) -> Refused:
    """The refusal as the trail keeps it; for whoever goes on after one, in the same work."""
    if isinstance(refusal, TransitionRefused):
        subject, action = refusal.event.subject(), refusal.event.tag
        codes = [objection.code for objection in refusal.objections]
    else:
        subject, action = Subject(resource), getattr(refusal, "action", action)
        code = getattr(refusal, "code", refusal.slug)
        codes = [code, *refusal.facts.get("reasons", ())]
    return Refused(
        action=action,
        resource_type=subject.type,
        resource_id=subject.id,
        after={"reasons": codes},
    )
