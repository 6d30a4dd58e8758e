"""Putting a job into the queue, in the transaction of a unit of work."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import text

from cms.database.work import UnitOfWork

QUEUE = "cms"

_ENQUEUE = text("select jobs.enqueue(:queue, :task, cast(:args as jsonb))")


async def enqueue(work: UnitOfWork, task: str, args: Mapping[str, Any]) -> None:
    """Defer a task; it runs only if this transaction commits. `args` are ids, never values."""
    values = {"tenant_id": work.tenant_id, **args}
    await work.execute(
        _ENQUEUE,
        {"queue": QUEUE, "task": f"cms:{task}", "args": msgspec.json.encode(values).decode()},
    )
