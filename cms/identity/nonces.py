"""Nonces: what a page of ours knows of its session, and a page of somebody else's does not."""

import hmac
from datetime import datetime, timedelta

from cms.identity.secrets import SecretKey

# As WordPress's: good for the rest of its half day and the whole one after it.
TICK = timedelta(hours=12)
_LENGTH = 20


def nonce_for(key: SecretKey, session_id: str, now: datetime) -> str:
    """The nonce of this session for now: 80 bits, good for 12 to 24 hours, and for requests that
    come with the session's cookie only."""
    return _nonce(key, session_id, _tick(now))


def is_nonce(key: SecretKey, session_id: str, given: str, now: datetime) -> bool:
    """Whether it is the session's nonce of this half day or of the one before."""
    wanted, tick = given.encode("utf-8", "replace"), _tick(now)
    return any(
        hmac.compare_digest(_nonce(key, session_id, one).encode(), wanted)
        for one in (tick, tick - 1)
    )


def _tick(now: datetime) -> int:
    return int(now.timestamp() // TICK.total_seconds())


def _nonce(key: SecretKey, session_id: str, tick: int) -> str:
    return key.digest(f"nonce:{session_id}:{tick}").hex()[:_LENGTH]
