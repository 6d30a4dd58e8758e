"""What a person may do now, for what was given out in her name before."""

from sqlalchemy import and_, or_, select

from cms.database.work import UnitOfWork
from cms.identity.models import RoleRecord, User, UserRole
from cms.kernel.actors import Actor, ActorKind


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
