"""Adding people, and reading who they are."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from cms.identity.events import RolesFounded, UserCreated
from cms.identity.models import RoleRecord, User, UserRole
from cms.identity.secrets import hash_password, weakness_of

_LOGIN = re.compile(r"[a-z0-9._@-]{2,60}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NOT_IN_ADDRESS = re.compile(r"[^a-z0-9]+")
_LONGEST_SUCCESSION = 20


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


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a person says of herself; all of it may be empty. `nicename` is the name in the address
    of her page."""

    nicename: str = ""
    url: str = ""
    description: str = ""
    locale: str = ""
    first_name: str = ""
    last_name: str = ""
    nickname: str = ""


async def add_user(
    work: UnitOfWork,
    login: str,
    *,
    email: str,
    display_name: str,
    roles: Sequence[str],
    password: str | None = None,
    profile: Profile | None = None,
    user_id: int | None = None,
) -> User:
    """A new person with roles. InvalidInput names every fault at once. An id is given only by
    imports, which reserve theirs."""
    email, said = email.lower(), profile or Profile()
    await _refuse_faults(work, login, email, roles, password)
    user_id = user_id or await work.next_id("user")
    wanted = said.nicename or apart_from_login(nicename_of(display_name), login, user_id)
    user = User(
        tenant_id=work.tenant_id,
        id=user_id,
        login=login,
        email=email,
        display_name=display_name,
        nicename=await free_nicename(work, wanted),
        url=said.url,
        description=said.description,
        locale=said.locale,
        first_name=said.first_name,
        last_name=said.last_name,
        nickname=said.nickname,
        preferences={},
        password_hash=await hash_password(password) if password is not None else None,
        is_active=True,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(user)
    await work.session.flush()
    for role in dict.fromkeys(roles):
        work.session.add(given(work, user.id, role))
    # The trail names the person by id; name and address are personal data and kept sealed.
    known = {"login": login, "email": email, "display_name": display_name}
    await work.emit(
        UserCreated(user_id=user.id, after={"roles": sorted(set(roles))}, personal=known)
    )
    return user


def given(work: UnitOfWork, user_id: int, role: str) -> UserRole:
    """The role for this person; one that is declared for a time ends by itself."""
    declared = work.registry.roles.get(role)
    days = declared.days if declared is not None else None
    return UserRole(
        tenant_id=work.tenant_id,
        user_id=user_id,
        role_name=role,
        expires_at=None if days is None else work.now + timedelta(days=days),
    )


async def _refuse_faults(
    work: UnitOfWork, login: str, email: str, roles: Sequence[str], password: str | None
) -> None:
    faults: dict[str, str] = {}
    codes: dict[str, str] = {}
    if not _LOGIN.fullmatch(login):
        faults["login"] = "must be 2 to 60 lower-case letters, digits or . _ @ -"
    if not EMAIL.fullmatch(email):
        faults["email"] = "must be an e-mail address"
    weakness = weakness_of(password, login, email) if password is not None else None
    if weakness:
        faults["password"] = weakness
    known = {row.name for row in await work.all(
        select(RoleRecord.name).where(RoleRecord.tenant_id == work.tenant_id)
    )}  # fmt: skip
    unknown = sorted(set(roles) - known)
    if unknown:
        faults["roles"] = f"{unknown[0]!r} is not a role; there are: {', '.join(sorted(known))}"
    for field in await taken_names(work, login, email):
        faults.setdefault(field, f"this {field} is taken; choose another")
        codes[field] = f"existing_user_{field}"
    if faults:
        raise InvalidInput(faults, codes=codes)


async def taken_names(
    work: UnitOfWork, login: str, email: str, *, except_for: int = 0
) -> Sequence[str]:
    """Which of `login` and `email` somebody has. Both sign people in, so one's login must not be
    another's address."""
    rows = await work.all(
        select(User.login, User.email).where(
            User.tenant_id == work.tenant_id,
            User.id != except_for,
            User.login.in_([login, email]) | User.email.in_([login, email]),
        )
    )
    names = {name for row in rows for name in (row.login, row.email)}
    return [field for field, value in (("login", login), ("email", email)) if value in names]


def nicename_of(name: str) -> str:
    """A name in the letters of an address; empty when it has none of them."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_ADDRESS.sub("-", plain).strip("-")[:50].strip("-")


def apart_from_login(nicename: str, login: str, user_id: int) -> str:
    """The nicename, or one that says nothing when the login could be read off it: an address that
    everybody sees must not give away half of what signs a person in."""
    is_login = nicename.replace("-", "") == _NOT_IN_ADDRESS.sub("", login)
    return f"author-{user_id}" if is_login or not nicename else nicename


async def free_nicename(work: UnitOfWork, wanted: str) -> str:
    """The name in the address of a person's page: two of one name are two people."""
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
    """The user, or NotFound. Whoever has left is found too: her texts name her."""
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


async def present_user(work: UnitOfWork, user_id: int) -> User:
    """The user, or NotFound, also of somebody who has left."""
    user = await get_user(work, user_id)
    if user.left_at is not None:
        raise NotFound("user", user_id)
    return user


async def successor_of(work: UnitOfWork, user_id: int) -> int:
    """Whose a person's content is now: her own, or her successor's once she has left."""
    user = await work.session.get(User, (work.tenant_id, user_id))
    for _ in range(_LONGEST_SUCCESSION):
        if user is None or user.successor_id is None:
            break
        user = await work.session.get(User, (work.tenant_id, user.successor_id))
    return user.id if user is not None else user_id
