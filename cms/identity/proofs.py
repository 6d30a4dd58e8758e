"""From the Authorization header to an actor: application password, bearer token, or nobody."""

import base64
import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy import text, update

from cms.database.reads import Query
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, Unauthenticated
from cms.identity.application_passwords import note_use
from cms.identity.events import SignedIn, SignedOut, SignInFailed
from cms.identity.models import PendingSignIn, Session, Token, User
from cms.identity.passwords import MAX_FAILURES
from cms.identity.secrets import SecretKey, new_token
from cms.identity.standing import GRANTS, person_of, with_facts
from cms.kernel.actors import (
    ANONYMOUS,
    Actor,
    Authentication,
    Method,
)
from cms.kernel.events import Outcome

log = structlog.get_logger()

TOKEN_LIFETIME = timedelta(hours=8)
# Of RFC 8176, authentication method references.
PASSWORD = frozenset({"pwd"})
MOST_COUNTED = 10_000

_BY_APPLICATION_PASSWORD = Query(
    text(
        f"""
    select u.id, p.id as credential, p.last_used, {GRANTS}
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
_BY_TOKEN = Query(
    text(
        f"""
    select u.id, t.id as credential, t.factors, t.authenticated_at, {GRANTS}
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
    return await with_facts(work, actor, actor.user_id)


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
    return person_of(row, proof)


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
    return person_of(row, proof)


async def issue_token(
    work: UnitOfWork, key: SecretKey, user: User, factors: frozenset[str] = PASSWORD
) -> IssuedToken:
    """A new token for a person whose factors have just been checked."""
    token = new_token()
    work.session.add(
        Token(
            tenant_id=work.tenant_id,
            id=uuid4(),
            user_id=user.id,
            digest=key.digest(token),
            factors=sorted(factors),
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
    """Revoke every bearer token and end every session of a person, but the one with the id `keep`,
    and what awaits a code. The caller emits an event that covers tokens and sessions."""
    kept = UUID(keep) if keep else UUID(int=0)
    for proof in (Token, Session):
        await work.execute(
            update(proof)
            .where(
                proof.tenant_id == work.tenant_id,
                proof.user_id == user_id,
                proof.revoked_at.is_(None),
                proof.id != kept,
            )
            .values(revoked_at=work.now)
        )
    await work.execute(
        update(PendingSignIn)
        .where(PendingSignIn.tenant_id == work.tenant_id, PendingSignIn.user_id == user_id)
        .values(ended_at=work.now)
    )
