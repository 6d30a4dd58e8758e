"""The trail of a clinic, moved on by hand: sequenced, verified, exported."""

from typing import Any

from psycopg import AsyncConnection

from cms.jobs.worker import run_job
from plugins.audit_trail.exports.jobs import JOBS
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.log.sequencer import open_sequencer
from plugins.audit_trail.rounds.service import work_off
from plugins.audit_trail.settings import AuditSettings, audit_folder
from tests.support.clinic import Clinic

EXPORT = JOBS[0]


async def seal(cms: Clinic) -> None:
    """Sequence what has happened, so that there are events with a place and a signed head."""
    async with await _worker(cms) as connection:
        evidence = Evidence(audit_folder(cms.host.settings))
        settings = AuditSettings(checkpoint=0)
        site, sign = "clinica.example", cms.host.secret.digest
        await (await open_sequencer(connection, evidence, site, settings, sign)).step()


async def verify(cms: Clinic) -> None:
    """Carry out every verification that was asked for."""
    async with await _worker(cms) as connection:
        while await work_off(cms.host, connection):
            pass


async def export(cms: Clinic, export_id: Any) -> None:
    """Make an export that was ordered."""
    await run_job(cms.host, EXPORT, tenant_id=cms.tenant.id, export_id=str(export_id))


async def _worker(cms: Clinic) -> AsyncConnection[Any]:
    return await AsyncConnection.connect(cms.host.addresses.worker, autocommit=True)
