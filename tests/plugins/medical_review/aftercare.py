"""Steps of stories that take months: what the clock does, and what the worker does after it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg import AsyncConnection

from cms.jobs.worker import build_queue
from tests.support.clinic import Clinic

HOME = ZoneInfo("America/Sao_Paulo")

_AGED = (
    "update medical_review.decisions set decided_at = decided_at - %(by)s",
    "update medical_review.upkeep set reviewed_at = reviewed_at - %(by)s,"
    " due_on = due_on - %(days)s, step_at = step_at - %(by)s",
    "update medical_review.reopenings set opened_at = opened_at - %(by)s",
    "update medical_review.publications set published_at = published_at - %(by)s",
)


async def days_pass(cms: Clinic, days: int) -> None:
    """What was decided and published is so many days older. Only the owner of the tables can do
    that: the application changes no decision."""
    async with await AsyncConnection.connect(cms.host.addresses.owner) as owner:
        await owner.execute("select set_config('app.tenant_id', %s, true)", [str(cms.tenant.id)])
        for statement in _AGED:
            await owner.execute(statement, {"by": timedelta(days=days), "days": days})


async def run_jobs(cms: Clinic, times: int = 3) -> None:
    """The worker does what is queued, and what that queues."""
    async with build_queue(cms.host).open_async() as queue:
        for _ in range(times):
            await queue.run_worker_async(wait=False, install_signal_handlers=False)


async def told(cms: Clinic, post_id: int) -> list[str]:
    """The tags of what the trail holds of a post, in order, of this room only."""
    async with await AsyncConnection.connect(cms.host.addresses.owner) as owner:
        rows = await owner.execute(
            "select action from audit.events where tenant_id = %s and resource_id = %s"
            " and action like 'review:%%' order by occurred_at, event_id",
            [cms.tenant.id, post_id],
        )
        return [row[0] for row in await rows.fetchall()]


def day(days: int = 0) -> str:
    """Today and so many days, as REST writes it: where the clinic is, it is still yesterday for the
    first three hours of a day in UTC."""
    return (datetime.now(HOME).date() + timedelta(days=days)).isoformat()
