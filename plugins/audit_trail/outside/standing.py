"""How it stands with each witness and authority: rows that the health check reads."""

import asyncio
import random
from typing import Any

import structlog
from psycopg import AsyncConnection
from psycopg.rows import TupleRow

Connection = AsyncConnection[TupleRow]

log = structlog.get_logger()

GOOD = "good"
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0

# `since` stays as long as the state does.
_STANDS = """
insert into audit.outside as o (kind, name, state, message, size, since, at)
values (%s, %s, %s, %s, %s, now(), now())
on conflict (kind, name) do update set
  state = excluded.state, message = excluded.message,
  size = coalesce(excluded.size, o.size), at = excluded.at,
  since = case when o.state = excluded.state then o.since else excluded.since end
"""


async def stands(
    connection: Connection,
    who: tuple[str, str],
    state: str,
    message: str,
    size: int | None = None,
) -> None:
    """Write down how it stands with `who` (kind and name); say it when it is not well."""
    if state != GOOD:
        log.warning("somebody outside did not vouch", kind=who[0], name=who[1], state=state)
    await connection.execute(_STANDS, [*who, state, message, size])


class Pause:
    """How long to wait for somebody who does not answer: longer each time, never the same for two
    installations."""

    def __init__(self, first: float = FIRST_PAUSE, longest: float = LONGEST_PAUSE) -> None:
        self._first, self._longest = first, longest
        self._next = first

    def reset(self) -> None:
        self._next = self._first

    async def wait(self) -> None:
        seconds = self._next * random.uniform(0.8, 1.2)  # noqa: S311
        self._next = min(self._longest, self._next * 2)
        await asyncio.sleep(seconds)


async def one(connection: Connection, query: Any, *values: Any) -> Any:
    """The only row, or None."""
    return await (await connection.execute(query, values)).fetchone()
