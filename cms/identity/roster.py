"""The people of a site for those who run it: a page of them by name, and one with what she has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.engine import Row

from cms.database.work import UnitOfWork
from cms.identity.granting import require_capability
from cms.identity.models import RoleRecord, User, UserRole
from cms.identity.users import present_user

_ROLES = """
  (select coalesce(array_agg(ur.role_name order by ur.role_name), '{}') from cms.user_roles ur
   where ur.tenant_id = u.tenant_id and ur.user_id = u.id
     and (ur.expires_at is null or ur.expires_at > now()))
"""
# The folded name and the id are one key, which the index `users_by_name` holds.
_PAGE = f"""
  select u.id, u.login, u.display_name, u.email, u.is_active, u.last_login_at,
    u.account_locked_until, {_ROLES} as roles
  from cms.users u
  where u.tenant_id = :tenant and u.left_at is null
    and (cast(:after as bigint) is null or (cms.fold(u.display_name) collate "C", u.id) >
      (select cms.fold(a.display_name), a.id from cms.users a
       where a.tenant_id = :tenant and a.id = :after))
    and (:search = '' or strpos(cms.fold(u.display_name), cms.fold(:search)) > 0
      or strpos(u.login, lower(:search)) > 0 or strpos(u.email, lower(:search)) > 0)
    and (:role = '' or exists (select from cms.user_roles ur
      where ur.tenant_id = u.tenant_id and ur.user_id = u.id and ur.role_name = :role
        and (ur.expires_at is null or ur.expires_at > now())))
  order by cms.fold(u.display_name) collate "C", u.id
  limit :most
"""  # noqa: S608 - constants only


@dataclass(frozen=True)
class Member:
    """One line of the list. `locked_until` only while the lock holds."""

    id: int
    login: str
    name: str
    email: str
    is_active: bool
    last_login_at: datetime | None
    locked_until: datetime | None
    roles: list[str]


async def page(
    work: UnitOfWork, *, search: str = "", role: str = "", after: int | None = None, most: int = 50
) -> list[Member]:
    """People by name from the one after `after`; `search` in names, logins and addresses."""
    require_capability(work, "list_users", "user.list")
    rows = await work.all(
        text(_PAGE),
        {
            "tenant": work.tenant_id,
            "after": after,
            "search": search.strip().replace("\0", ""),
            "role": role,
            "most": most,
        },
    )
    return [_member(work, row) for row in rows]


def _member(work: UnitOfWork, row: Row[Any]) -> Member:
    locked = row.account_locked_until
    return Member(
        row.id,
        row.login,
        row.display_name,
        row.email,
        row.is_active,
        row.last_login_at,
        locked if locked is not None and locked > work.now else None,
        list(row.roles),
    )


async def one(work: UnitOfWork, user_id: int) -> User:
    """A person as those see her who may change her account; NotFound when she has left."""
    require_capability(work, "edit_users", "user.edit")
    return await present_user(work, user_id)


@dataclass(frozen=True)
class Held:
    """A role of the site, and until when a person has it; no end where it is for good. `may_give`:
    it grants nothing that who asks lacks. `days` that it is given for at most, where it is."""

    name: str
    label: str
    is_held: bool
    until: datetime | None
    may_give: bool
    days: int | None


async def roles_for(work: UnitOfWork, user_id: int) -> Sequence[Held]:
    """Every role of the site, with those that the person has."""
    rows = await work.all(
        select(RoleRecord, UserRole.user_id, UserRole.expires_at)
        .outerjoin(
            UserRole,
            (UserRole.tenant_id == RoleRecord.tenant_id)
            & (UserRole.role_name == RoleRecord.name)
            & (UserRole.user_id == user_id),
        )
        .where(RoleRecord.tenant_id == work.tenant_id)
        .order_by(RoleRecord.label)
    )
    return [_held(work, row[0], row.user_id is not None, row.expires_at) for row in rows]


def _held(work: UnitOfWork, role: RoleRecord, is_given: bool, until: datetime | None) -> Held:
    is_held = is_given and (until is None or until > work.now)
    declared = work.registry.roles.get(role.name)
    return Held(
        role.name,
        role.label,
        is_held,
        until if is_held else None,
        all(work.actor.has(name) for name in role.capabilities),
        declared.days if declared is not None else None,
    )


async def labels(work: UnitOfWork) -> dict[str, str]:
    """The label of each role by its name."""
    rows = await work.all(
        select(RoleRecord.name, RoleRecord.label)
        .where(RoleRecord.tenant_id == work.tenant_id)
        .order_by(RoleRecord.label)
    )
    return {row.name: row.label for row in rows}
