"""Lets a range go: copied and verified elsewhere, told in the log, signed, and only then dropped.

Every step is kept before the next begins, so that a run that was interrupted goes on where it was.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow, dict_row

from cms.errors import Conflict
from cms.host import Host
from cms.kernel.actors import SYSTEM, RequestFacts
from cms.kernel.tenant import Tenant
from plugins.audit_trail.hashing.canonical import timestamp
from plugins.audit_trail.retention import ranges
from plugins.audit_trail.retention.events import RangePruned
from plugins.audit_trail.retention.ranges import Proposal, RangeKept

PATIENCE = 60.0
"""Seconds to wait for a signed head over what was told."""

_PLACES = """
select epoch, first_seq, last_seq, events, size, encode(root, 'hex') as root
from audit.pruning_places where pruning_id = %s order by epoch
"""
_TENANTS = """
select t.tenant_id, t.events, array(
         select a.user_id from audit.pruning_approvals a
         where a.pruning_id = t.pruning_id and a.tenant_id = t.tenant_id order by a.approved_at)
         as approvers
from audit.pruning_tenants t where t.pruning_id = %s order by t.tenant_id
"""
_TOLD = """
select e.tenant_id, e.event_id,
       coalesce(l.seq < (select max(c.size) from audit.checkpoints c
                         where c.epoch = l.epoch), false)
from audit.events e left join audit.leaves l on l.event_id = e.event_id
where e.action = 'audit:range:prune' and e.resource_id = %s and e.occurred_at >= %s
"""

Archive = Callable[[Host, Tenant, Proposal, Path], Awaitable[str]]
"""Writes what the tenant has in the range into the folder and verifies it; returns the SHA-256."""


@dataclass(frozen=True)
class Pruned:
    """What went: how many events, where the copy is, and which events of the log tell of it."""

    pruning_id: int
    part: str
    events: int
    archive: str
    told: list[UUID]


class NotSigned(Conflict):
    """What was told is under no signed head; nothing was dropped."""

    slug = "audit-range-not-signed"


async def prune(
    host: Host, pruning_id: int, folder: Path, archive: Archive, *, patience: float = PATIENCE
) -> Pruned:
    """Let the range go. Raises RangeKept, NotSigned; run again to go on."""
    address = host.addresses.audit.owner
    with psycopg.connect(address, application_name="cms-audit-retention") as owner:
        found = ranges.proposal(owner, pruning_id)
        _refuse_kept(owner, found, but={"archive"})
        if found.state == "proposed":
            await _archive(host, owner, found, folder, archive)
            found = ranges.proposal(owner, pruning_id)
        _refuse_kept(owner, found, but=set())
        await _tell(host, owner, found)
        told = await _signed(owner, found, patience)
        row: Any = owner.execute(
            "select audit.drop_range(%s, %s::uuid[])", [pruning_id, told]
        ).fetchone()
        owner.commit()
    return Pruned(pruning_id, found.part, row[0], found.archive or "", told)


def _refuse_kept(owner: Connection[TupleRow], found: Proposal, *, but: set[str]) -> None:
    problems = ranges.open_problems(owner, found.id)
    owner.commit()
    standing = [problem for problem in problems if problem.code not in but]
    if standing:
        raise RangeKept(found.part, standing)


async def _archive(
    host: Host, owner: Connection[TupleRow], found: Proposal, folder: Path, archive: Archive
) -> None:
    place = folder / f"{found.since:%Y-%m-%d}_{found.until:%Y-%m-%d}"
    sites = await _tenants(host, owner, found)
    whole = _digest([await archive(host, site, found, place / site.slug) for site in sites])
    owner.execute("select audit.archive_range(%s, %s, %s)", [found.id, str(place), whole])
    owner.commit()


def _digest(digests: Sequence[str]) -> bytes:
    """The one archive's own SHA-256; of several, that of their digests in the tenants' order."""
    if len(digests) == 1:
        return bytes.fromhex(digests[0])
    return sha256("\n".join(digests).encode()).digest()


async def _tell(host: Host, owner: Connection[TupleRow], found: Proposal) -> None:
    """An event in the trail of each site that the range has events of; once."""
    known = {row[0] for row in owner.execute(_TOLD, [found.id, _since(found)]).fetchall()}
    with owner.cursor(row_factory=dict_row) as cursor:
        places = cursor.execute(_PLACES, [found.id]).fetchall()
        sites = cursor.execute(_TENANTS, [found.id]).fetchall()
    owner.commit()
    by_id = {tenant.id: tenant for tenant in await host.tenants.all()}
    for site in sites:
        if site["tenant_id"] in known:
            continue
        facts = RequestFacts(request_id=host.new_request_id(), channel="cli")
        async with host.shop.work(by_id[site["tenant_id"]], SYSTEM, facts) as work:
            await work.emit(_event(found, places, site))


def _event(found: Proposal, places: list[Any], site: Any) -> RangePruned:
    return RangePruned(
        pruning_id=found.id,
        before={
            "since": timestamp(found.since),
            "until": timestamp(found.until),
            "events": site["events"],
            "all_events": found.events,
            "places": places,
            "approvers": site["approvers"],
        },
        after={"archive": found.archive},
    )


async def _signed(owner: Connection[TupleRow], found: Proposal, patience: float) -> list[UUID]:
    """The events that told of it, once a signed head covers all of them."""
    until = time.monotonic() + patience
    while True:
        rows = owner.execute(_TOLD, [found.id, _since(found)]).fetchall()
        owner.commit()
        if rows and all(row[2] for row in rows):
            return [row[1] for row in rows]
        if time.monotonic() > until:
            raise NotSigned(
                f"That {found.part} goes is told and not signed yet. Start a worker (cms worker) "
                "and run this command again; nothing was taken away."
            )
        await asyncio.sleep(0.1)


def _since(found: Proposal) -> Any:
    """Nothing was told of the range before it was archived, which keeps the question small."""
    return found.archived_at


async def _tenants(host: Host, owner: Connection[TupleRow], found: Proposal) -> list[Tenant]:
    with owner.cursor(row_factory=dict_row) as cursor:
        wanted = {row["tenant_id"] for row in cursor.execute(_TENANTS, [found.id]).fetchall()}
    owner.commit()
    return [tenant for tenant in await host.tenants.all() if tenant.id in wanted]
