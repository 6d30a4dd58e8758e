"""The policies that a site has added, as they are stored: those that rest, too."""

from sqlalchemy import select

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing
from plugins.zero_trust.defaults import MANAGE_POLICIES
from plugins.zero_trust.models import PolicyRecord


async def stored(work: UnitOfWork) -> list[PolicyRecord]:
    """All of them, by priority. CapabilityMissing."""
    if not work.actor.has(MANAGE_POLICIES):
        raise CapabilityMissing(
            f"Policies are for people with the capability {MANAGE_POLICIES}.", action="policy.list"
        )
    rows = await work.all(
        select(PolicyRecord)
        .where(PolicyRecord.tenant_id == work.tenant_id)
        .order_by(PolicyRecord.priority, PolicyRecord.id)
    )
    return [row[0] for row in rows]
