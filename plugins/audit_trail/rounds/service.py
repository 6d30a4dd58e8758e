"""The watchman: takes up what was asked for, and goes his own round every night.

Each night what is new is verified together with a share of what is old, so that within
`verify_within` days every entry was rebuilt from its columns once more.
"""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Any
from uuid import uuid4

import structlog
from psycopg import AsyncConnection

from cms.errors import NotFound
from cms.kernel.actors import SYSTEM, RequestFacts
from cms.kernel.declarations import Service
from cms.kernel.events import Outcome
from plugins.audit_trail.events import INSTALLATION, LogVerified
from plugins.audit_trail.rounds.running import Task, verify
from plugins.audit_trail.settings import AuditSettings, audit_folder
from plugins.audit_trail.verification.snapshot import Wanted

log = structlog.get_logger()

LEADER = (0x434D53, 9)
LOOK_EVERY = 2.0

_LEAD = "select pg_try_advisory_lock(%s, %s)"
_TAKE_BACK = "update audit.verifications set state = 'queued' where state = 'running'"
_NEXT = """
update audit.verifications set state = 'running' where id = (
  select id from audit.verifications where state = 'queued' order by asked_at, id limit 1)
returning id, tenant_id, round, by, first_seq, until_seq
"""
_LAST = """
select coalesce(max(asked_at) >= %s, false),
  coalesce((select v.until_seq from audit.verifications v where v.round = 'newest'
            and v.state = 'ended' order by v.asked_at desc limit 1), 0),
  coalesce((select v.until_seq from audit.verifications v where v.round = 'rolling'
            and v.state = 'ended' order by v.asked_at desc limit 1), 0),
  (select s.size from audit.standing() s)
from audit.verifications where tenant_id is null
"""
_ADD = """
insert into audit.verifications (id, round, by, first_seq, until_seq) values (%s, %s, 'sql', %s, %s)
"""
_ENDED = """
select state, verdict, coalesce(until_seq, first_seq), report from audit.verifications where id = %s
"""
# The alarm reaches the rules of every site; the event is the installation's alone.
_RAISE = """
insert into audit.alarms (kind, message) select 'verification', %s::text
where not exists (select from audit.alarms where cleared_at is null and message = %s::text)
"""
_CLEAR = """
update audit.alarms set cleared_at = now() where kind = 'verification' and cleared_at is null
  and (select v.red from audit.verified() v) is null
"""
_FAIL = "update audit.verifications set state = 'failed', ended_at = now() where id = %s"


async def run(host: Any) -> None:
    """The service: one of all workers, until cancelled."""
    connection = await AsyncConnection.connect(
        host.addresses.audit.worker, autocommit=True, application_name="cms-audit-watchman"
    )
    async with connection:
        await _lead(connection)
        await connection.execute(_TAKE_BACK)
        while True:
            await plan(connection, host.registry.settings(AuditSettings), datetime.now(UTC))
            while await work_off(host, connection):
                pass
            await asyncio.sleep(LOOK_EVERY)


async def _lead(connection: AsyncConnection[Any]) -> None:
    while True:
        found: Any = await (await connection.execute(_LEAD, LEADER)).fetchone()
        if found[0]:
            return
        await asyncio.sleep(LOOK_EVERY)


async def plan(connection: AsyncConnection[Any], settings: AuditSettings, now: datetime) -> None:
    """Queue tonight's two rounds once their hour has come."""
    if not 0 <= settings.verify_at <= now.hour:
        return
    since = now.replace(hour=settings.verify_at, minute=0, second=0, microsecond=0)
    row: Any = await (await connection.execute(_LAST, [since])).fetchone()
    is_done, newest, rolled, size = row
    if is_done or not size:
        return
    async with connection.transaction():
        if rolled >= size:
            rolled = 0
        share = -(-size // max(settings.verify_within, 1))
        await connection.execute(_ADD, [uuid4(), "rolling", rolled, min(rolled + share, size)])
        if newest != size:
            # A restored backup is shorter than what was verified before it.
            first = newest if newest < size else 0
            await connection.execute(_ADD, [uuid4(), "newest", first, None])


async def work_off(host: Any, connection: AsyncConnection[Any]) -> bool:
    """Run the next verification, if there is one; its result is an event."""
    row: Any = await (await connection.execute(_NEXT)).fetchone()
    if row is None:
        return False
    id_, tenant_id, round_, by, first, until = row
    wanted = Wanted(
        first, until, by=("python", "sql") if by == "both" else (by,), around=round_ == "newest"
    )
    settings = host.registry.settings(AuditSettings)
    folder = str(audit_folder(host.settings))
    await _in_process(Task(id_, host.addresses.audit.worker, folder, settings.most_lag, wanted))
    ended: Any = await (await connection.execute(_ENDED, [id_])).fetchone()
    if ended[0] == "running":
        await connection.execute(_FAIL, [id_])
    kinds = _kinds(ended[3])
    if ended[1] == "red":
        message = f"a verification found the log altered: {kinds}"
        await connection.execute(_RAISE, [message, message])
    else:
        await connection.execute(_CLEAR)
    told = LogVerified(
        verification_id=str(id_),
        round=round_,
        verdict=ended[1] or "unknown",
        first_seq=first,
        until_seq=ended[2],
        kinds=kinds,
        # What failed is the log.
        outcome=Outcome.FAILED if ended[1] == "red" else Outcome.SUCCESS,
    )
    await _tell(host, tenant_id, told)
    return True


async def _in_process(task: Task) -> None:
    process = get_context("spawn").Process(target=verify, args=(task,), daemon=True)
    process.start()
    try:
        await asyncio.to_thread(process.join)
    finally:
        # When the worker ends, its row says `running`, and the next worker takes it up again.
        if process.is_alive():
            process.terminate()


def _kinds(report: Any) -> str | None:
    kinds = {finding["kind"] for finding in (report or {}).get("findings", [])}
    return ",".join(sorted(kinds)) or None


async def _tell(host: Any, tenant_id: int | None, told: LogVerified) -> None:
    if told.verdict != "green":
        log.error("the audit log was verified and is not green", verdict=told.verdict,
                  verification=told.verification_id, findings=told.kinds)  # fmt: skip
    tenant = INSTALLATION
    if tenant_id is not None:
        with suppress(NotFound):
            tenant = await host.tenants.by_id(tenant_id)
    facts = RequestFacts(request_id=host.new_request_id(), channel="worker")
    async with host.shop.work(tenant, SYSTEM, facts) as work:
        await work.emit(told)


WATCHMAN = Service("audit-watchman", run)
