"""The story of one thing or of one person, in sentences that people read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput
from plugins.audit_trail.events import AuditRead
from plugins.audit_trail.officers.cursors import cursor, cut_of
from plugins.audit_trail.officers.filters import OF_USER, Paging, Wanted
from plugins.audit_trail.officers.labels import LANGUAGES, label
from plugins.audit_trail.officers.opening import plain
from plugins.audit_trail.officers.pages import NOTHING, fetch_page
from plugins.audit_trail.officers.purposes import Purpose, begin
from plugins.audit_trail.officers.reading import bounded, looked

SECONDS = 10
DID, DONE = "did", "done"
_ERASED = {"en": "erased", "pt": "apagado"}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One step. `actor` is the name, "erased" for somebody who has left, null for nobody and for a
    purpose without names."""

    at: datetime
    label: str
    action: str
    outcome: str
    risk_level: str
    actor: str | None
    actor_id: int | None
    actor_kind: str
    resource_type: str
    resource_id: int | None
    event_id: UUID
    seq: int | None


class Timeline(msgspec.Struct, frozen=True):
    """Steps in their order, and the cursor of the next page, if there is one."""

    entries: list[Entry]
    next: str | None


class Life(msgspec.Struct, frozen=True):
    """What a person did, and what was done to her account and to what is kept of her. One of them
    is null when the other alone was asked for."""

    did: Timeline | None
    done: Timeline | None
    purpose: str


class Story(msgspec.Struct, frozen=True):
    """The timeline of one thing."""

    entries: list[Entry]
    next: str | None
    purpose: str


Source = tuple[Wanted, Mapping[str, Any]]


async def of_resource(
    work: UnitOfWork,
    kind: str,
    thing: int,
    paging: Paging,
    *,
    language: str | None = None,
    purpose: str | None = None,
) -> Story:
    """What happened to a thing; of a post also to its reviews."""
    tongue = _language(work, language)
    stated = await begin(work, purpose)
    wanted = Wanted(resource_type=kind, resource_id=thing)
    sources: list[Source] = [(wanted, NOTHING)]
    if kind == "post":
        sources.append((Wanted(resource_type="review"), {"of_post": str(thing)}))
    told = await _timeline(work, stated, sources, paging, tongue)
    await work.emit(AuditRead(**looked(work, wanted, stated) | {"what": "timeline"}))
    return Story(told.entries, told.next, stated.name)


async def of_person(
    work: UnitOfWork,
    person: int,
    paging: Paging,
    *,
    only: str | None = None,
    language: str | None = None,
    purpose: str | None = None,
) -> Life:
    """What a person did and what was done to her. A cursor goes on with one of the two."""
    tongue = _language(work, language)
    _refuse_faults(only, paging)
    stated = await begin(work, purpose)
    did = done = None
    if only != DONE:
        sources: list[Source] = [(Wanted(actor_id=person), NOTHING)]
        did = await _timeline(work, stated, sources, paging, tongue)
    if only != DID:
        done = await _timeline(work, stated, _about(person, stated), paging, tongue)
    await work.emit(AuditRead(what="person", actor_id=person, purpose_of_use=stated.name))
    return Life(did, done, stated.name)


def _about(person: int, purpose: Purpose) -> list[Source]:
    sources: list[Source] = [(Wanted(resource_type="user", resource_id=person), NOTHING)]
    if purpose.sees_subjects:
        sources.append((Wanted(data_subject=f"{OF_USER}{person}"), NOTHING))
    return sources


def _refuse_faults(only: str | None, paging: Paging) -> None:
    faults = {}
    if only not in (None, DID, DONE):
        faults["only"] = "must be did or done: leave it out for both"
    if only is None and paging.cursor is not None:
        faults["only"] = "must say which list the cursor goes on with: did or done"
    if faults:
        raise InvalidInput(faults)


def _language(work: UnitOfWork, stated: str | None) -> str:
    if stated is None:
        return "pt" if work.tenant.language.lower().startswith("pt") else "en"
    if stated not in LANGUAGES:
        raise InvalidInput({"language": f"must be one of {', '.join(LANGUAGES)}"})
    return LANGUAGES[stated]


async def _timeline(
    work: UnitOfWork, purpose: Purpose, sources: list[Source], paging: Paging, tongue: str
) -> Timeline:
    """The sources in one order; each of them is asked for a page, which is more than enough."""
    first = sources[0][0]
    cut = cut_of(work, first, paging, purpose)
    found: dict[str, Any] = {}
    async with bounded(SECONDS):
        for wanted, besides in sources:
            for row in await fetch_page(work, purpose, wanted, cut, besides=besides):
                found[str(row.event_id)] = row  # what is of two sources is told once
    rows = list(found.values())
    rows.sort(key=lambda row: (row.timestamp, str(row.event_id)), reverse=paging.newest_first)
    kept = rows[: paging.limit]
    following = None
    if len(rows) > paging.limit:
        following = cursor(work, first, paging, purpose, plain(kept[-1]))
    return Timeline([_entry(row, purpose, tongue) for row in kept], following)


def _entry(row: Any, purpose: Purpose, tongue: str) -> Entry:
    event = plain(row)
    name = event.actor_name
    if row.is_erased and purpose.sees_names:
        name = _ERASED[tongue]
    return Entry(
        at=event.timestamp,
        label=label(event.action, event.outcome, event.event_data, tongue),
        action=event.action,
        outcome=event.outcome,
        risk_level=event.risk_level,
        actor=name,
        actor_id=event.actor_id,
        actor_kind=event.actor_kind,
        resource_type=event.resource_type,
        resource_id=event.resource_id,
        event_id=event.event_id,
        seq=event.seq,
    )
