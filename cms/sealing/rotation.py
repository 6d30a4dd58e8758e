"""Changing the key of a tenant while everybody goes on reading and writing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, LargeBinary, bindparam, func, select, text

from cms.database.work import UnitOfWork, Workshop
from cms.kernel.actors import Actor, RequestFacts
from cms.kernel.tenant import Tenant
from cms.sealing.cipher import key_id_of
from cms.sealing.events import ValuesResealed
from cms.sealing.keys import Keyring, Purpose
from cms.sealing.models import SealedValue
from cms.sealing.values import resealed

BATCH = 500
Progress = Callable[[int, int], None]

# One statement for a batch. Rows that somebody else holds are left for the next round.
_RESEAL = text(
    "update cms.sealed_values v set key_id = :key, sealed = n.sealed "
    "from unnest(:commitments, :values) as n (commitment, sealed) "
    "where v.tenant_id = :tenant and v.commitment = n.commitment"
).bindparams(
    bindparam("key", type_=BigInteger),
    bindparam("tenant", type_=BigInteger),
    bindparam("commitments", type_=ARRAY(LargeBinary)),
    bindparam("values", type_=ARRAY(LargeBinary)),
)


async def begin(
    shop: Workshop, tenant: Tenant, keyring: Keyring, actor: Actor, request: RequestFacts
) -> int:
    """Make a new active key, which everything is sealed with from now on; its id."""
    async with shop.work(tenant, actor, request) as work:
        return await keyring.replace(work, Purpose.FIELDS)


@dataclass(frozen=True)
class Reseal:
    """Seals again with the active key what older ones seal, in batches of 500, and retires those.
    Run it again after an interruption: it takes what is left."""

    shop: Workshop
    tenant: Tenant
    keyring: Keyring
    actor: Actor
    request: RequestFacts
    progress: Progress | None = None

    async def run(self) -> int:
        """How many values were sealed again."""
        async with self._work() as work:
            key_id, _ = await self.keyring.active(work, Purpose.FIELDS)
            waiting = await _waiting(work, key_id)
        done = 0
        while True:
            async with self._work() as work:
                count = await _batch(work, self.keyring, key_id)
                if not count:
                    await self.keyring.retire(work)
                    return done
            done += count
            if self.progress is not None:
                self.progress(done, max(done, waiting))

    def _work(self) -> UnitOfWork:
        return self.shop.work(self.tenant, self.actor, self.request)


async def _waiting(work: UnitOfWork, key_id: int) -> int:
    row = await work.one(
        select(func.count()).where(
            SealedValue.tenant_id == work.tenant_id, SealedValue.key_id != key_id
        )
    )
    return int(row[0])


async def _batch(work: UnitOfWork, keyring: Keyring, key_id: int) -> int:
    model = SealedValue
    rows = await work.all(
        select(model.commitment, model.subject, model.subject_id, model.field, model.sealed)
        .where(model.tenant_id == work.tenant_id, model.key_id != key_id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    if not rows:
        return 0
    keys = await keyring.by_id(work, {key_id, *(key_id_of(row.sealed) for row in rows)})
    values: dict[str, Any] = {
        "key": key_id,
        "tenant": work.tenant_id,
        "commitments": [row.commitment for row in rows],
        "values": [resealed(work.tenant_id, row, keys, key_id, keys[key_id]) for row in rows],
    }
    await work.execute(_RESEAL, values)
    await work.emit(ValuesResealed(key_id=key_id, after={"values": len(rows)}))
    return len(rows)
