"""A rollover from the order to its end: told to every tenant, then done by whoever sequences."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from psycopg import AsyncConnection

from cms.errors import Conflict
from cms.kernel.actors import SYSTEM, RequestFacts
from plugins.audit_trail.events import EpochClosed
from plugins.audit_trail.hashing.leaf import Epoch
from plugins.audit_trail.hashing.notes import VerifierKey
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.heads.port import HeadPort, NextEpoch
from plugins.audit_trail.log.sequencer import LEADER, open_sequencer
from plugins.audit_trail.settings import AuditSettings, audit_folder

_ORDER = """
insert into audit.rollovers (epoch, site, reason, destroy_keys, compromised_since)
select %(epoch)s, %(site)s, %(reason)s, %(destroy)s, %(since)s
where not exists (select from audit.rollovers where epoch = %(epoch)s and done_at is null)
"""
_IS_DONE = "select exists (select from audit.epochs where number > %s)"

LOOK_EVERY = 0.2


class RolloverPending(Conflict):
    """The rollover is ordered, and nobody has carried it out in time."""


@dataclass(frozen=True)
class Order:
    """Why, what becomes of the old keys, and since when they were in other hands, if they were."""

    reason: str
    destroy_keys: bool
    compromised_since: datetime | None = None


async def order(host: Any, signer: HeadPort, wanted: Order) -> NextEpoch:
    """Have the next keys made, record in every tenant's trail that they follow, and ask the
    sequencer to close the epoch after these entries. A second order before the end adds nothing."""
    site = urlsplit(host.settings.url).netloc
    async with await _connect(host) as connection:
        # Nothing is announced that this login may not order.
        await connection.execute("select from audit.rollovers limit 0")
    coming = await asyncio.to_thread(signer.prepare, site)
    for tenant in await host.tenants.all():
        facts = RequestFacts(request_id=host.new_request_id(), channel="cli")
        async with host.shop.work(tenant, SYSTEM, facts) as work:
            await work.emit(_told(coming, wanted))
    async with await _connect(host) as connection:
        values = {
            "epoch": coming.number - 1,
            "site": site,
            "reason": wanted.reason,
            "destroy": wanted.destroy_keys,
            "since": wanted.compromised_since,
        }
        await connection.execute(_ORDER, values)
    return coming


def _told(coming: NextEpoch, wanted: Order) -> EpochClosed:
    since = wanted.compromised_since
    return EpochClosed(
        epoch=coming.number - 1,
        next_origin=coming.origin,
        next_key_ids=[VerifierKey.parse(vkey).key_id.hex() for vkey in coming.verifier_keys],
        compromised_since=since.isoformat() if since else None,
        after={"reason": wanted.reason},
    )


async def carry_out(host: Any, signer: HeadPort, coming: NextEpoch, patience: float) -> Epoch:
    """Wait until the worker has begun the next epoch, or do it here when no worker runs; raises
    RolloverPending after `patience` seconds."""
    end = time.monotonic() + patience
    async with await _connect(host) as connection:
        while time.monotonic() < end:
            found = await connection.execute(_IS_DONE, [coming.number - 1])
            row: Any = await found.fetchone()
            if row[0]:
                return (await asyncio.to_thread(signer.epochs))[coming.number]
            locked = await connection.execute("select pg_try_advisory_lock(%s, %s)", LEADER)
            mine: Any = await locked.fetchone()
            if mine[0]:
                await _do(host, signer, connection)
                await connection.execute("select pg_advisory_unlock(%s, %s)", LEADER)
            await asyncio.sleep(LOOK_EVERY)
    raise RolloverPending(
        f"The rollover to {coming.origin} is ordered and not done yet. The worker does it as soon "
        "as it can sign (cms worker, cms audit signer); nothing is lost meanwhile."
    )


async def _do(host: Any, signer: HeadPort, connection: AsyncConnection[Any]) -> None:
    settings = host.registry.settings(AuditSettings)
    evidence, site = Evidence(audit_folder(host.settings)), urlsplit(host.settings.url).netloc
    sequencer = await open_sequencer(
        connection, evidence, site, settings, host.secret.digest, signer=signer
    )
    await sequencer.finish()
    await sequencer.roll()


async def _connect(host: Any) -> AsyncConnection[Any]:
    return await AsyncConnection.connect(
        host.addresses.audit.worker, autocommit=True, application_name="cms-audit-rollover"
    )
