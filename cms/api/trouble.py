"""What the database refuses, by SQLSTATE, in words that a person can act on."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cms.errors import CmsError, Conflict, InvalidInput, Unavailable

_AT_ONCE = (
    "Somebody else saved the same thing at the same time; nothing of this request was saved. "
    "Read it again and repeat what is still needed."
)
# unique_violation, serialization_failure, deadlock_detected, lock_not_available
_COLLISIONS = frozenset({"23505", "40001", "40P01", "55P03"})
# connection lost, database gone, resources short, closed to connections, server stopping
_ABSENCES = ("08", "3D", "53", "55000", "57P")
_DATA = "22"


def known_trouble(error: Exception) -> CmsError | None:
    """The error that a person is told, or None when the fault is ours."""
    if isinstance(error, PoolTimeout | OSError) or _is_lost(error):
        return Unavailable(
            "The database does not answer; nothing was saved. Repeat the request in a minute."
        )
    state = _state(error)
    if state in _COLLISIONS:
        return Conflict(_AT_ONCE)
    if state.startswith(_DATA):
        return InvalidInput({"request": "holds a value that the database cannot keep"})
    return None


def _is_lost(error: Exception) -> bool:
    is_cut = isinstance(error, DBAPIError) and error.connection_invalidated
    return is_cut or _state(error).startswith(_ABSENCES)


def _state(error: Exception) -> str:
    """SQLSTATE of the error, also of one that SQLAlchemy has wrapped or asyncpg raised itself."""
    cause: object = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlstate", None) or "")
