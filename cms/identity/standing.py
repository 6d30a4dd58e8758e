"""What a person may do now, whatever proves who she is; also for what was given out in her name
before."""

from dataclasses import replace
from typing import Any

from sqlalchemy import and_, or_, select, text

from cms.database.work import UnitOfWork
from cms.identity.models import RoleRecord, User, UserRole
from cms.kernel.actors import ROLE_SCOPES, Actor, ActorFacts, ActorKind, Authentication

GRANTS = """
  (select coalesce(array_agg(r.name order by r.name), '{}') from cms.user_roles ur
     join cms.roles r on r.tenant_id = ur.tenant_id and r.name = ur.role_name
    where ur.tenant_id = u.tenant_id and ur.user_id = u.id
      and (ur.expires_at is null or ur.expires_at > now())) as roles,
  (select coalesce(array_agg(distinct c), '{}') from cms.user_roles ur
     join cms.roles r on r.tenant_id = ur.tenant_id and r.name = ur.role_name,
          unnest(r.capabilities) c
    where ur.tenant_id = u.tenant_id and ur.user_id = u.id
      and (ur.expires_at is null or ur.expires_at > now())) as capabilities,
  (select coalesce(jsonb_agg(r.medical_scope order by r.name), '[]') from cms.user_roles ur
     join cms.roles r on r.tenant_id = ur.tenant_id and r.name = ur.role_name
    where ur.tenant_id = u.tenant_id and ur.user_id = u.id and r.medical_scope <> '{}'
      and (ur.expires_at is null or ur.expires_at > now())) as scopes
"""
"""Columns of a statement about `cms.users u`: her roles, what they grant, their medical scopes."""

_BY_ID = text(
    f"""
    select u.id, {GRANTS} from cms.users u
    where u.tenant_id = :tenant and u.id = :user and u.is_active
    """  # noqa: S608 - constants only
)


async def standing_of(work: UnitOfWork, user_id: int) -> Actor | None:
    """The person with her roles of today and without any proof of a sign-in; None when she has
    none, or has left."""
    rows = await work.all(
        select(RoleRecord.name, RoleRecord.capabilities)
        .join(
            UserRole,
            and_(UserRole.tenant_id == RoleRecord.tenant_id, UserRole.role_name == RoleRecord.name),
        )
        .join(User, and_(User.tenant_id == UserRole.tenant_id, User.id == UserRole.user_id))
        .where(
            RoleRecord.tenant_id == work.tenant_id,
            User.id == user_id,
            User.is_active,
            or_(UserRole.expires_at.is_(None), UserRole.expires_at > work.now),
        )
        .order_by(RoleRecord.name)
    )
    if not rows:
        return None
    capabilities = frozenset(name for row in rows for name in row.capabilities)
    return Actor(ActorKind.PERSON, user_id, tuple(row.name for row in rows), capabilities)


def person_of(row: Any, proof: Authentication) -> Actor:
    """The actor that a row of a user's `id` and GRANTS shows, with the proof that led to it."""
    return Actor(
        ActorKind.PERSON,
        row.id,
        tuple(row.roles),
        frozenset(row.capabilities),
        proof,
        {ROLE_SCOPES: row.scopes},
    )


async def with_facts(work: UnitOfWork, actor: Actor, user_id: int) -> Actor:
    """The person with what plugins know of her."""
    known = await work.shape(ActorFacts(user_id, actor.attributes))
    return replace(actor, attributes=known.attributes)


async def recalled(work: UnitOfWork, user_id: int, proof: Authentication) -> Actor | None:
    """Somebody who asked earlier for what happens now, with the rights that she has today; None
    when she may not sign in any more."""
    row = await work.one(_BY_ID, {"tenant": work.tenant_id, "user": user_id})
    if row is None:
        return None
    return await with_facts(work, person_of(row, proof), user_id)
