"""Who may see what of registrations and cases."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import text

from cms.errors import CapabilityMissing
from cms.kernel.work import ReadableWork

MANAGE, VIEW, OVERSEE = "manage_registrations", "view_registrations", "manage_compliance"

_HOLDERS = text(
    """
    select distinct u.id, u.display_name
    from cms.users u
    join cms.user_roles ur on ur.tenant_id = u.tenant_id and ur.user_id = u.id
    join cms.roles r on r.tenant_id = ur.tenant_id and r.name = ur.role_name
    where u.tenant_id = :tenant and u.is_active
      and (ur.expires_at is null or ur.expires_at > :now)
      and r.capabilities && cast(:wanted as text[])
    order by u.id
    """
)


class Officer(msgspec.Struct, frozen=True):
    """Somebody whose roles let her see to registrations."""

    user_id: int
    name: str


async def holders(work: ReadableWork, capabilities: Sequence[str]) -> list[Officer]:
    """Everybody in the tenant with one of these capabilities."""
    values = {"tenant": work.tenant_id, "wanted": list(capabilities), "now": work.now}
    return [Officer(row.id, row.display_name) for row in await work.all(_HOLDERS, values)]


async def reviewers_of(work: ReadableWork, user_id: int) -> list[Officer]:
    """Who may review the suspension of this person: never she herself (LGPD, art. 20)."""
    return [one for one in await holders(work, [MANAGE]) if one.user_id != user_id]


def oversees(work: ReadableWork) -> bool:
    """Whether the actor sees everybody's registrations and cases."""
    return any(work.actor.has(name) for name in (VIEW, MANAGE, OVERSEE))


def require_own(work: ReadableWork, user_id: int, action: str) -> None:
    """CapabilityMissing unless it is the actor's own, or she oversees all."""
    if user_id != work.actor.user_id and not oversees(work):
        raise CapabilityMissing("Sorry, you are not allowed to see registrations.", action=action)


def require_manage(work: ReadableWork, action: str) -> None:
    """CapabilityMissing for whoever does not manage registrations."""
    if not work.actor.has(MANAGE):
        raise CapabilityMissing(
            "Sorry, you are not allowed to manage registrations.", action=action
        )
