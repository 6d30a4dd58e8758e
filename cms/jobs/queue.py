"""Putting a job into the queue, in the transaction of a unit of work."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text

from cms.database.work import UnitOfWork

QUEUE = "cms"

_ENQUEUE = text("select jobs.enqueue(:queue, :task, cast(:args as jsonb))")
_ENQUEUE_AT = text("select jobs.enqueue_at(:queue, :task, cast(:args as jsonb), :at)")


async def enqueue(work: UnitOfWork, task: str, args: Mapping[str, Any]) -> None:
    """Defer a task; it runs only if this transaction commits. `args` are ids, never values."""
    await work.execute(_ENQUEUE, _job(work, task, args))


async def enqueue_at(work: UnitOfWork, task: str, args: Mapping[str, Any], at: datetime) -> None:
    """Defer a task that waits until its time."""
    await work.execute(_ENQUEUE_AT, {**_job(work, task, args), "at": at})


def _job(work: UnitOfWork, task: str, args: Mapping[str, Any]) -> dict[str, Any]:
    values = {"tenant_id": work.tenant_id, **args}
    encoded = msgspec.json.encode(values).decode()
    return {"queue": QUEUE, "task": f"cms:{task}", "args": encoded}
