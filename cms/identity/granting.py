"""Who holds which roles, and who may give them."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Text, cast, delete, func, or_, select

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Conflict, InvalidInput
from cms.identity.events import RolesChanged
from cms.identity.models import RoleRecord, User, UserRole
from cms.identity.users import given
from cms.kernel.events import difference

_ADMINISTERS = "promote_users"


async def roles_of(work: UnitOfWork, user_id: int) -> list[str]:
    """The names of a person's roles, in order."""
    return (await held_roles(work, [user_id]))[user_id]


async def held_roles(work: UnitOfWork, user_ids: Collection[int]) -> dict[int, list[str]]:
    """The role names of each of these people, with one statement."""
    rows = await work.all(
        select(UserRole.user_id, UserRole.role_name)
        .where(
            UserRole.tenant_id == work.tenant_id,
            UserRole.user_id.in_(user_ids),
            or_(UserRole.expires_at.is_(None), UserRole.expires_at > work.now),
        )
        .order_by(UserRole.role_name)
    )
    held: dict[int, list[str]] = {user_id: [] for user_id in user_ids}
    for row in rows:
        held[row.user_id].append(row.role_name)
    return held


async def capabilities_by_role(work: UnitOfWork) -> dict[str, frozenset[str]]:
    """Every role of the site with what it grants."""
    rows = await work.all(
        select(RoleRecord.name, RoleRecord.capabilities).where(
            RoleRecord.tenant_id == work.tenant_id
        )
    )
    return {row.name: frozenset(row.capabilities) for row in rows}


def granting(capability: str) -> ColumnElement[bool]:
    """The roles that grant the capability, as SQL."""
    return func.array_position(RoleRecord.capabilities, cast(capability, Text)).is_not(None)


async def require_reach(work: UnitOfWork, user_id: int) -> None:
    """Nobody sets the proofs of a person who may do what she may not herself: with her password she
    could act as her. CapabilityMissing otherwise."""
    if user_id == work.actor.user_id:
        return
    granted = await capabilities_by_role(work)
    held = await roles_of(work, user_id)
    _require_all(work, held, granted, "user.edit")


async def set_roles(work: UnitOfWork, user: User, wanted: Sequence[str]) -> None:
    """Give a person exactly these roles. InvalidInput for one that does not exist,
    CapabilityMissing for one that grants what the actor lacks, Conflict for the last
    administrator."""
    granted = await capabilities_by_role(work)
    refuse_unknown_roles(wanted, granted)
    held = set(await roles_of(work, user.id))
    added, removed = set(wanted) - held, held - set(wanted)
    require_grantable(work, added, granted)
    if _administers(held, granted) and not _administers(wanted, granted):
        await refuse_last_administrator(work, user.id)
    if added or removed:
        # Also a role that has ended by itself, which begins anew.
        await work.execute(
            delete(UserRole).where(
                UserRole.tenant_id == work.tenant_id,
                UserRole.user_id == user.id,
                UserRole.role_name.in_(removed | added),
            )
        )
    for role in sorted(added):
        work.session.add(given(work, user.id, role))
    if added or removed:
        before, after = difference({"roles": sorted(held)}, {"roles": sorted(set(wanted))})
        await work.emit(RolesChanged(user_id=user.id, before=before, after=after))


def refuse_unknown_roles(wanted: Collection[str], granted: Collection[str]) -> None:
    """InvalidInput in WordPress's words for the first role that the site does not have."""
    for role in wanted:
        if role not in granted:
            raise InvalidInput(
                {"roles": f"The role {role} does not exist."},
                codes={"roles": "rest_user_invalid_role"},
            )


def require_grantable(
    work: UnitOfWork, roles: Collection[str], granted: dict[str, frozenset[str]]
) -> None:
    """Nobody gives what she does not have: else an administrator could make herself, or a second
    account of hers, the reviewer of her own texts."""
    _require_all(work, roles, granted, "user.grant")


def _require_all(
    work: UnitOfWork, roles: Collection[str], granted: dict[str, frozenset[str]], action: str
) -> None:
    reach = frozenset[str]().union(*(granted[role] for role in roles))
    if not all(work.actor.has(name) for name in reach):
        raise CapabilityMissing(
            "Sorry, you are not allowed to give users that role.", action=action
        )


def _administers(roles: Collection[str], granted: dict[str, frozenset[str]]) -> bool:
    return any(_ADMINISTERS in granted[role] for role in roles if role in granted)


async def refuse_last_administrator(work: UnitOfWork, leaving_id: int) -> None:
    """Conflict when nobody else could give roles afterwards. Two who step down at once are asked
    one after the other."""
    rows = await work.all(
        select(RoleRecord.name)
        .where(
            RoleRecord.tenant_id == work.tenant_id,
            granting(_ADMINISTERS),
        )
        .order_by(RoleRecord.name)
        .with_for_update(key_share=True)
    )
    others = await work.one(
        select(func.count())
        .select_from(UserRole)
        .join(User, (User.tenant_id == UserRole.tenant_id) & (User.id == UserRole.user_id))
        .where(
            UserRole.tenant_id == work.tenant_id,
            UserRole.role_name.in_([row.name for row in rows]),
            UserRole.user_id != leaving_id,
            User.is_active,
        )
    )
    if not others[0]:
        raise Conflict(
            "This is the last administrator of the site. Give somebody else the role first.",
            code="rest_user_last_administrator",
        )
