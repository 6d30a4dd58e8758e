"""One's own sessions of the web application: /api/v1/sessions."""

from datetime import datetime
from uuid import UUID

import msgspec
from litestar.handlers import HTTPRouteHandler

from cms.api.routing import delete, get
from cms.database.work import UnitOfWork
from cms.identity import sessions
from cms.identity.sessions import OwnSession


class SessionOut(msgspec.Struct, frozen=True):
    """A sign-in of a browser. `factors` are names of RFC 8176; `ip` and `user_agent` are those that
    it was opened from."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    factors: list[str]
    is_remembered: bool
    user_agent: str
    ip: str | None
    is_current: bool


class Sessions(msgspec.Struct, frozen=True):
    """Those that live, the one used last first."""

    sessions: list[SessionOut]


@get("/sessions", action="session.list", resource="session", tags=["sign-in"])
async def list_sessions(work: UnitOfWork) -> Sessions:
    """Where one is signed in."""
    return Sessions([_shown(one) for one in await sessions.own_sessions(work)])


@get("/sessions/{session_id:uuid}", action="session.list", resource="session", tags=["sign-in"])
async def read_session(work: UnitOfWork, session_id: UUID) -> SessionOut:
    return _shown(await sessions.own_session(work, session_id))


@delete(
    "/sessions/{session_id:uuid}",
    action="session.end",
    resource="session",
    status_code=204,
    tags=["sign-in"],
)
async def end_session(work: UnitOfWork, session_id: UUID) -> None:
    """Sign a browser out, such as that of a lost telephone."""
    await sessions.end_session_of(work, session_id)


def _shown(one: OwnSession) -> SessionOut:
    return msgspec.convert(one, SessionOut, from_attributes=True)


SESSION_ROUTES: list[HTTPRouteHandler] = [list_sessions, read_session, end_session]
