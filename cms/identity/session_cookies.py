"""The cookie that a browser holds of its session."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog

log = structlog.get_logger()

# The prefix binds it to this very host, to https and to all paths (RFC 6265bis §4.1.3.2); browsers
# take it by http too where the host is this machine.
COOKIE = "__Host-cms_session"
# Of a sign-in whose password was right and whose code is awaited.
PENDING = "__Host-cms_sign_in"
_PENDING_LASTS = 300
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Opened(Protocol):
    """What a cookie needs to know of a session."""

    @property
    def secret(self) -> str: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def is_remembered(self) -> bool: ...


def set_cookie(response: Any, opened: Opened, request: Any) -> None:
    """Give the secret to the browser: until it is closed, or, of a session that is remembered, as
    long as that lasts."""
    _warn_of_plain_http(request)
    lasts = int((opened.expires_at - datetime.now(UTC)).total_seconds())
    _send(response, COOKIE, opened.secret, lasts if opened.is_remembered else None)


def clear_cookie(response: Any) -> None:
    """Let the browser forget its session."""
    _send(response, COOKIE, "", 0)


def set_pending_cookie(response: Any, secret: str) -> None:
    """Let the browser remember for five minutes whose password was right."""
    _send(response, PENDING, secret, _PENDING_LASTS)


def clear_pending_cookie(response: Any) -> None:
    _send(response, PENDING, "", 0)


def pending_in(cookies: Mapping[str, str]) -> str | None:
    """The secret of a sign-in that awaits its code."""
    return cookies.get(PENDING) or None


def secret_in(cookies: Mapping[str, str]) -> str | None:
    """The secret that a request came with."""
    return cookies.get(COOKIE) or None


def _send(response: Any, name: str, value: str, max_age: int | None) -> None:
    response.set_cookie(
        key=name,
        value=value,
        max_age=max_age,
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )


def keeps_cookie(request: Any) -> bool:
    """Whether the browser will keep what it is given: by https, or from this machine."""
    return request.url.scheme == "https" or request.url.hostname in _LOOPBACK


def _warn_of_plain_http(request: Any) -> None:
    if not keeps_cookie(request):
        log.warning(
            "a session was opened by plain http: browsers do not keep its cookie. Serve the site "
            "by https, and name the proxy that does so in CMS_TRUSTED_PROXIES"
        )
