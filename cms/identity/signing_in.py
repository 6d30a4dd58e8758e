"""Signing a browser in."""

from cms.database.work import UnitOfWork
from cms.identity.passwords import admit, person_by_password
from cms.identity.secrets import SecretKey
from cms.identity.sessions import OpenedSession, end_session, start_session

PASSWORD = frozenset({"pwd"})
"""RFC 8176 authentication method reference."""


async def sign_in_browser(
    work: UnitOfWork, key: SecretKey, login: str, password: str, *, is_remembered: bool = False
) -> OpenedSession | None:
    """A session against login and password; None when refused. The refusal is recorded, so the
    caller commits either way. What session the browser had before is ended."""
    user = await person_by_password(work, login, password)
    if user is None:
        return None
    await end_session(work)
    admit(work, user)
    return await start_session(work, key, user.id, PASSWORD, is_remembered=is_remembered)
