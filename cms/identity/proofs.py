"""From the Authorization header to an actor: application password, bearer token, or nobody."""

import base64
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import select, text, update

from cms.database.reads import Query
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, Unauthenticated
from cms.identity.application_passwords import note_use
from cms.identity.events import SignedIn, SignedOut, SignInFailed
from cms.identity.models import Token, User
from cms.identity.secrets import SecretKey, matches, new_token
from cms.kernel.actors import (
    ANONYMOUS,
    ROLE_SCOPES,
    Actor,
    ActorFacts,
    ActorKind,
    Authentication,
    Method,
)
from cms.kernel.events import Outcome

log = structlog.get_logger()

TOKEN_LIFETIME = timedelta(hours=8)
MOST_COUNTED = 10_000
MAX_FAILURES, LOCK_TIME = 10, timedelta(minutes=15)

_GRANTS = """
  (select coalesce(array_agg(r.name order by r.name), '{}') from cms.user_roles ur
     join cms.roles r on r.tenant_id = ur.tenant_id and r.name = ur.role_name
    where ur.tenant_id = u.tenant_id and ur.user_id = u.id
      and (ur.expires_at is null or ur.expires_at > now())) as roles,
  (select coalesce(array_agg(distinct c), '{}') from cms.user_roles ur
     join cms.roles r on r.tenant_id = ur.tenant_id and r.name = ur.role_name,
          unnest(r.capabilities) c
    where ur.tenant_id = u.tenant_id and ur.user_id = u.id
      and (ur.expires_at is null or ur.expires_at > now())) as capabilities,
  (select coalesce(jsonb_agg(r.medical_scope order by r.name), '[]') from cms.user_roles ur
     join cms.roles r on r.tenant_id = ur.tenant_id and r.name = ur.role_name
    where ur.tenant_id = u.tenant_id and ur.user_id = u.id and r.medical_scope <> '{}'
      and (ur.expires_at is null or ur.expires_at > now())) as scopes
"""
_BY_APPLICATION_PASSWORD = Query(
    text(
        f"""
    select u.id, p.id as credential, p.last_used, {_GRANTS}
    from cms.application_passwords p
    join cms.users u on u.tenant_id = p.tenant_id and u.id = p.user_id
    where p.tenant_id = :tenant and p.digest = :digest and u.is_active
      and (u.login = :login or u.email = :login)
    """  # noqa: S608 - constants only
    )
)
_BY_LOGIN = Query(
    text(
        "select u.id from cms.users u "
        "where u.tenant_id = :tenant and (u.login = :login or u.email = :login)"
    )
)
_BY_ID = text(
    f"""
    select u.id, {_GRANTS} from cms.users u
    where u.tenant_id = :tenant and u.id = :user and u.is_active
    """  # noqa: S608 - constants only
)
_BY_TOKEN = Query(
    text(
        f"""
    select u.id, t.id as credential, t.factors, t.authenticated_at, {_GRANTS}
    from cms.tokens t join cms.users u on u.tenant_id = t.tenant_id and u.id = t.user_id
    where t.tenant_id = :tenant and t.digest = :digest and u.is_active
      and t.revoked_at is null and t.expires_at > :now
    """  # noqa: S608 - constants only
    )
)


@dataclass(frozen=True)
class IssuedToken:
    """Shown once. `expires_in` is in seconds."""

    token: str
    expires_in: int
    user_id: int


async def identify(work: UnitOfWork, key: SecretKey, authorization: str | None) -> Actor:
    """Who sends the request. A wrong Basic proof is nobody, as in WordPress, where it does not
    spoil a public read; a wrong or expired bearer token is refused (RFC 6750 §3.1)."""
    actor = await _proved(work, key, authorization)
    if actor.user_id is None:
        return actor
    return await _known(work, actor, actor.user_id)


async def _known(work: UnitOfWork, actor: Actor, user_id: int) -> Actor:
    known = await work.shape(ActorFacts(user_id, actor.attributes))
    return replace(actor, attributes=known.attributes)


async def _proved(work: UnitOfWork, key: SecretKey, authorization: str | None) -> Actor:
    scheme, _, credentials = (authorization or "").partition(" ")
    if scheme.lower() == "basic":
        return await _by_application_password(work, key, credentials.strip())
    if scheme.lower() == "bearer":
        return await _by_token(work, key, credentials.strip())
    return ANONYMOUS


async def _by_application_password(work: UnitOfWork, key: SecretKey, credentials: str) -> Actor:
    try:
        login, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:  # also what base64 and UTF-8 raise
        return ANONYMOUS
    if "\0" in login:
        return ANONYMOUS
    digest = key.digest("".join(password.split()))
    values = {"tenant": work.tenant_id, "digest": digest, "login": login.lower()}
    rows = await work.fetch(_BY_APPLICATION_PASSWORD, **values)
    if not rows:
        await _tell_wrong_password(work, login.lower())
        return ANONYMOUS
    (row,) = rows
    note_use(work, row.id, row.credential, row.last_used)
    proof = Authentication(Method.APPLICATION_PASSWORD, credential=str(row.credential))
    return _person(row, proof)


async def _tell_wrong_password(work: UnitOfWork, login: str) -> None:
    """Somebody tried an existing account with an application password that is none of its. The
    request may go on as nobody's; should it be refused, the event is kept all the same."""
    found = await work.fetch(_BY_LOGIN, tenant=work.tenant_id, login=login)
    if not found or not _is_worth_telling(work.tenant_id, found[0].id):
        return
    refused = SignInFailed(
        user_id=found[0].id,
        method=Method.APPLICATION_PASSWORD.value,
        outcome=Outcome.REFUSED,
        personal={"login": login},
    )

    async def tell(own: UnitOfWork) -> None:
        await own.emit(refused)

    work.even_if_refused("application-password", tell)
    await tell(work)


_told: dict[tuple[int, int], list[float]] = {}


def _is_worth_telling(tenant_id: int, user_id: int) -> bool:
    """The first ten of a minute are: a stranger who guesses must not fill the trail from outside.
    Each process counts for itself."""
    now = time.monotonic()
    if len(_told) > MOST_COUNTED:
        _told.clear()
    recent = [moment for moment in _told.get((tenant_id, user_id), ()) if now - moment < 60]
    if len(recent) >= MAX_FAILURES:
        log.warning("wrong application passwords are no longer recorded for this minute")
        return False
    _told[tenant_id, user_id] = [*recent, now]
    return True


async def _by_token(work: UnitOfWork, key: SecretKey, token: str) -> Actor:
    values = {"tenant": work.tenant_id, "digest": key.digest(token), "now": work.now}
    rows = await work.fetch(_BY_TOKEN, **values)
    if not rows:
        raise Unauthenticated(
            "The bearer token is unknown, expired or revoked. Sign in again "
            "(POST /api/v1/auth/token)."
        )
    (row,) = rows
    proof = Authentication(
        Method.TOKEN, frozenset(row.factors), row.authenticated_at, str(row.credential)
    )
    return _person(row, proof)


async def recalled(work: UnitOfWork, user_id: int, proof: Authentication) -> Actor | None:
    """Somebody who asked earlier for what happens now, with the rights that she has today; None
    when she may not sign in any more."""
    row = await work.one(_BY_ID, {"tenant": work.tenant_id, "user": user_id})
    if row is None:
        return None
    return await _known(work, _person(row, proof), user_id)


def _person(row: Any, proof: Authentication) -> Actor:
    return Actor(
        ActorKind.PERSON,
        row.id,
        tuple(row.roles),
        frozenset(row.capabilities),
        proof,
        {ROLE_SCOPES: row.scopes},
    )


async def sign_in(
    work: UnitOfWork, key: SecretKey, login: str, password: str
) -> IssuedToken | None:
    """A bearer token against login and password; None when refused. The refusal is recorded, so
    the caller commits either way. After ten failures the account rests for a quarter of an hour.
    It is the first step of its work: what stood unsaved before it is given up."""
    # PostgreSQL keeps no NUL, so nobody's login holds one.
    wanted = login.lower().replace("\0", "\ufffd")
    found = await work.one(
        select(User.id, User.password_hash).where(
            User.tenant_id == work.tenant_id, (User.login == wanted) | (User.email == wanted)
        )
    )
    # Checking takes tens of milliseconds: meanwhile nothing is locked and no connection is held.
    await work.session.rollback()
    is_right = await matches(found.password_hash if found else None, password)
    if found is None:
        # Strangers could fill the trail from outside; and a login may be a mistyped password.
        log.info("sign-in refused", reason="nobody has this login")
        return None
    user: User = await work.entity(
        select(User).where(User.tenant_id == work.tenant_id, User.id == found.id).with_for_update()
    )
    is_locked = (user.account_locked_until or work.now) > work.now
    is_still_the_password = user.password_hash == found.password_hash
    if not (is_right and is_still_the_password and user.is_active) or is_locked:
        await _refuse(work, user, wanted)
        return None
    user.failed_login_attempts, user.last_login_at = 0, work.now
    user.account_locked_until = None
    return await issue_token(work, key, user)


async def _refuse(work: UnitOfWork, user: User, typed: str) -> None:
    user.failed_login_attempts += 1
    if user.failed_login_attempts % MAX_FAILURES == 0:
        user.account_locked_until = work.now + LOCK_TIME
    await work.emit(
        SignInFailed(user_id=user.id, outcome=Outcome.REFUSED, personal={"login": typed})
    )


async def issue_token(work: UnitOfWork, key: SecretKey, user: User) -> IssuedToken:
    """A new token for a person whose password has just been checked."""
    token = new_token()
    work.session.add(
        Token(
            tenant_id=work.tenant_id,
            id=uuid4(),
            user_id=user.id,
            digest=key.digest(token),
            factors=["pwd"],  # RFC 8176 authentication method reference
            authenticated_at=work.now,
            expires_at=work.now + TOKEN_LIFETIME,
        )
    )
    await work.emit(SignedIn(user_id=user.id))
    return IssuedToken(token, int(TOKEN_LIFETIME.total_seconds()), user.id)


async def sign_out(work: UnitOfWork) -> None:
    """Revoke the token that this request came with; InvalidInput when it came with none."""
    proof = work.actor.authentication
    if proof.credential is None or proof.method is not Method.TOKEN or work.actor.user_id is None:
        raise InvalidInput(
            {
                "Authorization": "holds no bearer token, so there is nothing to sign out of; send "
                "`Authorization: Bearer <token>` with the token to end (an application password "
                "stays valid until it is revoked)"
            }
        )
    await work.execute(
        update(Token)
        .where(Token.tenant_id == work.tenant_id, Token.id == UUID(proof.credential))
        .values(revoked_at=work.now)
    )
    await work.emit(SignedOut(user_id=work.actor.user_id))


async def end_sessions(work: UnitOfWork, user_id: int, *, keep: str | None = None) -> None:
    """Revoke every bearer token of a person but the one with the id `keep`. The caller emits an
    event that covers it."""
    kept = UUID(keep) if keep else UUID(int=0)
    await work.execute(
        update(Token)
        .where(
            Token.tenant_id == work.tenant_id,
            Token.user_id == user_id,
            Token.revoked_at.is_(None),
            Token.id != kept,
        )
        .values(revoked_at=work.now)
    )
