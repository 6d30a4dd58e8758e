"""Who holds which roles, and who may give them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import ColumnElement, Text, cast, delete, func, or_, select

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Conflict, InvalidInput
from cms.identity.events import RolesChanged
from cms.identity.models import RoleRecord, User, UserRole
from cms.identity.users import given
from cms.kernel.events import difference

ADMINISTERS = "promote_users"
_AS_DECLARED: Mapping[str, datetime | None] = MappingProxyType({})


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


def require_capability(work: UnitOfWork, capability: str, action: str) -> None:
    """CapabilityMissing unless a role of the actor grants the capability."""
    if work.actor.is_anonymous or not work.actor.has(capability):
        raise CapabilityMissing(
            f"Only who may do this ({capability}) can. Ask an administrator for the role.",
            action=action,
        )


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


async def set_roles(
    work: UnitOfWork,
    user: User,
    wanted: Sequence[str],
    until: Mapping[str, datetime | None] = _AS_DECLARED,
) -> None:
    """Give a person exactly these roles. `until` says when one ends, None that it does not; one
    that is not named there ends as it did, or as it is declared. InvalidInput for a role that does
    not exist or an end that cannot be, CapabilityMissing for one that grants what the actor lacks,
    Conflict for the last administrator."""
    granted = await capabilities_by_role(work)
    refuse_unknown_roles(wanted, granted)
    ends = await _ends(work, user.id)
    _refuse_wrong_ends(work, wanted, until)
    moved = {name for name in wanted if name in ends and until.get(name, ends[name]) != ends[name]}
    added, removed = (set(wanted) - ends.keys()) | moved, ends.keys() - set(wanted)
    require_grantable(work, added, granted)
    lasting = [name for name in wanted if until.get(name, ends.get(name)) is None]
    if _administers(ends, granted) and not _administers(lasting, granted):
        await refuse_last_administrator(work, user.id)
    if not (added or removed):
        return
    # Also a role that has ended by itself, which begins anew.
    await work.execute(
        delete(UserRole).where(
            UserRole.tenant_id == work.tenant_id,
            UserRole.user_id == user.id,
            UserRole.role_name.in_(removed | added),
        )
    )
    for role in sorted(added):
        given_now = given(work, user.id, role)
        given_now.expires_at = until.get(role, given_now.expires_at)
        work.session.add(given_now)
    before, after = difference({"roles": sorted(ends)}, {"roles": sorted(set(wanted))})
    told = {name: str(until.get(name) or "for good") for name in sorted(added) if name in until}
    ends_told = {"until": told} if told else {}
    await work.emit(RolesChanged(user_id=user.id, before=before, after={**after, **ends_told}))


async def _ends(work: UnitOfWork, user_id: int) -> dict[str, datetime | None]:
    """The roles that the person has now, each with its end."""
    rows = await work.all(
        select(UserRole.role_name, UserRole.expires_at).where(
            UserRole.tenant_id == work.tenant_id,
            UserRole.user_id == user_id,
            or_(UserRole.expires_at.is_(None), UserRole.expires_at > work.now),
        )
    )
    return {row.role_name: row.expires_at for row in rows}


def _refuse_wrong_ends(
    work: UnitOfWork, wanted: Collection[str], until: Mapping[str, datetime | None]
) -> None:
    faults: dict[str, str] = {}
    for name in wanted:
        if name not in until:
            continue
        end, declared = until[name], work.registry.roles.get(name)
        days = declared.days if declared is not None else None
        if end is not None and end <= work.now:
            faults[f"until-{name}"] = "must be later than today; take the role away instead"
        elif days is not None and (end is None or end > work.now + timedelta(days=days + 1)):
            faults[f"until-{name}"] = f"this role is given for {days} days at most"
    if faults:
        raise InvalidInput(faults)


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
    return any(ADMINISTERS in granted[role] for role in roles if role in granted)


async def refuse_last_administrator(
    work: UnitOfWork, leaving_id: int = 0, *, without_role: str = ""
) -> None:
    """Conflict when nobody could give roles without this person, or without what this role grants.
    Two who step down at once are asked one after the other."""
    rows = await work.all(
        select(RoleRecord.name)
        .where(
            RoleRecord.tenant_id == work.tenant_id,
            granting(ADMINISTERS),
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
            UserRole.role_name.in_([row.name for row in rows if row.name != without_role]),
            UserRole.user_id != leaving_id,
            # One whose role ends by itself leaves the site without an administrator then.
            UserRole.expires_at.is_(None),
            User.is_active,
        )
    )
    if not others[0]:
        raise Conflict(
            "This is the last administrator of the site. Give somebody else the role first.",
            code="rest_user_last_administrator",
        )
