"""Signing in: by the password, and by a code where the person has a second factor."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Select, select

from cms.database.work import UnitOfWork
from cms.errors import SecondFactorRequired
from cms.identity.agents import note_agent
from cms.identity.factors import has_factor, takes_code
from cms.identity.models import PendingSignIn, User
from cms.identity.passwords import admit, person_by_password, refuse
from cms.identity.proofs import PASSWORD, IssuedToken, issue_token
from cms.identity.secrets import SecretKey
from cms.identity.sessions import OpenedSession, end_session, rotate_session, start_session

BOTH = frozenset({"pwd", "otp"})

WAITS = timedelta(minutes=5)
MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class AwaitedCode:
    """The password was right. The browser brings the secret back with the code."""

    secret: str
    expires_at: datetime


async def sign_in(
    work: UnitOfWork, key: SecretKey, login: str, password: str, otp: str | None = None
) -> IssuedToken | None:
    """A bearer token against login, password and, where the person has a second factor, a code;
    None when refused. The refusal is recorded, so the caller commits either way. It is the first
    step of its work. SecondFactorRequired without the code."""
    user = await person_by_password(work, login, password)
    factors = None if user is None else await _proved(work, key, user, otp)
    if user is None or factors is None:
        return None
    admit(work, user)
    await note_agent(work, key, user.id)
    return await issue_token(work, key, user, factors)


async def sign_in_browser(
    work: UnitOfWork, key: SecretKey, login: str, password: str, *, is_remembered: bool = False
) -> OpenedSession | AwaitedCode | None:
    """A session against login and password, or what awaits the code; None when refused. The refusal
    is recorded, so the caller commits either way. What session the browser had before is ended."""
    user = await person_by_password(work, login, password)
    if user is None:
        return None
    if await has_factor(work, user.id):
        return _await_code(work, key, user, is_remembered=is_remembered)
    return await _open(work, key, user, PASSWORD, is_remembered=is_remembered)


def _await_code(
    work: UnitOfWork, key: SecretKey, user: User, *, is_remembered: bool
) -> AwaitedCode:
    awaited = AwaitedCode("cmsp_" + secrets.token_urlsafe(32), work.now + WAITS)
    work.session.add(
        PendingSignIn(
            tenant_id=work.tenant_id,
            id=uuid4(),
            user_id=user.id,
            digest=_digest(key, awaited.secret),
            is_remembered=is_remembered,
            created_at=work.now,
            expires_at=awaited.expires_at,
        )
    )
    return awaited


async def sign_in_by_code(
    work: UnitOfWork, key: SecretKey, secret: str, code: str
) -> OpenedSession | None:
    """The session that awaited this code; None when refused: by a wrong code, after five minutes,
    after five attempts. Failures rest the account as wrong passwords do, and the caller commits
    either way."""
    pending = await _pending(work, key, secret)
    if pending is None:
        return None
    user = await _locked_user(work, pending.user_id)
    pending.attempts += 1
    is_locked = (user.account_locked_until or work.now) > work.now
    if is_locked or not user.is_active or not await takes_code(work, key, user.id, code):
        await refuse(work, user, user.login, "otp")
        return None
    pending.ended_at = work.now
    return await _open(work, key, user, BOTH, is_remembered=pending.is_remembered)


async def awaits_code(work: UnitOfWork, key: SecretKey, secret: str) -> bool:
    """Whether a sign-in with this secret still awaits its code."""
    return (await work.one(_waiting(work, key, secret))) is not None


async def reauthenticate(
    work: UnitOfWork, key: SecretKey, password: str, otp: str | None = None
) -> OpenedSession | None:
    """Step-up: the session of this request proved anew, with another secret; None when refused,
    which is recorded, so the caller commits either way. SecondFactorRequired without a code of a
    person who has a second factor."""
    user_id = work.actor.user_id
    login = await work.one(
        select(User.login).where(User.tenant_id == work.tenant_id, User.id == user_id)
    )
    user = await person_by_password(work, login.login if login else "", password)
    factors = None if user is None else await _proved(work, key, user, otp)
    if user is None or factors is None:
        return None
    renewed = await rotate_session(work, key, factors)
    admit(work, user)
    return renewed


async def _proved(
    work: UnitOfWork, key: SecretKey, user: User, otp: str | None
) -> frozenset[str] | None:
    """The factors of a person whose password was right; None for a wrong code, which is recorded.
    SecondFactorRequired without one of a person who needs it."""
    if not await has_factor(work, user.id):
        return PASSWORD
    if not otp:
        raise SecondFactorRequired
    if await takes_code(work, key, user.id, otp):
        return BOTH
    await refuse(work, user, user.login, "otp")
    return None


async def _open(
    work: UnitOfWork, key: SecretKey, user: User, factors: frozenset[str], *, is_remembered: bool
) -> OpenedSession:
    await end_session(work)
    admit(work, user)
    await note_agent(work, key, user.id)
    return await start_session(work, key, user.id, factors, is_remembered=is_remembered)


async def _pending(work: UnitOfWork, key: SecretKey, secret: str) -> PendingSignIn | None:
    pending: PendingSignIn | None = await work.entity(_waiting(work, key, secret).with_for_update())
    return pending


def _waiting(work: UnitOfWork, key: SecretKey, secret: str) -> Select[PendingSignIn]:
    return select(PendingSignIn).where(
        PendingSignIn.tenant_id == work.tenant_id,
        PendingSignIn.digest == _digest(key, secret),
        PendingSignIn.ended_at.is_(None),
        PendingSignIn.expires_at > work.now,
        PendingSignIn.attempts < MOST_ATTEMPTS,
    )


async def _locked_user(work: UnitOfWork, user_id: int) -> User:
    user: User = await work.entity(
        select(User).where(User.tenant_id == work.tenant_id, User.id == user_id).with_for_update()
    )
    return user


def _digest(key: SecretKey, secret: str) -> bytes:
    return key.digest(f"pending:{secret}")
