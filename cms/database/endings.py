"""How a commit ended that was answered by an error."""

from sqlalchemy.exc import DBAPIError

from cms.kernel.work import Ending


def ending_by(error: BaseException) -> Ending:
    """An answer of the server says that it refused; without one nobody knows."""
    refused = isinstance(error, DBAPIError) and not error.connection_invalidated
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    # Class 08 is a lost connection; 57P01 … 57P03 a server that goes down under its clients.
    is_answer = refused and state is not None and state[:2] != "08" and state[:4] != "57P0"
    return Ending.ROLLED_BACK if is_answer else Ending.UNKNOWN
