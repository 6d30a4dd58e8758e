"""The queue as administrators of one site see it: their own jobs, by functions that show no
others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Conflict
from cms.jobs.events import JobRetried
from cms.jobs.models import JobFault

STATES = ("failed", "doing", "todo")
MOST = 10_000
"""Counted at most, all states together."""

_COUNTED = text("select state, jobs from jobs.counted()")
_LISTED = text("select * from jobs.listed(:state, cast(:before as bigint), :most)")
_AGAIN = text("select jobs.try_again(cast(:job as bigint)) as is_waiting")
_WORKERS = text("select jobs.workers() as workers")


@dataclass(frozen=True)
class JobShown:
    """`args` are ids; `fault` is the kind of the last error, where the worker has kept one."""

    id: int
    task: str
    args: dict[str, Any]
    attempts: int
    due_at: datetime | None
    changed_at: datetime | None
    fault: str


def _require(work: UnitOfWork, action: str) -> None:
    if work.actor.is_anonymous or not work.actor.has("manage_options"):
        raise CapabilityMissing(
            "Jobs are for those who run the site (manage_options).", action=action
        )


async def counted(work: UnitOfWork) -> dict[str, int]:
    """How many jobs of the site wait, run and have failed."""
    _require(work, "job.list")
    found = {row.state: row.jobs for row in await work.all(_COUNTED)}
    return {state: found.get(state, 0) for state in STATES}


async def workers(work: UnitOfWork) -> int:
    """How many workers have said within a minute that they are there."""
    _require(work, "job.list")
    return int((await work.one(_WORKERS)).workers)


async def listed(
    work: UnitOfWork, state: str, *, before: int | None = None, most: int = 50
) -> list[JobShown]:
    """The newest jobs of the site in this state, from the one before `before`."""
    _require(work, "job.list")
    rows = await work.all(_LISTED, {"state": state, "before": before, "most": most})
    found = await work.all(
        select(JobFault.job_id, JobFault.fault).where(
            JobFault.tenant_id == work.tenant_id, JobFault.job_id.in_([row.id for row in rows])
        )
    )
    faults = {row.job_id: row.fault for row in found}
    return [
        JobShown(
            row.id,
            row.task.removeprefix("cms:"),
            dict(row.args),
            row.attempts,
            row.due_at,
            row.changed_at,
            faults.get(row.id, ""),
        )
        for row in rows
    ]


async def retry(work: UnitOfWork, job_id: int) -> None:
    """Run a job once more that has failed for good. Conflict when it has not."""
    _require(work, "job.retry")
    await work.decide("job.retry", "job", job_id)
    if not (await work.one(_AGAIN, {"job": job_id})).is_waiting:
        raise Conflict("This job has not failed, or was tried again already. Load the list anew.")
    await work.emit(JobRetried(job_id=job_id))
