"""The queue of jobs, and everything else that failed and can be tried again."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.queries import with_query
from cms.admin.routing import form, screen
from cms.content import schedule
from cms.database.work import UnitOfWork
from cms.jobs import looking
from cms.notices.failures import failed_letters, mail_again
from cms.site import webhooks

_A_PAGE = 50
_JOBS, _FAILURES = "/admin/system/jobs", "/admin/system/failures"


@screen(_JOBS, action="job.list", resource="job")
async def list_jobs(
    work: UnitOfWork, page: Page, only: str = "failed", before: int | None = None
) -> Response[bytes]:
    """What waits, runs and has failed."""
    state = only if only in looking.STATES else "failed"
    found = await looking.listed(work, state, before=before, most=_A_PAGE + 1)
    last = found[_A_PAGE - 1].id if found[_A_PAGE:] else None
    return page.render(
        "system/jobs.html",
        jobs=found[:_A_PAGE],
        counts=await looking.counted(work),
        workers=await looking.workers(work),
        shown=state,
        first=with_query(_JOBS, only=state) if before else "",
        next=with_query(_JOBS, only=state, before=last) if last else "",
    )


@form(f"{_JOBS}/{{job_id:int}}/retry", action="job.retry", resource="job")
async def retry_job(work: UnitOfWork, page: Page, job_id: int) -> Response[bytes]:
    """Run it once more."""
    await looking.retry(work, job_id)
    return page.redirect(_JOBS, page.say("The job waits to be run once more."))


@screen(_FAILURES, action="job.list", resource="job")
async def list_failures(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Letters, messages and publications that were given up, the newest of each."""
    return page.render(
        "system/failures.html",
        letters=await failed_letters(work, _A_PAGE),
        deliveries=await webhooks.failed_deliveries(work, _A_PAGE),
        publications=await schedule.refused(work, _A_PAGE),
        failed_jobs=(await looking.counted(work))["failed"],
    )


@form(f"{_FAILURES}/letters/{{notice_id:int}}", action="notice.retry", resource="notice")
async def retry_letter(work: UnitOfWork, page: Page, notice_id: int) -> Response[bytes]:
    """Try a letter again."""
    await mail_again(work, notice_id)
    return page.redirect(_FAILURES, page.say("The letter is tried again."))


@form(
    f"{_FAILURES}/webhooks/{{webhook_id:int}}/{{delivery_id:int}}",
    action="webhook.send",
    resource="webhook",
)
async def retry_delivery(
    work: UnitOfWork, page: Page, webhook_id: int, delivery_id: int
) -> Response[bytes]:
    """Send a message once more."""
    await webhooks.redeliver(work, webhook_id, delivery_id)
    return page.redirect(_FAILURES, page.say("The message is sent once more."))


@form(f"{_FAILURES}/publications/{{post_id:int}}", action="post.retry_publication", resource="post")
async def retry_publication(work: UnitOfWork, page: Page, post_id: int) -> Response[bytes]:
    """Look at a refused post once more, as whoever planned it."""
    await schedule.try_again(work, post_id)
    return page.redirect(_FAILURES, page.say("The text is looked at once more."))


JOB_SCREENS: list[Any] = [
    list_jobs,
    retry_job,
    list_failures,
    retry_letter,
    retry_delivery,
    retry_publication,
]
