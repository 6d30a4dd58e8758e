"""The compiled policies of each tenant, kept up with its rows; several processes see one change.

A set that does not compile is never used in part: the one before it stays, or, where there is none,
everything is denied.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from cms.database.engine import open_session
from plugins.zero_trust.compile import CompiledPolicies, Foundation
from plugins.zero_trust.errors import NotLoaded, PolicyRefused
from plugins.zero_trust.policies import PolicyRow

log = logging.getLogger(__name__)

NOT_LOADED = "policies-not-loaded"
INVALID = "policy-set-invalid"
LOOK_EVERY = 2.0
READ_WITHIN = 2.0

# The rows themselves, not their dates: a transaction that commits late carries an old date.
_ROWS = text(
    """
    select id, policy_name, policy_type, applies_to, conditions, actions, priority, mode,
           medical_context_required, minimum_trust_score, professional_validation_required
    from zero_trust.policies
    where tenant_id = :tenant and active and mode <> 'off'
    order by id
    """
)

ReadRows = Callable[[int], Awaitable[Sequence[PolicyRow]]]


@dataclass
class _Held:
    """What is known of one tenant; `rows` are those that were last compiled, well or not."""

    policies: CompiledPolicies | None = None
    rows: Sequence[PolicyRow] | None = None
    reason: str = NOT_LOADED
    refused: str = ""
    unreadable: str = ""
    looked_at: float = float("-inf")
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class TenantPolicies:
    """Looks at a tenant's rows when it is asked about the tenant, at most every two seconds."""

    def __init__(
        self, foundation: Foundation, read: ReadRows, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._foundation = foundation
        self._read = read
        self._clock = clock
        self._held: dict[int, _Held] = {}

    async def current(self, tenant_id: int) -> CompiledPolicies:
        """The set to decide with now. NotLoaded says why there is none."""
        held = self._held.setdefault(tenant_id, _Held())
        # While one question looks, the others go on with what there is.
        is_looking = held.lock.locked() and held.policies is not None
        if not is_looking and not self._is_fresh(held):
            async with held.lock:
                if not self._is_fresh(held):
                    await self._look(tenant_id, held)
        if held.policies is None:
            raise NotLoaded(held.reason)
        return held.policies

    def problems(self) -> Iterator[tuple[int, str]]:
        """Tenants whose newest rows are not the ones that decide, and why."""
        for tenant_id, held in self._held.items():
            problem = held.unreadable or held.refused
            if problem:
                yield tenant_id, problem

    def _is_fresh(self, held: _Held) -> bool:
        return self._clock() - held.looked_at < LOOK_EVERY

    async def _look(self, tenant_id: int, held: _Held) -> None:
        try:
            async with asyncio.timeout(READ_WITHIN):
                rows = await self._read(tenant_id)
            if rows != held.rows:
                await self._compile(tenant_id, held, rows)
            held.unreadable = ""
        except Exception as error:  # noqa: BLE001 - a database that is away must not raise here
            held.unreadable = f"its policies cannot be read: {error or type(error).__name__}"
            log.warning("tenant %s: %s", tenant_id, held.unreadable)
        finally:
            held.looked_at = self._clock()

    async def _compile(self, tenant_id: int, held: _Held, rows: Sequence[PolicyRow]) -> None:
        try:
            compiled = await asyncio.to_thread(self._foundation.with_rows, rows)
        except PolicyRefused as refused:
            held.reason, held.refused = INVALID, refused.message
            log.error("tenant %s: %s", tenant_id, refused.message)
        else:
            held.policies, held.refused = compiled, ""
        held.rows = rows


def rows_from(engine: AsyncEngine) -> ReadRows:
    """Reads the active rows of a tenant, as the application role, in a transaction of its own."""

    async def read(tenant_id: int) -> Sequence[PolicyRow]:
        async with open_session(engine, tenant_id) as session:
            found = (await session.execute(_ROWS, {"tenant": tenant_id})).mappings().all()
        return [PolicyRow(**{**row, "applies_to": tuple(row["applies_to"])}) for row in found]

    return read
