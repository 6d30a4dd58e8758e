"""What `cms registry …` does, without the command line."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select

from cms.database.work import UnitOfWork, Workshop
from cms.errors import InvalidInput
from cms.kernel.actors import SYSTEM, Actor
from cms.kernel.tenant import Tenant
from plugins.professional_registry import corrections, registrations
from plugins.professional_registry.councils import CRM, by_acronym
from plugins.professional_registry.models import Professional, StatusHistory
from plugins.professional_registry.roster import activate, announce
from plugins.professional_registry.roster_csv import CsvReading
from plugins.professional_registry.roster_load import Loaded, Progress, load, load_reading
from plugins.professional_registry.settings import RegistrySettings
from plugins.professional_registry.standing import standing

# Enough to keep a line of three a second busy while each answer takes a second, and few enough to
# leave connections for readers.
_AT_ONCE = 4


class RosterImport(msgspec.Struct, frozen=True):
    """What an import did."""

    council: str
    generation: int
    rows: int
    verified: int
    sha256: str


async def import_roster(
    shop: Workshop,
    tenant: Tenant,
    path: Path,
    *,
    taken_at: datetime | None = None,
    actor: Actor = SYSTEM,
    progress: Progress | None = None,
) -> RosterImport:
    """Replace the tenant's roster by the folder or ZIP and verify everybody against it.

    The rows arrive in a transaction of their own, unseen; the switch, every verification and their
    events are one more, so nobody reads the new roster with the old standings.
    """
    async with shop.work(tenant, actor) as work:
        corrected = await corrections.words(work, CRM)
        announced = await announce(work, CRM, taken_at or work.now)
    loaded = await asyncio.to_thread(
        load,
        _url(shop),
        announced,
        path,
        progress=progress,
        largest_shrink=shop.registry.settings(RegistrySettings).largest_shrink,
        corrected=corrected,
    )
    return await _switch(shop, tenant, loaded, actor)


async def import_csv(
    shop: Workshop,
    tenant: Tenant,
    path: Path,
    acronym: str,
    *,
    mapping: Mapping[str, str] | None = None,
    taken_at: datetime | None = None,
    actor: Actor = SYSTEM,
    progress: Progress | None = None,
) -> RosterImport:
    """Replace the tenant's roster of any council by a CSV file, as `import_roster` does. `mapping`
    names the columns (number, regional, name, status, …) that the header does not tell."""
    async with shop.work(tenant, actor) as work:
        council = (await corrections.councils(work)).get(acronym)
        if council is None:
            raise InvalidInput({"council": f"{acronym!r} must be one of {', '.join(by_acronym())}"})
        corrected = await corrections.words(work, acronym)
        announced = await announce(work, acronym, taken_at or work.now)

    def loading() -> Loaded:
        reading = CsvReading(path, council, mapping=mapping, corrected=corrected)
        return load_reading(
            _url(shop),
            announced,
            reading,
            progress=progress,
            largest_shrink=shop.registry.settings(RegistrySettings).largest_shrink,
            place=f"{path.name}, {acronym} {{}}",
        )

    return await _switch(shop, tenant, await asyncio.to_thread(loading), actor)


async def _switch(shop: Workshop, tenant: Tenant, loaded: Loaded, actor: Actor) -> RosterImport:
    async with shop.work(tenant, actor) as work:
        await activate(work, loaded)
        verified = await registrations.verify_all(work, loaded.council)
    return RosterImport(loaded.council, loaded.generation, loaded.rows, verified, loaded.sha256)


def _url(shop: Workshop) -> str:
    return shop.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


async def verify(
    shop: Workshop,
    tenant: Tenant,
    number: str | None = None,
    *,
    actor: Actor = SYSTEM,
    settings: RegistrySettings | None = None,
) -> int:
    """Verify one registration, or all; gives how many. InvalidInput or NotFound for a wrong one.
    Of one the source is asked anew; of all, an answer of the last hours serves.

    Each in a transaction of its own: with an online source all of them together take an hour.
    """
    async with shop.work(tenant, actor) as work:
        chosen = await _chosen(work, number)
    turns = asyncio.Semaphore(_AT_ONCE)

    async def verify_one(professional_id: int) -> None:
        async with turns, shop.work(tenant, actor) as work:
            since = work.now if number is not None else None
            await registrations.verify(work, professional_id, settings, since)

    try:
        async with asyncio.TaskGroup() as group:
            for professional_id in chosen:
                group.create_task(verify_one(professional_id))
    except ExceptionGroup as faults:
        # The others were stopped; the command line tells one fault, not a group of them.
        raise faults.exceptions[0] from None
    return len(chosen)


async def _chosen(work: UnitOfWork, number: str | None) -> list[int]:
    if number is not None:
        return [(await registrations.find(work, number)).id]
    mine = Professional.tenant_id == work.tenant_id
    return [row.id for row in await work.all(select(Professional.id).where(mine))]


async def show(
    shop: Workshop, tenant: Tenant, number: str, *, actor: Actor = SYSTEM
) -> dict[str, Any]:
    """A registration with its standing and its history, as plain values for a table or JSON."""
    async with shop.work(tenant, actor) as work:
        person = await registrations.find(work, number)
        found = await standing(work, person.user_id)
        rows = await work.all(
            select(StatusHistory.at, StatusHistory.from_status, StatusHistory.to_status)
            .where(
                StatusHistory.tenant_id == work.tenant_id,
                StatusHistory.professional_id == person.id,
            )
            .order_by(StatusHistory.at, StatusHistory.id)
        )
        history = [{"at": r.at.isoformat(), "from": r.from_status, "to": r.to_status} for r in rows]
        return {"standing": msgspec.to_builtins(found), "history": history}
