"""Keeping what a job ended with, for those who look at the queue."""

from datetime import timedelta

from sqlalchemy import delete, insert

from cms.database.work import UnitOfWork
from cms.jobs.models import JobFault

KEPT = timedelta(days=90)


async def keep(work: UnitOfWork, job_id: int, error: BaseException) -> None:
    """The kind of the error, in place of the one before; what is older than 90 days goes."""
    tenant = JobFault.tenant_id == work.tenant_id
    await work.execute(
        delete(JobFault).where(
            tenant, (JobFault.job_id == job_id) | (JobFault.failed_at < work.now - KEPT)
        )
    )
    kind = getattr(error, "slug", "") or type(error).__name__
    values = {"tenant_id": work.tenant_id, "job_id": job_id, "fault": kind[:100]}
    await work.execute(insert(JobFault).values(failed_at=work.now, **values))
