"""What `_embed` can bring along: each kind of linked body is loaded for a whole answer at once."""

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.routes import HTTPRoute

from cms.database.work import UnitOfWork
from cms.errors import CmsError
from cms.rest.errors import no_route, shape

Asked = Request[Any, Any, Any]
Loader = Callable[[Asked, UnitOfWork, Sequence[int]], Awaitable[Mapping[int, Any]]]
_PLACE = re.compile(r"\{[^}]*\}")
_TARGET = re.compile(r"/wp-json(?P<form>/.*?)(?P<id>[0-9]{1,18})")


@dataclass(frozen=True)
class Embeddable:
    """Addresses of one form. `path` is the part after /wp-json with one place for the id, such as
    `/wp/v2/users/{id}` or `/wp/v2/categories?post={id}`. `load` answers for many ids with few
    statements: each id's body (or list of bodies) in the embed context with its `_links`; an id
    that this reader may not see maps to the RestError that the address would answer with."""

    path: str
    load: Loader


@dataclass(frozen=True)
class _Kind:
    """An embeddable form, and the action that its address asks the policy about."""

    load: Loader
    action: str
    resource: str


class EmbedTable:
    """All forms that can be embedded, by what stands before the id."""

    def __init__(self, known: Iterable[Embeddable], routes: Iterable[Any]) -> None:
        declared = {
            _PLACE.sub("{id}", route.path.removeprefix("/wp-json")): handler.opt
            for route in routes
            if isinstance(route, HTTPRoute)
            for handler in route.route_handlers
            if "GET" in handler.http_methods and "action" in handler.opt
        }
        self._kinds: dict[str, _Kind] = {}
        for one in known:
            # A form whose route nobody serves cannot be decided on, and is not embedded.
            said = declared.get(one.path.partition("?")[0])
            if said is not None:
                form = one.path.removesuffix("{id}")
                self._kinds[form] = _Kind(one.load, said["action"], said["resource"])

    def find(self, href: str) -> tuple[_Kind, int] | None:
        """The kind and the id of a full address."""
        start = href.find("/wp-json/")
        target = _TARGET.fullmatch(href, start) if start >= 0 else None
        kind = self._kinds.get(target["form"]) if target is not None else None
        return (kind, int(target["id"])) if kind is not None and target is not None else None


def relations(asked: str) -> frozenset[str] | None:
    """The relations that `_embed` names; None for all of them, which an empty value, 0, 1 and true
    mean in WordPress."""
    if asked in {"", "0", "1", "true"}:
        return None
    return frozenset(asked.replace(",", " ").split()) or None


async def embed(
    request: Asked, work: UnitOfWork, body: Any, wanted: Collection[str] | None
) -> None:
    """Put `_embedded` into the body, or into each item of a list."""
    items = [one for one in (body if isinstance(body, list) else [body]) if isinstance(one, dict)]
    table: EmbedTable = request.app.state.embeds
    loads: dict[_Kind, dict[int, Any]] = {}
    places: dict[str, tuple[_Kind, int] | None] = {}
    for href in _embeddable(items, wanted):
        if href not in places:
            found = places[href] = table.find(href)
            if found is not None:
                loads.setdefault(found[0], {})[found[1]] = None
    for kind, ids in loads.items():
        loads[kind] = await _loaded(request, work, kind, list(ids))
    for item in items:
        embedded = {
            rel: [_one(places, loads, link) for link in links]
            for rel, links in item.get("_links", {}).items()
            if (wanted is None or rel in wanted) and any("embeddable" in one for one in links)
        }
        kept = {rel: bodies for rel, bodies in embedded.items() if any(bodies)}
        if kept:
            item["_embedded"] = kept


def _embeddable(items: Iterable[dict[str, Any]], wanted: Collection[str] | None) -> Iterator[str]:
    for item in items:
        for rel, links in item.get("_links", {}).items():
            if wanted is None or rel in wanted:
                yield from (link["href"] for link in links if "embeddable" in link)


def _one(
    places: Mapping[str, tuple[_Kind, int] | None],
    loads: Mapping[_Kind, Mapping[int, Any]],
    link: Any,
) -> Any:
    if "embeddable" not in link:
        return []
    found = places[link["href"]]
    return loads[found[0]][found[1]] if found is not None else no_route()[1]


async def _loaded(
    request: Asked, work: UnitOfWork, kind: _Kind, ids: Sequence[int]
) -> dict[int, Any]:
    """The body of each id, or the error that its address would answer with."""
    missing: Any = no_route()[1]
    try:
        await work.decide(kind.action, kind.resource)
        bodies = await kind.load(request, work, ids)
    except CmsError as refused:
        bodies, missing = {}, _error(work, refused)
    return {
        one: _error(work, bodies[one]) if isinstance(bodies.get(one), CmsError)
        else bodies.get(one, missing)
        for one in ids
    }  # fmt: skip


def _error(work: UnitOfWork, error: CmsError) -> dict[str, Any]:
    return shape(error, is_anonymous=work.actor.is_anonymous)[1]
