"""The worker: runs queued jobs, periodic jobs for every tenant, and the services of plugins."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import msgspec
import procrastinate
import structlog
from procrastinate import JobContext, PsycopgConnector, RetryStrategy

from cms.database.work import UnitOfWork
from cms.host import Host
from cms.jobs import faults
from cms.jobs.queue import QUEUE
from cms.kernel.actors import SYSTEM, RequestFacts
from cms.kernel.declarations import Job, Service
from cms.kernel.events import Event

log = structlog.get_logger()

# Three heartbeats of the library's workers.
STALLED_SECONDS = 30.0

_RETRIES = RetryStrategy(max_attempts=8, exponential_wait=2)


def build_queue(host: Host) -> procrastinate.App:
    """The queue's application with a task for each job of the host and its plugins."""
    connector = PsycopgConnector(
        conninfo=host.worker_url, kwargs={"options": "-c search_path=jobs"}
    )
    queue = procrastinate.App(connector=connector)
    hooks = queue.task(name="cms:hook", queue=QUEUE, retry=_RETRIES, pass_context=True)
    hooks(partial(_run_hook, host))
    for job in host.registry.each("jobs"):
        _add_job(queue, host, job)
    return queue


def _add_job(queue: procrastinate.App, host: Host, job: Job) -> None:
    retry = RetryStrategy(max_attempts=job.retries, exponential_wait=2)
    task = queue.task(name=f"cms:{job.name}", queue=QUEUE, retry=retry, pass_context=True)(
        partial(_run_job, host, job)
    )
    if job.cron is not None:
        everywhere = queue.task(name=f"cms:every:{job.name}", queue=QUEUE, retry=retry)(
            partial(_defer_everywhere, host, task)
        )
        queue.periodic(cron=job.cron)(everywhere)


async def _run_hook(host: Host, context: JobContext, *, tenant_id: int, **args: Any) -> None:
    async with _telling_faults(host, context, tenant_id):
        await run_hook(host, tenant_id=tenant_id, **args)


async def run_hook(host: Host, *, hook: str, event: str, tenant_id: int, **fields: Any) -> None:
    """Tell a follower of an event, in a unit of work of its own, as the system."""

    async def step(work: UnitOfWork) -> None:
        rebuilt: Event = msgspec.convert(fields, host.registry.events[event])
        await host.registry.hooks.follower(hook).fn(work, rebuilt)

    await _in_work(host, tenant_id, step)


async def _run_job(
    host: Host, job: Job, context: JobContext, *, tenant_id: int, **ids: Any
) -> None:
    async with _telling_faults(host, context, tenant_id):
        await run_job(host, job, tenant_id=tenant_id, **ids)


async def run_job(host: Host, job: Job, *, tenant_id: int, **ids: Any) -> None:
    """Do a job in a unit of work of its own, as the system."""
    await _in_work(host, tenant_id, lambda work: job.fn(work, **ids))


async def _defer_everywhere(host: Host, task: Any, timestamp: int) -> None:  # noqa: ARG001
    # A job of its own for each tenant: one that fails is retried alone and holds up no other.
    for tenant in await host.tenants.all():
        await task.defer_async(tenant_id=tenant.id)


async def _in_work(host: Host, tenant_id: int, step: Callable[[Any], Awaitable[None]]) -> None:
    tenant = await host.tenants.by_id(tenant_id)
    facts = RequestFacts(request_id=host.new_request_id(), channel="worker")
    async with host.shop.work(tenant, SYSTEM, facts) as work:
        await step(work)


@asynccontextmanager
async def _telling_faults(host: Host, context: JobContext, tenant_id: int) -> AsyncIterator[None]:
    """Keep of what kind the error is, for those who look at the queue."""
    try:
        yield
    except Exception as error:
        await _keep_fault(host, tenant_id, context.job.id, error)
        raise


async def _keep_fault(host: Host, tenant_id: int, job_id: int | None, error: Exception) -> None:
    """That it cannot be kept must not hide the error itself."""
    try:
        async with host.shop.work(await host.tenants.by_id(tenant_id), SYSTEM) as work:
            if job_id is not None:
                await faults.keep(work, job_id, error)
    except Exception:
        log.exception("what a job failed with could not be kept", job=job_id)


async def run_worker(host: Host) -> None:
    """Run until cancelled. A service that fails is started again after a second."""
    queue = build_queue(host)
    async with queue.open_async(), asyncio.TaskGroup() as group:
        for service in host.registry.each("services"):
            group.create_task(_keep_running(host, service), name=service.name)
        group.create_task(_rescue_forever(queue), name="rescue")
        group.create_task(
            queue.run_worker_async(
                queues=[QUEUE], install_signal_handlers=False, listen_notify=True, concurrency=4
            )
        )


async def _rescue_forever(queue: procrastinate.App) -> None:
    while True:
        try:
            await rescue_orphans(queue)
        except Exception:
            log.exception("jobs of dead workers could not be taken back, trying again")
        await asyncio.sleep(STALLED_SECONDS)


async def rescue_orphans(queue: procrastinate.App) -> None:
    """Put jobs back into the queue whose worker died while it ran them: no retry of theirs was
    ever asked for."""
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        await queue.job_manager.retry_job(job)


async def _keep_running(host: Host, service: Service) -> None:
    while True:
        try:
            await service.run(host)
        except Exception:
            log.exception("service stopped, starting it again", service=service.name)
        await asyncio.sleep(1)
