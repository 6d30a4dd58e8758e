"""Adding people, and reading who they are."""

import re
from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.identity.events import ApplicationPasswordCreated, RolesFounded, UserCreated
from cms.identity.models import ApplicationPassword, RoleRecord, User, UserRole
from cms.identity.secrets import SecretKey, hash_password, new_application_password

_LOGIN = re.compile(r"[a-z0-9._@-]{2,60}")
SHORTEST_PASSWORD = 12
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


async def found_roles(work: UnitOfWork) -> None:
    """Write the default roles of the host and its plugins; what a tenant changed itself is lost
    only for roles that are declared, so local roles need names of their own."""
    for role in work.registry.roles.values():
        values = {
            "label": role.label,
            "capabilities": sorted(role.capabilities),
            "medical_scope": dict(role.medical_scope),
            "compliance_level": role.compliance_level,
            "audit_required": role.audit_required,
        }
        await work.execute(
            insert(RoleRecord)
            .values(tenant_id=work.tenant_id, name=role.name, **values)
            .on_conflict_do_update(index_elements=["tenant_id", "name"], set_=values)
        )
    await work.emit(RolesFounded(after={"roles": sorted(work.registry.roles)}))


async def add_user(
    work: UnitOfWork,
    login: str,
    *,
    email: str,
    display_name: str,
    roles: Sequence[str],
    password: str | None = None,
    user_id: int | None = None,
) -> User:
    """A new person with roles. InvalidInput names every fault at once. An id is given only by
    imports, which reserve theirs."""
    email = email.lower()
    await _refuse_faults(work, login, email, roles, password)
    user = User(
        tenant_id=work.tenant_id,
        id=user_id or await work.next_id("user"),
        login=login,
        email=email,
        display_name=display_name,
        nicename=await _free_nicename(work, login),
        password_hash=await hash_password(password) if password is not None else None,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(user)
    await work.session.flush()
    for role in roles:
        work.session.add(UserRole(tenant_id=work.tenant_id, user_id=user.id, role_name=role))
    # The trail names the person by id: name and address are personal data.
    await work.emit(UserCreated(user_id=user.id, after={"roles": sorted(roles)}))
    return user


async def _refuse_faults(
    work: UnitOfWork, login: str, email: str, roles: Sequence[str], password: str | None
) -> None:
    faults: dict[str, str] = {}
    if not _LOGIN.fullmatch(login):
        faults["login"] = "must be 2 to 60 lower-case letters, digits or . _ @ -"
    if not _EMAIL.fullmatch(email):
        faults["email"] = "must be an e-mail address"
    if password is not None and len(password) < SHORTEST_PASSWORD:
        faults["password"] = f"must have at least {SHORTEST_PASSWORD} characters; add some words"
    known = {row.name for row in await work.all(
        select(RoleRecord.name).where(RoleRecord.tenant_id == work.tenant_id)
    )}  # fmt: skip
    unknown = sorted(set(roles) - known)
    if unknown:
        faults["roles"] = f"{unknown[0]!r} is not a role; there are: {', '.join(sorted(known))}"
    taken = await work.one(
        select(User.id)
        # Both sign people in, so one's login must not be another's address.
        .where(
            User.tenant_id == work.tenant_id,
            User.login.in_([login, email]) | User.email.in_([login, email]),
        )
        .limit(1)
    )
    if taken is not None:
        faults.setdefault("login", "this login or e-mail address is taken; choose another")
    if faults:
        raise InvalidInput(faults)


async def _free_nicename(work: UnitOfWork, login: str) -> str:
    """The name in the address of a person's page: `ana.lima` and `ana-lima` are two people."""
    wanted = login.replace("@", "-").replace(".", "-")
    rows = await work.all(
        select(User.nicename).where(
            User.tenant_id == work.tenant_id, User.nicename.startswith(wanted, autoescape=True)
        )
    )
    taken = {row.nicename for row in rows}
    candidate, number = wanted, 2
    while candidate in taken:
        candidate, number = f"{wanted}-{number}", number + 1
    return candidate


async def get_user(work: UnitOfWork, user_id: int) -> User:
    """The user, or NotFound."""
    user = await work.session.get(User, (work.tenant_id, user_id))
    if user is None:
        raise NotFound("user", user_id)
    return user


async def user_by_login(work: UnitOfWork, login: str) -> User:
    """The user with this login or e-mail address, or NotFound."""
    wanted = login.lower()
    user: User | None = await work.entity(
        select(User).where(
            User.tenant_id == work.tenant_id, (User.login == wanted) | (User.email == wanted)
        )
    )
    if user is None:
        raise NotFound("user", login)
    return user


async def roles_of(work: UnitOfWork, user_id: int) -> list[str]:
    """The names of a person's roles, in order."""
    rows = await work.all(
        select(UserRole.role_name)
        .where(UserRole.tenant_id == work.tenant_id, UserRole.user_id == user_id)
        .order_by(UserRole.role_name)
    )
    return [row.role_name for row in rows]


async def add_application_password(work: UnitOfWork, key: SecretKey, user: User, name: str) -> str:
    """A new application password, shown this once; only its keyed hash is kept."""
    password = new_application_password()
    work.session.add(
        ApplicationPassword(
            tenant_id=work.tenant_id,
            id=uuid4(),
            user_id=user.id,
            name=name,
            digest=key.digest(password.replace(" ", "")),
            created_at=work.now,
        )
    )
    await work.emit(ApplicationPasswordCreated(user_id=user.id))
    return password
