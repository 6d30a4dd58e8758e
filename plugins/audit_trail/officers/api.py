"""/api/v1/audit: the trail for officers, and the newest signed head.

Each look is for a purpose: the argument `purpose`, or the header `X-Audit-Purpose`, or that of the
officer's role.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response
from litestar.response import Stream

from cms.api.routing import delete, get, patch, post
from cms.database.work import UnitOfWork
from plugins.audit_trail.officers import daily, exporting, searches, timelines
from plugins.audit_trail.officers.filters import Paging, read_question
from plugins.audit_trail.officers.models import Search
from plugins.audit_trail.officers.opening import TrailEvent
from plugins.audit_trail.officers.reading import Page, read_event, read_head, read_trail
from plugins.audit_trail.proving.consistency import extension_from
from plugins.audit_trail.proving.proofs import prove_event

Asked = Request[Any, Any, Any]

HEADER = "x-audit-purpose"


def _purpose(request: Asked) -> str | None:
    stated = request.query_params.get("purpose") or request.headers.get(HEADER)
    return None if stated is None else str(stated)


def _given(request: Asked, *without: str) -> dict[str, Any]:
    """The arguments as they were written; one that is there twice is a list, which is a fault."""
    given = {}
    for name in dict.fromkeys(request.query_params.keys()):
        if name not in ("purpose", *without):
            values = request.query_params.getall(name)
            given[name] = values[0] if len(values) == 1 else values
    return given


@get("/events", action="audit.read", resource="audit_trail")
async def list_events(request: Asked, work: UnitOfWork) -> Page:
    """Who did what, in order, with before and after; the oldest first unless `order=desc`.

    Filters: actor_id, actor_kind, resource_type, resource_id, data_subject, action (exact, or
    `content:*`), outcome, risk_level, risk_at_least, ip, request_id, channel, since and until (or
    after and before). Pages: limit, cursor, order; total=true counts up to 10,000."""
    wanted, paging = read_question(_given(request))
    return await read_trail(work, wanted, paging, purpose=_purpose(request))


@get("/events/export", action="audit.download", resource="audit_trail")
async def export_events(request: Asked, work: UnitOfWork) -> Stream:
    """The same question as a file of any length: `format` is ndjson (the usual) or csv. The header
    Audit-Events says how many events are in it."""
    form = request.query_params.get("format", "ndjson")
    wanted, paging = read_question(_given(request, "format"))
    download = await exporting.prepare(
        work, wanted, form, newest_first=paging.newest_first, purpose=_purpose(request)
    )
    return Stream(
        exporting.stream(work, download),
        media_type=exporting.FORMS[form],
        headers={
            "Audit-Events": str(download.count),
            "Content-Disposition": f'attachment; filename="audit-events.{form}"',
            "Cache-Control": "no-store",
        },
    )


@get("/events/{event_id:uuid}", action="audit.read", resource="audit_trail")
async def show_event(request: Asked, event_id: UUID, work: UnitOfWork) -> TrailEvent:
    """One event with its place in the log."""
    return await read_event(work, event_id, purpose=_purpose(request))


@get(
    "/events/{event_id:uuid}/proof",
    action="audit.read",
    resource="audit_trail",
    media_type="text/plain",
)
async def show_proof(
    request: Asked, event_id: UUID, work: UnitOfWork, *, with_event: bool = True
) -> Response[bytes]:
    """A file that proves the event to whoever has the log's public keys (C2SP tlog-proof). The
    event itself is in it for the purpose compliance alone, which sees all that was hashed."""
    proof = await prove_event(work, event_id, with_event=with_event, purpose=_purpose(request))
    headers = {"Content-Disposition": f'attachment; filename="{event_id}.tlog-proof"'}
    if proof.judgement is not None:
        has, least = len(proof.judgement.counted), proof.judgement.least
        headers["Audit-Witnesses"] = f"{has} of {least}"
    return Response(proof.encode(), media_type="text/plain", headers=headers)


@get("/head", action="audit.read", resource="audit_trail", media_type="text/plain")
async def show_head(work: UnitOfWork) -> Response[str]:
    """The newest signed head, as the note that any C2SP client verifies."""
    head = await read_head(work)
    return Response(head.note, media_type="text/plain")


@get("/consistency", action="audit.read", resource="audit_trail", media_type="text/plain")
async def show_consistency(work: UnitOfWork, old: int) -> Response[bytes]:
    """The newest signed head, with the proof that it continues the one of `old` entries that the
    officer has kept (the form is that of C2SP tlog-witness)."""
    extension = await extension_from(work, await read_head(work), old)
    return Response(extension.encode(), media_type="text/plain")


@get("/daily", action="audit.read", resource="audit_trail")
async def show_days(
    request: Asked, work: UnitOfWork, *, since: str | None = None, until: str | None = None
) -> daily.Days:
    """How many events of each action, outcome, risk and kind of actor happened each day (UTC)."""
    return await daily.read_days(work, since, until, purpose=_purpose(request))


def _paging(request: Asked, *without: str) -> Paging:
    """Of what takes a page and no filter."""
    known = ("limit", "cursor", "order", "total")
    given = {n: v for n, v in _given(request, *without).items() if n in known}
    return read_question(given)[1]


@get(
    "/resources/{resource_type:str}/{resource_id:int}/timeline",
    action="audit.read",
    resource="audit_trail",
)
async def resource_timeline(
    request: Asked,
    work: UnitOfWork,
    resource_type: str,
    resource_id: int,
    *,
    language: str | None = None,
) -> timelines.Story:
    """What happened to a thing, in sentences (`language`: pt-BR or en); of a post also to its
    reviews. The oldest first unless `order=desc`."""
    return await timelines.of_resource(
        work,
        resource_type,
        resource_id,
        _paging(request),
        language=language,
        purpose=_purpose(request),
    )


@get("/people/{person_id:int}/timeline", action="audit.read", resource="audit_trail")
async def person_timeline(
    request: Asked,
    work: UnitOfWork,
    person_id: int,
    *,
    only: str | None = None,
    language: str | None = None,
) -> timelines.Life:
    """What a person did and what was done to her: two lists, or one with `only`, did or done."""
    return await timelines.of_person(
        work,
        person_id,
        _paging(request),
        only=only,
        language=language,
        purpose=_purpose(request),
    )


# -- saved searches


class SearchIn(msgspec.Struct, frozen=True):
    """`filter` has the names of the arguments of /events."""

    name: str
    filter: dict[str, Any]
    is_shared: bool = False


class SearchChange(msgspec.Struct, frozen=True):
    """What is left out stays."""

    name: str | None = None
    filter: dict[str, Any] | None = None
    is_shared: bool | None = None


class SearchOut(msgspec.Struct, frozen=True):
    id: int
    name: str
    filter: dict[str, Any]
    owner_id: int | None
    is_shared: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, one: Search) -> "SearchOut":
        return cls(**{name: getattr(one, name) for name in cls.__struct_fields__})


class Searches(msgspec.Struct, frozen=True):
    searches: list[SearchOut]


@get("/searches", action="audit.search", resource="audit_trail")
async def list_searches(work: UnitOfWork) -> Searches:
    """One's own searches and the shared ones."""
    return Searches([SearchOut.of(one) for one in await searches.listing(work)])


@post("/searches", action="audit.search", resource="audit_trail")
async def add_search(data: SearchIn, work: UnitOfWork) -> SearchOut:
    """Save a question under a name."""
    made = await searches.add(work, data.name, data.filter, is_shared=data.is_shared)
    return SearchOut.of(made)


@get("/searches/{search_id:int}", action="audit.search", resource="audit_trail")
async def show_search(search_id: int, work: UnitOfWork) -> SearchOut:
    return SearchOut.of(await searches.get(work, search_id))


@patch("/searches/{search_id:int}", action="audit.search", resource="audit_trail")
async def change_search(search_id: int, data: SearchChange, work: UnitOfWork) -> SearchOut:
    changed = await searches.edit(
        work, search_id, name=data.name, given=data.filter, is_shared=data.is_shared
    )
    return SearchOut.of(changed)


@delete("/searches/{search_id:int}", action="audit.search", resource="audit_trail")
async def remove_search(search_id: int, work: UnitOfWork) -> None:
    await searches.remove(work, search_id)


@get("/searches/{search_id:int}/events", action="audit.read", resource="audit_trail")
async def run_search(request: Asked, search_id: int, work: UnitOfWork) -> Page:
    """The events that a saved search finds now; limit, cursor, order and total as for /events."""
    search = await searches.get(work, search_id)
    return await read_trail(
        work,
        searches.wanted_of(search),
        _paging(request),
        purpose=_purpose(request),
        search_id=search_id,
    )


routes = [
    list_events,
    export_events,
    show_event,
    show_proof,
    show_head,
    show_consistency,
    show_days,
    resource_timeline,
    person_timeline,
    list_searches,
    add_search,
    show_search,
    change_search,
    remove_search,
    run_search,
]
