"""Changing a person's profile and proofs, and closing an account."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete

from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, StepUpRequired
from cms.identity.application_passwords import revoke_all
from cms.identity.events import CredentialsChanged, PersonRemoved, ProfileChanged
from cms.identity.factors import forget_factors
from cms.identity.freshness import require_recent_session
from cms.identity.granting import refuse_last_administrator, require_reach
from cms.identity.models import User, UserRole
from cms.identity.proofs import end_sessions
from cms.identity.secrets import hash_password, weakness_of
from cms.identity.users import EMAIL, free_nicename, nicename_of, taken_names
from cms.kernel.actors import Method

_PLAIN = frozenset(
    {"display_name", "url", "description", "locale", "first_name", "last_name", "nickname"}
    | {"preferences", "meta"}
)
_NAMES = frozenset({"display_name", "first_name", "last_name", "nickname"})


async def change_profile(work: UnitOfWork, user: User, wanted: Mapping[str, Any]) -> None:
    """Set columns of a person, and `password`, which is hashed. InvalidInput in WordPress's words
    names the first that does not fit; nothing is set then."""
    await _refuse_faults(work, user, wanted)
    changed = sorted(name for name in _PLAIN & set(wanted) if getattr(user, name) != wanted[name])
    named = [name for name in changed if name in _NAMES]
    before = {name: getattr(user, name) for name in named}
    for name in changed:
        setattr(user, name, wanted[name])
    if wanted.get("nicename") and wanted["nicename"] != user.nicename:
        user.nicename = wanted["nicename"]
        changed.append("nicename")
    if changed:
        user.updated_at = work.now
        # Which fields; what names the person in them is kept sealed, and the rest by the row only.
        after = {name: wanted[name] for name in named}
        told = {"before": before, "after": after} if named else None
        await work.emit(ProfileChanged(user_id=user.id, after={"fields": changed}, personal=told))
    await _change_credentials(work, user, wanted)


async def _refuse_faults(work: UnitOfWork, user: User, wanted: Mapping[str, Any]) -> None:
    email = str(wanted.get("email", user.email)).lower()
    if email != user.email and (
        not EMAIL.fullmatch(email) or await taken_names(work, user.login, email, except_for=user.id)
    ):
        raise InvalidInput(
            {"email": "Invalid email address."}, codes={"email": "rest_user_invalid_email"}
        )
    if wanted.get("username", user.login).lower() != user.login:
        raise InvalidInput(
            {"username": "Username isn't editable."},
            codes={"username": "rest_user_invalid_argument"},
        )
    nicename = wanted.get("nicename")
    if nicename and nicename != user.nicename:
        is_written_so = nicename_of(nicename) == nicename
        if not is_written_so or await free_nicename(work, nicename) != nicename:
            raise InvalidInput({"slug": "Invalid slug."}, codes={"slug": "rest_user_invalid_slug"})
    weakness = weakness_of(wanted["password"], user.login, email) if "password" in wanted else None
    if weakness:
        raise InvalidInput({"password": weakness})


async def _change_credentials(work: UnitOfWork, user: User, wanted: Mapping[str, Any]) -> None:
    email = str(wanted.get("email", user.email)).lower()
    changed = [name for name, is_new in (
        ("email", email != user.email), ("password", "password" in wanted)
    ) if is_new]  # fmt: skip
    if not changed:
        return
    await require_reach(work, user.id)
    require_recent_session(work, "user.edit_self", "credentials are set by who has just signed in")
    proof = work.actor.authentication
    if "password" in changed and proof.method is Method.APPLICATION_PASSWORD:
        # Else an application could sign in as the person, and sign in her name.
        raise StepUpRequired("user.edit", ["signed_in"], ["a password is set by a person"])
    addresses = {"before": {"email": user.email}, "after": {"email": email}}
    told = addresses if "email" in changed else None
    user.email, user.updated_at = email, work.now
    if "password" in changed:
        user.password_hash = await hash_password(wanted["password"])
        user.failed_login_attempts, user.account_locked_until = 0, None
        own = proof.credential if proof.method in {Method.TOKEN, Method.SESSION} else None
        await end_sessions(work, user.id, keep=own if user.id == work.actor.user_id else None)
    await work.emit(CredentialsChanged(user_id=user.id, after={"fields": changed}, personal=told))


async def close_account(work: UnitOfWork, user: User, successor_id: int | None) -> None:
    """The person leaves: no proof of hers works, her profile is nameless. The row stays, because
    revisions, approvals and the trail name her by its number. Conflict for the last administrator.
    """
    await refuse_last_administrator(work, user.id)
    # A login and an address that nobody can have: both hold a space (and RFC 2606 §2).
    user.login, user.email = f"former {user.id}", f"former {user.id}@former.invalid"
    user.nicename = await free_nicename(work, f"former-{user.id}")
    user.display_name = f"Former member {user.id}"
    user.url = user.description = user.locale = ""
    user.first_name = user.last_name = user.nickname = ""
    user.preferences, user.meta = {}, {}
    user.password_hash, user.is_active = None, False
    user.updated_at = user.left_at = work.now
    user.successor_id = successor_id
    await end_sessions(work, user.id)
    await revoke_all(work, user.id)
    await forget_factors(work, user.id)
    await work.execute(
        delete(UserRole).where(UserRole.tenant_id == work.tenant_id, UserRole.user_id == user.id)
    )
    await work.emit(PersonRemoved(user_id=user.id, successor_id=successor_id))
