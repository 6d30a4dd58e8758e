"""What roles grant, and changing it: nobody gives or takes what she does not have herself."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, Conflict, InvalidInput, NotFound
from cms.identity.granting import (
    ADMINISTERS,
    capabilities_by_role,
    refuse_last_administrator,
    require_capability,
)
from cms.identity.link_events import RoleChanged, RoleRemoved
from cms.identity.models import RoleRecord, User, UserRole

MOST_SHOWN = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True)
class RoleShown:
    """`is_declared`: it comes with the product or a plugin. `has_changed`: it grants something else
    than it was declared to. `people` have it now."""

    name: str
    label: str
    capabilities: frozenset[str]
    is_declared: bool
    has_changed: bool
    people: int


@dataclass(frozen=True)
class Affected:
    """What a change of a role means for one who has it, her other roles considered."""

    user_id: int
    name: str
    gains: list[str]
    loses: list[str]


@dataclass(frozen=True)
class Effect:
    """What a change would do. `people` are the first 200 who have the role; `total` all."""

    gained: list[str]
    lost: list[str]
    people: list[Affected]
    total: int


async def listed(work: UnitOfWork) -> list[RoleShown]:
    """Every role of the site, by label, with one statement."""
    require_capability(work, ADMINISTERS, "role.list")
    people = (
        select(func.count())
        .select_from(UserRole)
        .join(User, (User.tenant_id == UserRole.tenant_id) & (User.id == UserRole.user_id))
        .where(
            UserRole.tenant_id == RoleRecord.tenant_id,
            UserRole.role_name == RoleRecord.name,
            User.left_at.is_(None),
            or_(UserRole.expires_at.is_(None), UserRole.expires_at > work.now),
        )
        .correlate(RoleRecord)
        .scalar_subquery()
    )
    rows = await work.all(
        select(RoleRecord, people.label("people"))
        .where(RoleRecord.tenant_id == work.tenant_id)
        .order_by(RoleRecord.label, RoleRecord.name)
    )
    return [_shown(work, row[0], row.people) for row in rows]


def _shown(work: UnitOfWork, role: RoleRecord, people: int) -> RoleShown:
    declared = work.registry.roles.get(role.name)
    granted = frozenset(role.capabilities)
    has_changed = declared is not None and declared.capabilities != granted
    return RoleShown(role.name, role.label, granted, declared is not None, has_changed, people)


def known_capabilities(work: UnitOfWork, roles: Collection[RoleShown]) -> list[str]:
    """Every capability that a role grants or a plugin declares, in order."""
    granted = frozenset[str]().union(*(one.capabilities for one in roles))
    return sorted(granted | set(work.registry.capabilities))


async def add(work: UnitOfWork, name: str, label: str, *, like: str = "") -> None:
    """A role of the site's own; it grants what another one does, or nothing yet."""
    require_capability(work, ADMINISTERS, "role.edit")
    granted = await capabilities_by_role(work)
    faults: dict[str, str] = {}
    if not _NAME.fullmatch(name):
        faults["name"] = "must be 2 to 40 lower-case letters, digits or _, beginning with a letter"
    elif name in granted or name in work.registry.roles:
        faults["name"] = "this name is taken; choose another"
    if not 0 < len(label.strip()) <= 100:
        faults["label"] = "must be 1 to 100 characters"
    if like and like not in granted:
        faults["like"] = "is no role of this site"
    if faults:
        raise InvalidInput(faults)
    capabilities = granted.get(like, frozenset())
    _require_own(work, capabilities)
    work.session.add(
        RoleRecord(
            tenant_id=work.tenant_id,
            name=name,
            label=" ".join(label.split()),
            capabilities=sorted(capabilities),
            medical_scope={},
            compliance_level="basic",
            audit_required=True,
        )
    )
    await work.session.flush()
    await work.emit(RoleChanged(after={"role": name, "gained": sorted(capabilities)}))


async def effect_of(work: UnitOfWork, name: str, wanted: Collection[str]) -> Effect:
    """Who would gain and lose what if the role granted exactly this. Nothing is changed."""
    require_capability(work, ADMINISTERS, "role.list")
    granted = await capabilities_by_role(work)
    if name not in granted:
        raise NotFound("role", name)
    gained, lost = set(wanted) - granted[name], granted[name] - set(wanted)
    rows = await work.all(
        select(User.id, User.display_name, func.count().over().label("total"))
        .join(UserRole, (UserRole.tenant_id == User.tenant_id) & (UserRole.user_id == User.id))
        .where(
            User.tenant_id == work.tenant_id,
            UserRole.role_name == name,
            User.left_at.is_(None),
            or_(UserRole.expires_at.is_(None), UserRole.expires_at > work.now),
        )
        .order_by(func.cms.fold(User.display_name), User.id)
        .limit(MOST_SHOWN)
    )
    others = await _others(work, name, [row.id for row in rows], granted)
    people = [
        Affected(
            row.id,
            row.display_name,
            sorted(gained - others[row.id]),
            sorted(lost - others[row.id]),
        )
        for row in rows
    ]
    return Effect(sorted(gained), sorted(lost), people, rows[0].total if rows else 0)


async def _others(
    work: UnitOfWork, name: str, ids: list[int], granted: Mapping[str, frozenset[str]]
) -> dict[int, frozenset[str]]:
    """What each of these people may do by her other roles."""
    rows = await work.all(
        select(UserRole.user_id, UserRole.role_name).where(
            UserRole.tenant_id == work.tenant_id,
            UserRole.user_id.in_(ids),
            UserRole.role_name != name,
            or_(UserRole.expires_at.is_(None), UserRole.expires_at > work.now),
        )
    )
    held = dict.fromkeys(ids, frozenset[str]())
    for row in rows:
        held[row.user_id] |= granted.get(row.role_name, frozenset())
    return held


async def change(work: UnitOfWork, name: str, wanted: Collection[str]) -> None:
    """Let the role grant exactly this. InvalidInput for a capability that nothing knows,
    CapabilityMissing for one that the actor lacks, Conflict when nobody could give roles then."""
    require_capability(work, ADMINISTERS, "role.edit")
    await work.decide("role.edit", "role")
    role = await _locked(work, name)
    before = frozenset(role.capabilities)
    gained, lost = set(wanted) - before, before - set(wanted)
    unknown = sorted(gained - set(known_capabilities(work, await listed(work))))
    if unknown:
        raise InvalidInput({"capabilities": f"{unknown[0][:60]!r} is no capability of this site"})
    _require_own(work, gained | lost)
    if not gained and not lost:
        return
    if ADMINISTERS in lost:
        await refuse_last_administrator(work, without_role=name)
    role.capabilities = sorted(set(wanted))
    await work.session.flush()
    await work.emit(
        RoleChanged(after={"role": name, "gained": sorted(gained), "lost": sorted(lost)})
    )


async def remove(work: UnitOfWork, name: str) -> None:
    """Take a role of the site's own away. Conflict while somebody has it, or had it for a time."""
    require_capability(work, ADMINISTERS, "role.edit")
    role = await _locked(work, name)
    if name in work.registry.roles:
        raise Conflict("This role comes with the product and stays. Take its capabilities away.")
    _require_own(work, role.capabilities)
    held = await work.one(
        select(func.count())
        .select_from(UserRole)
        .where(UserRole.tenant_id == work.tenant_id, UserRole.role_name == name)
    )
    if held[0]:
        raise Conflict("Somebody has this role. Give her another one first.")
    await work.session.delete(role)
    await work.session.flush()
    await work.emit(RoleRemoved(before={"role": name}))


async def _locked(work: UnitOfWork, name: str) -> RoleRecord:
    found: RoleRecord | None = await work.entity(
        select(RoleRecord)
        .where(RoleRecord.tenant_id == work.tenant_id, RoleRecord.name == name)
        .with_for_update()
    )
    if found is None:
        raise NotFound("role", name)
    return found


def _require_own(work: UnitOfWork, capabilities: Collection[str]) -> None:
    """An administrator could otherwise make herself the reviewer of her own texts, or take the
    oversight away from those who oversee her."""
    lacking = sorted(name for name in capabilities if not work.actor.has(name))
    if lacking:
        raise CapabilityMissing(
            f"You may only give and take what you may do yourself, and not: {', '.join(lacking)}.",
            action="role.edit",
        )
