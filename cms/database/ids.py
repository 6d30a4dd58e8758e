"""Integer ids, because WordPress clients need them: one counter per tenant and space, in blocks."""

import asyncio
from collections import defaultdict

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from cms.database.engine import open_session

BLOCK = 20

_TAKE = text(
    """
    insert into cms.id_counters as c (tenant_id, space, next) values (:tenant, :space, 1 + :size)
    on conflict (tenant_id, space) do update set next = c.next + :size
    returning next - :size
    """
)
_START = text(
    """
    insert into cms.id_counters (tenant_id, space, next) values (:tenant, :space, 1)
    on conflict (tenant_id, space) do nothing
    """
)
_HOLD = text(
    """
    select next from cms.id_counters where tenant_id = :tenant and space = :space for update
    """
)
_ADVANCE = text(
    """
    update cms.id_counters set next = greatest(next, cast(:id as bigint) + 1)
    where tenant_id = :tenant and space = :space
    """
)


class IdAllocator:
    """Hands out ids that are unique and never reused, but have gaps and are not in commit order.

    It has a small pool of its own: on the pool of the requests, all of them waiting for one more
    connection would be a deadlock. A counter row in the business transaction would queue writers.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._blocks: dict[tuple[int, str], tuple[int, int]] = {}
        self._locks: defaultdict[tuple[int, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def next(self, tenant_id: int, space: str) -> int:
        """A fresh id in the space (`post`, `user`, `term`, a plugin's own) of the tenant."""
        key = (tenant_id, space)
        async with self._locks[key]:
            first, end = self._blocks.get(key, (0, 0))
            if first == end:
                first = await self._take(tenant_id, space)
                end = first + BLOCK
            self._blocks[key] = (first + 1, end)
            return first

    async def advance_past(self, tenant_id: int, space: str, last: int) -> int:
        """From now on this process hands out ids above `last`; for imports, which bring their own.
        Another process may still use up the block it has taken before: only ids from the returned
        one to `last` were never handed out, and are the caller's."""
        key = (tenant_id, space)
        async with self._locks[key]:
            async with open_session(self._engine, tenant_id) as session:
                values = {"tenant": tenant_id, "space": space}
                await session.execute(_START, values)
                free: int = (await session.execute(_HOLD, values)).scalar_one()
                await session.execute(_ADVANCE, {**values, "id": last})
                await session.commit()
            self._blocks.pop(key, None)
        return free

    async def _take(self, tenant_id: int, space: str) -> int:
        async with open_session(self._engine, tenant_id) as session:
            values = {"tenant": tenant_id, "space": space, "size": BLOCK}
            first: int = (await session.execute(_TAKE, values)).scalar_one()
            await session.commit()
            return first
