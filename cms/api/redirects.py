"""Redirects of the site, for those who may change its settings."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get, patch, post
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from cms.site import redirect_csv, redirects
from cms.site.outward_models import Redirect, RedirectHits

LARGEST_FILE = 2_000_000


class RedirectIn(msgspec.Struct, frozen=True):
    """`source` is a path, or ends in `/*`; `target` is a path or an address, empty for 410."""

    source: str
    target: str = ""
    status: int = 301


class RedirectChange(msgspec.Struct, frozen=True):
    """What is left out stays."""

    source: str | None = None
    target: str | None = None
    status: int | None = None


class RedirectOut(msgspec.Struct, frozen=True):
    """`post_id`: the post that an automatic redirect follows. `hits` is an estimate. `chain`: the
    paths that lie between source and end; a visitor is led to the end at once."""

    id: int
    source: str
    target: str
    status: int
    post_id: int | None
    is_automatic: bool
    created_by: int | None
    hits: int
    last_hit_on: date | None
    chain: list[str] = []

    @classmethod
    def of(
        cls, one: Redirect, hits: RedirectHits | None = None, chain: list[str] | None = None
    ) -> "RedirectOut":
        return cls(
            one.id,
            one.source,
            one.target,
            one.status,
            one.post_id,
            one.is_automatic,
            one.created_by,
            hits.hits if hits else 0,
            hits.last_hit_on if hits else None,
            chain or [],
        )


class Redirects(msgspec.Struct, frozen=True):
    """A page of redirects, and how many there are."""

    redirects: list[RedirectOut]
    total: int


class Imported(msgspec.Struct, frozen=True):
    imported: int


PerPage = Annotated[int, msgspec.Meta(ge=1, le=500)]
PageNumber = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


@get("/redirects", action="redirect.list", resource="redirect", tags=["site"])
async def list_redirects(
    work: UnitOfWork, search: str = "", page: PageNumber = 1, per_page: PerPage = 50
) -> Redirects:
    """By source. `search` is looked for in sources and targets."""
    found, total = await redirects.listing(
        work, search=search, limit=per_page, offset=(page - 1) * per_page
    )
    return Redirects([RedirectOut.of(one, hits) for one, hits in found], total)


@post("/redirects", action="redirect.create", resource="redirect", tags=["site"])
async def create_redirect(data: RedirectIn, work: UnitOfWork) -> RedirectOut:
    """A new redirect. One that would lead in a circle is refused (409)."""
    made = await redirects.save(work, source=data.source, target=data.target, status=data.status)
    return await _shown(work, made)


@get("/redirects/{redirect_id:int}", action="redirect.read", resource="redirect", tags=["site"])
async def read_redirect(work: UnitOfWork, redirect_id: int) -> RedirectOut:
    found = await redirects.get(work, redirect_id)
    hits = await work.session.get(RedirectHits, (work.tenant_id, redirect_id))
    return RedirectOut.of(found, hits, await _between(work, found))


async def _shown(work: UnitOfWork, one: Redirect) -> RedirectOut:
    return RedirectOut.of(one, None, await _between(work, one))


async def _between(work: UnitOfWork, one: Redirect) -> list[str]:
    return (await redirects.chain(work, one.source, one.target))[:-1]


@patch("/redirects/{redirect_id:int}", action="redirect.edit", resource="redirect", tags=["site"])
async def change_redirect(data: RedirectChange, work: UnitOfWork, redirect_id: int) -> RedirectOut:
    """Change a redirect; an automatic one becomes yours by it."""
    old = await redirects.get(work, redirect_id)
    changed = await redirects.save(
        work,
        source=old.source if data.source is None else data.source,
        target=old.target if data.target is None else data.target,
        status=old.status if data.status is None else data.status,
        redirect_id=redirect_id,
    )
    return await _shown(work, changed)


@delete(
    "/redirects/{redirect_id:int}", action="redirect.delete", resource="redirect", tags=["site"]
)
async def delete_redirect(work: UnitOfWork, redirect_id: int) -> None:
    await redirects.remove(work, redirect_id)


@post(
    "/redirects/import",
    action="redirect.import",
    resource="redirect",
    status_code=200,
    tags=["site"],
)
async def import_redirects(request: Request[Any, Any, Any], work: UnitOfWork) -> Response[Imported]:
    """Redirects from a CSV file (`text/csv` with the head `source,target,status`). All rows are
    saved, or none and every fault is named by its line."""
    redirects.require_manager(work, "redirect.import")
    body = await request.body()
    if len(body) > LARGEST_FILE:
        raise InvalidInput({"body": f"is larger than {LARGEST_FILE} bytes; send it in parts"})
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput({"body": "must be a CSV file in UTF-8"}) from error
    return Response(Imported(await redirect_csv.read_in(work, text)))


REDIRECT_ROUTES: list[HTTPRouteHandler] = [
    list_redirects,
    create_redirect,
    import_redirects,
    read_redirect,
    change_redirect,
    delete_redirect,
]
