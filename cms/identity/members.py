"""What those who run a site do about the accounts of others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update

from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.identity import application_passwords, factors
from cms.identity.accounts import change_profile
from cms.identity.granting import (
    capabilities_by_role,
    refuse_unknown_roles,
    require_capability,
    require_grantable,
    require_reach,
    set_roles,
)
from cms.identity.link_events import AccountUnlocked, SignedOutByOther
from cms.identity.models import Session, SessionUse, Token, User
from cms.identity.proofs import end_sessions
from cms.identity.users import add_user, present_user

_EDITS, _PROMOTES, _CREATES = "edit_users", "promote_users", "create_users"


@dataclass(frozen=True)
class SignIn:
    """A browser (`session`) or a program (`token`) in which a person is signed in."""

    id: UUID
    kind: str
    since: datetime
    seen_at: datetime | None
    ends_at: datetime
    agent: str


async def add(
    work: UnitOfWork, login: str, email: str, display_name: str, roles: Sequence[str]
) -> User:
    """An account without a password: its holder chooses one by a link."""
    require_capability(work, _CREATES, "user.create")
    if roles:
        require_capability(work, _PROMOTES, "user.promote")
    granted = await capabilities_by_role(work)
    refuse_unknown_roles(roles, granted)
    require_grantable(work, roles, granted)
    return await add_user(
        work,
        login.strip().lower(),
        email=email.strip(),
        display_name=" ".join(display_name.split()) or "Author",
        roles=roles,
    )


async def edit(work: UnitOfWork, user_id: int, wanted: Mapping[str, Any]) -> None:
    """Change what is said of a person, and her address."""
    require_capability(work, _EDITS, "user.edit")
    user = await present_user(work, user_id)
    await work.decide("user.edit", "user", user_id)
    await change_profile(work, user, wanted)


async def give_roles(
    work: UnitOfWork, user_id: int, roles: Sequence[str], until: Mapping[str, datetime | None]
) -> None:
    """Give a person exactly these roles, each until the moment that is named, or for good."""
    require_capability(work, _PROMOTES, "user.promote")
    user = await present_user(work, user_id)
    await work.decide("user.promote", "user", user_id)
    await set_roles(work, user, roles, until)


async def unlock(work: UnitOfWork, user_id: int) -> None:
    """Let a person try to sign in again who has failed too often."""
    require_capability(work, _EDITS, "user.sign_out")
    user = await present_user(work, user_id)
    await require_reach(work, user_id)
    user.failed_login_attempts, user.account_locked_until = 0, None
    await work.session.flush()
    await work.emit(AccountUnlocked(user_id=user_id))


async def sign_ins(work: UnitOfWork, user_id: int) -> list[SignIn]:
    """Where a person is signed in now, the newest first."""
    require_capability(work, _EDITS, "user.sign_out")
    sessions = await work.all(
        select(Session, SessionUse.last_seen_at)
        .join(
            SessionUse,
            (SessionUse.tenant_id == Session.tenant_id) & (SessionUse.session_id == Session.id),
        )
        .where(*_living(work, Session, user_id))
        .order_by(Session.created_at.desc())
    )
    tokens = await work.all(
        select(Token).where(*_living(work, Token, user_id)).order_by(Token.authenticated_at.desc())
    )
    return [
        *(
            SignIn(one.id, "session", one.created_at, seen, one.expires_at, one.user_agent)
            for one, seen in sessions
        ),
        *(
            SignIn(row[0].id, "token", row[0].authenticated_at, None, row[0].expires_at, "")
            for row in tokens
        ),
    ]


def _living(work: UnitOfWork, model: Any, user_id: int) -> tuple[Any, ...]:
    return (
        model.tenant_id == work.tenant_id,
        model.user_id == user_id,
        model.revoked_at.is_(None),
        or_(model.expires_at.is_(None), model.expires_at > work.now),
    )


async def end_sign_in(work: UnitOfWork, user_id: int, proof_id: UUID) -> None:
    """Sign somebody out of one browser or program; NotFound when she is not signed in there."""
    require_capability(work, _EDITS, "user.sign_out")
    await require_reach(work, user_id)
    for model in (Session, Token):
        ended = await work.execute(
            update(model)
            .where(*_living(work, model, user_id), model.id == proof_id)
            .values(revoked_at=work.now)
        )
        if ended.rowcount:
            await work.emit(SignedOutByOther(user_id=user_id, after={"ended": "one"}))
            return
    raise NotFound("sign-in", proof_id)


async def end_all_sign_ins(work: UnitOfWork, user_id: int) -> None:
    """Sign somebody out everywhere; of one's own sign-ins this one stays."""
    require_capability(work, _EDITS, "user.sign_out")
    await present_user(work, user_id)
    await require_reach(work, user_id)
    own = work.actor.authentication.credential if user_id == work.actor.user_id else None
    await end_sessions(work, user_id, keep=own)
    await work.emit(SignedOutByOther(user_id=user_id, after={"ended": "all"}))


async def reset_factors(work: UnitOfWork, user_id: int) -> None:
    """For somebody who has lost telephone and codes: her password signs her in again, until she has
    set up another app."""
    require_capability(work, _EDITS, "factor.reset")
    user = await present_user(work, user_id)
    await require_reach(work, user.id)
    await factors.remove_factors(work, user.id)


async def revoke_application(work: UnitOfWork, user_id: int, password_id: UUID) -> None:
    """No program acts for the person by this application password any more."""
    require_capability(work, _EDITS, "application_password.delete")
    await require_reach(work, user_id)
    record = await application_passwords.one_of(work, user_id, password_id)
    await application_passwords.revoke(work, record)
