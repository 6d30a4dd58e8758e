"""Sessions of the web application: opened by a sign-in, renewed by a step-up, ended by anybody who
may, forgotten after ninety days.

The identity of a session is drawn here and nowhere else; the secret that a browser holds is drawn
anew whenever its person proves who she is, and what it was before is worth nothing from then on
(OWASP ASVS 5.0, 7.2.4).
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, func, or_, select, text, update

from cms.database.reads import Query
from cms.database.work import UnitOfWork
from cms.errors import NotFound, Unauthenticated
from cms.identity.events import SessionRenewed, SessionsForgotten, SignedIn, SignedOut
from cms.identity.models import PendingSignIn, Session, SessionUse
from cms.identity.nonces import is_nonce, nonce_for
from cms.identity.secrets import SecretKey
from cms.identity.session_cookies import COOKIE, clear_cookie, secret_in, set_cookie
from cms.identity.standing import GRANTS, person_of, with_facts
from cms.kernel.actors import Actor, Authentication, Method
from cms.kernel.declarations import Job

__all__ = [
    "COOKIE",
    "JOBS",
    "OpenedSession",
    "OwnSession",
    "actor_of_session",
    "clear_cookie",
    "end_session",
    "end_session_of",
    "is_nonce",
    "nonce_for",
    "own_session",
    "own_sessions",
    "rotate_session",
    "secret_in",
    "set_cookie",
    "start_session",
]

NOTE_EVERY = timedelta(minutes=1)
KEPT = timedelta(days=90)
_LONGEST_AGENT = 300

_BY_SECRET = Query(
    text(
        f"""
    select u.id, s.id as credential, s.factors, s.authenticated_at, n.last_seen_at, {GRANTS}
    from cms.sessions s
    join cms.users u on u.tenant_id = s.tenant_id and u.id = s.user_id
    join cms.session_uses n on n.tenant_id = s.tenant_id and n.session_id = s.id
    where s.tenant_id = :tenant and s.digest = :digest and u.is_active
      and s.revoked_at is null and s.expires_at > :now
      and (s.is_remembered or n.last_seen_at > :idle_since)
    """  # noqa: S608 - constants only
    )
)


@dataclass(frozen=True)
class OpenedSession:
    """The secret is shown this once, to the browser of the person."""

    secret: str
    id: UUID
    user_id: int
    expires_at: datetime
    factors: frozenset[str]
    is_remembered: bool = False


@dataclass(frozen=True)
class OwnSession:
    """One that lives, as its person sees it."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    factors: list[str]
    is_remembered: bool
    user_agent: str
    ip: str | None
    is_current: bool


async def start_session(
    work: UnitOfWork,
    key: SecretKey,
    user_id: int,
    factors: frozenset[str],
    *,
    is_remembered: bool = False,
) -> OpenedSession:
    """A new session of a person who has just proved by these factors (RFC 8176) who she is."""
    site = work.tenant.site
    hours, days = timedelta(hours=site.session_hours), timedelta(days=site.session_remember_days)
    opened = OpenedSession(
        _new_secret(),
        uuid4(),
        user_id,
        work.now + (days if is_remembered else hours),
        factors,
        is_remembered,
    )
    work.session.add(_row(work, key, opened))
    await work.session.flush()
    work.session.add(
        SessionUse(tenant_id=work.tenant_id, session_id=opened.id, last_seen_at=work.now)
    )
    await work.emit(SignedIn(user_id=user_id, method=Method.SESSION))
    return opened


def _row(work: UnitOfWork, key: SecretKey, opened: OpenedSession) -> Session:
    return Session(
        tenant_id=work.tenant_id,
        id=opened.id,
        user_id=opened.user_id,
        digest=_digest(key, opened.secret),
        factors=sorted(opened.factors),
        is_remembered=opened.is_remembered,
        authenticated_at=work.now,
        created_at=work.now,
        expires_at=opened.expires_at,
        user_agent=(work.request.user_agent or "")[:_LONGEST_AGENT],
        ip=work.request.ip,
    )


def _new_secret() -> str:
    """256 bits; the prefix lets secret scanners find a leaked one."""
    return "cmss_" + secrets.token_urlsafe(32)


def _digest(key: SecretKey, secret: str) -> bytes:
    return key.digest(f"session:{secret}")


async def actor_of_session(work: UnitOfWork, key: SecretKey, secret: str) -> Actor | None:
    """Whose session it is; None when there is no such session, or it has ended by its person, by
    its time, or because nobody used it."""
    idle = timedelta(minutes=work.tenant.site.session_idle_minutes)
    rows = await work.fetch(
        _BY_SECRET,
        tenant=work.tenant_id,
        digest=_digest(key, secret),
        now=work.now,
        idle_since=work.now - idle,
    )
    if not rows:
        return None
    (row,) = rows
    _note_use(work, row.credential, row.last_seen_at)
    proof = Authentication(
        Method.SESSION, frozenset(row.factors), row.authenticated_at, str(row.credential)
    )
    return await with_facts(work, person_of(row, proof), row.id)


def _note_use(work: UnitOfWork, session_id: UUID, last_seen_at: datetime) -> None:
    """Keep that the session is used, once a minute at most and as the last step of the work.
    Whoever finds the row locked leaves it to the request that locks it."""
    if work.now - last_seen_at < NOTE_EVERY:
        return
    free = (
        select(SessionUse.session_id)
        .where(SessionUse.tenant_id == work.tenant_id, SessionUse.session_id == session_id)
        .with_for_update(skip_locked=True)
    )

    async def keep() -> None:
        await work.execute(
            update(SessionUse)
            .where(SessionUse.tenant_id == work.tenant_id, SessionUse.session_id.in_(free))
            .values(last_seen_at=func.greatest(SessionUse.last_seen_at, work.now))
        )

    work.before_commit(f"session {session_id}", keep)


async def rotate_session(
    work: UnitOfWork, key: SecretKey, factors: frozenset[str]
) -> OpenedSession:
    """The session of this request with another secret, its factors given just now. Of two that
    renew it at once one is refused (Unauthenticated): the browser holds one secret."""
    proof, secret = work.actor.authentication, _new_secret()
    row = None
    if proof.method is Method.SESSION and proof.credential is not None:
        changed = await work.execute(
            update(Session)
            .where(*_living(work, UUID(proof.credential)), Session.authenticated_at == proof.at)
            .values(digest=_digest(key, secret), factors=sorted(factors), authenticated_at=work.now)
            .returning(Session.id, Session.user_id, Session.expires_at, Session.is_remembered)
        )
        row = changed.one_or_none()
    if row is None:
        raise Unauthenticated("The session has ended or was renewed meanwhile. Sign in again.")
    work.actor = replace(work.actor, authentication=replace(proof, factors=factors, at=work.now))
    await work.emit(SessionRenewed(user_id=row.user_id))
    return OpenedSession(secret, row.id, row.user_id, row.expires_at, factors, row.is_remembered)


def _living(work: UnitOfWork, session_id: UUID) -> tuple[Any, ...]:
    return (
        Session.tenant_id == work.tenant_id,
        Session.id == session_id,
        Session.revoked_at.is_(None),
        Session.expires_at > work.now,
    )


async def end_session(work: UnitOfWork) -> None:
    """End the session of this request; nothing where it came with none that lives."""
    proof = work.actor.authentication
    if proof.method is Method.SESSION and proof.credential is not None:
        await _end(work, UUID(proof.credential))


async def end_session_of(work: UnitOfWork, session_id: UUID) -> None:
    """End one of one's own sessions, such as that of a lost telephone; NotFound for others'."""
    if not await _end(work, session_id):
        raise NotFound("session", session_id)


async def _end(work: UnitOfWork, session_id: UUID) -> bool:
    session: Session | None = await work.entity(
        select(Session)
        .where(*_living(work, session_id), Session.user_id == work.actor.user_id)
        .with_for_update()
    )
    if session is None:
        return False
    session.revoked_at = work.now
    await work.emit(SignedOut(user_id=session.user_id))
    return True


async def own_sessions(work: UnitOfWork) -> list[OwnSession]:
    """Those of the actor that live, the one used last first."""
    rows = await work.all(_of_actor(work))
    return [_own(session, seen, work.actor.authentication) for session, seen in rows]


async def own_session(work: UnitOfWork, session_id: UUID) -> OwnSession:
    """One of the actor's that lives, or NotFound."""
    row = await work.one(_of_actor(work).where(Session.id == session_id))
    if row is None:
        raise NotFound("session", session_id)
    return _own(row[0], row.last_seen_at, work.actor.authentication)


def _of_actor(work: UnitOfWork) -> Select[Session, datetime]:
    idle = timedelta(minutes=work.tenant.site.session_idle_minutes)
    return (
        select(Session, SessionUse.last_seen_at)
        .join(
            SessionUse,
            (SessionUse.tenant_id == Session.tenant_id) & (SessionUse.session_id == Session.id),
        )
        .where(
            Session.tenant_id == work.tenant_id,
            Session.user_id == work.actor.user_id,
            Session.revoked_at.is_(None),
            Session.expires_at > work.now,
            or_(Session.is_remembered, SessionUse.last_seen_at > work.now - idle),
        )
        .order_by(SessionUse.last_seen_at.desc(), Session.id)
    )


def _own(session: Session, last_seen_at: datetime, proof: Authentication) -> OwnSession:
    return OwnSession(
        session.id,
        session.created_at,
        last_seen_at,
        session.expires_at,
        session.factors,
        session.is_remembered,
        session.user_agent,
        session.ip,
        proof.method is Method.SESSION and proof.credential == str(session.id),
    )


async def forget_sessions(work: UnitOfWork) -> None:
    """Erase what is older than ninety days, with the addresses and browsers that it names."""
    oldest = work.now - KEPT
    pending = PendingSignIn.tenant_id == work.tenant_id, PendingSignIn.created_at < oldest
    await work.execute(delete(PendingSignIn).where(*pending))
    rows = await work.all(
        select(Session.id).where(Session.tenant_id == work.tenant_id, Session.created_at < oldest)
    )
    old = [row.id for row in rows]
    for model, of in ((SessionUse, SessionUse.session_id), (Session, Session.id)):
        if old:
            await work.execute(delete(model).where(model.tenant_id == work.tenant_id, of.in_(old)))
    if old:
        await work.emit(SessionsForgotten(after={"count": len(old)}))


JOBS = (Job("forget_sessions", forget_sessions, cron="17 3 * * *"),)
