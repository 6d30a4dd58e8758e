"""One request to somebody outside, whom the operator has named: sizes and times have ends, and
every way that it can fail has a name."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import httpx

LARGEST_ANSWER = 1 << 18


class Unanswered(Exception):
    """There is no answer that could be read. `state` names the kind of fault."""

    def __init__(self, state: str, message: str) -> None:
        super().__init__(message)
        self.state = state
        self.message = message


@dataclass(frozen=True)
class Reply:
    """An answer that arrived whole."""

    status: int
    media_type: str
    body: bytes


async def send(
    method: str,
    url: str,
    body: bytes = b"",
    *,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    user: tuple[str, str] | None = None,
) -> Reply:
    """`seconds` is all the time there is, from the name to the last byte. Redirects are not
    followed: what is configured is what is asked."""
    try:
        async with asyncio.timeout(seconds):
            return await _exchange(method, url, body, dict(headers or {}), user)
    except (TimeoutError, httpx.TimeoutException):
        raise Unanswered("time-out", f"no answer within {seconds:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as fault:
        if _is_certificate(fault):
            raise Unanswered("certificate", "its TLS certificate is not trusted") from None
        raise Unanswered("unreachable", "no connection, or it broke off") from None


async def _exchange(
    method: str, url: str, body: bytes, headers: dict[str, str], user: tuple[str, str] | None
) -> Reply:
    async with (
        # Proxies and .netrc of the environment are not asked.
        httpx.AsyncClient(verify=_trust(), trust_env=False, timeout=None, auth=user) as client,  # noqa: S113
        client.stream(method, url, content=body, headers=headers) as response,
    ):
        received = bytearray()
        async for part in response.aiter_bytes():
            received += part
            if len(received) > LARGEST_ANSWER:
                raise Unanswered("too-large", f"the answer is larger than {LARGEST_ANSWER} bytes")
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Reply(response.status_code, media_type, bytes(received))


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _is_certificate(fault: BaseException) -> bool:
    seen: BaseException | None = fault
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
