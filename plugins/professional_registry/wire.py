"""Questions to a council's service over HTTPS, and everything that can go wrong on the way.

Knows nothing of the CMS. A question carries keys and, once, a CPF; so it never shows what it holds,
and a fault is told by its kind, never by the text of a library, which may quote the question.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cache
from time import time
from typing import Protocol
from urllib.parse import urlsplit

import httpx

LARGEST = 512 * 1024
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class Fault(StrEnum):
    """Why a source said nothing that can be used; the value stands in answers and in the audit."""

    TIME_OUT = "time-out"
    UNREACHABLE = "unreachable"
    CONNECTION_LOST = "connection-lost"
    CERTIFICATE = "certificate"
    INSECURE = "insecure-address"
    REDIRECT = "redirect"
    HTTP_STATUS = "http-status"
    TOO_MANY = "too-many-questions"
    TOO_LARGE = "too-large"
    WRONG_TYPE = "wrong-content-type"
    MALFORMED = "malformed"
    ENTITIES = "document-type"
    KEY_MISSING = "key-missing"
    KEY_REFUSED = "key-refused"
    REFUSED = "question-refused"
    TRANSIENT = "transient"
    CLOCK = "clock"
    CIRCUIT_OPEN = "circuit-open"
    BUSY = "rate-limit"

    @property
    def may_pass(self) -> bool:
        """Whether asking again within seconds can help; a certificate does not heal by itself."""
        return self in _PASSING


_PASSING = frozenset(
    {
        Fault.TIME_OUT,
        Fault.UNREACHABLE,
        Fault.CONNECTION_LOST,
        Fault.HTTP_STATUS,
        Fault.TOO_MANY,
        Fault.TRANSIENT,
    }
)


class SourceFault(Exception):
    """A source did not answer the question."""

    def __init__(self, fault: Fault, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(f"{fault.value}{f': {detail}' if detail else ''}")
        self.fault = fault
        self.retry_after = retry_after


@dataclass(frozen=True)
class Question:
    """One HTTP request. `accepts` are the content types that an answer may have."""

    method: str
    url: str
    accepts: tuple[str, ...]
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    # SOAP 1.1 tells its faults with status 500 (§6.2), and then the body says which.
    statuses: tuple[int, ...] = (200,)


@dataclass(frozen=True)
class Reply:
    """A whole answer of an accepted status and type, not larger than LARGEST. The names of its
    headers are in lower case."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class Wire(Protocol):
    """Whatever carries a question to the service; `seconds` is all the time that it has."""

    async def send(self, question: Question, seconds: float) -> Reply: ...


class HttpsWire:
    """The real one. A connection for each question: at a few a second a pool would save little, and
    the next event loop of the process would inherit it."""

    def __init__(self, time_out: float, ca_file: str = "") -> None:
        self._time_out = time_out
        self._ca_file = ca_file

    async def send(self, question: Question, seconds: float) -> Reply:
        """The reply, or SourceFault; plain HTTP leaves this machine never."""
        _refuse_insecure(question.url)
        try:
            # The time-outs of the client count each read; a dripping server is stopped by this one.
            async with asyncio.timeout(min(seconds, self._time_out)):
                return await self._exchange(question)
        except (TimeoutError, httpx.TimeoutException):
            raise SourceFault(Fault.TIME_OUT) from None
        except httpx.InvalidURL:
            raise SourceFault(Fault.INSECURE, "the address is not one") from None
        except httpx.HTTPError as error:
            raise SourceFault(_kind(error)) from None

    async def _exchange(self, question: Question) -> Reply:
        async with (
            # Proxies and .netrc of the environment are not asked: they would see the key.
            httpx.AsyncClient(verify=_trust(self._ca_file), trust_env=False) as client,
            client.stream(
                question.method,
                question.url,
                params=question.parameters or None,
                headers={"Accept-Encoding": "identity", **question.headers},
                content=question.body,
                timeout=self._time_out,
                follow_redirects=False,
            ) as response,
        ):
            _refuse_unusable(question, response)
            body = await _read(response.aiter_raw())
            return Reply(response.status_code, body, dict(response.headers))


@cache
def _trust(ca_file: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file or None)
    except OSError:
        raise SourceFault(Fault.CERTIFICATE, "ca_file holds no certificates") from None


def _refuse_insecure(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise SourceFault(Fault.INSECURE, "the address is not one") from None
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise SourceFault(Fault.INSECURE, "the address must begin with https://")


def _refuse_unusable(question: Question, response: httpx.Response) -> None:
    status = response.status_code
    if status in {401, 403}:
        raise SourceFault(Fault.KEY_REFUSED, str(status))
    if status == 429:
        raise SourceFault(Fault.TOO_MANY, "429", _retry_after(response))
    if 300 <= status < 400:
        raise SourceFault(Fault.REDIRECT, str(status))
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    is_expected = kind in question.accepts and not response.headers.get("Content-Encoding")
    if status not in question.statuses or (status >= 500 and not is_expected):
        raise SourceFault(Fault.HTTP_STATUS, str(status), _retry_after(response))
    if not is_expected:
        raise SourceFault(Fault.WRONG_TYPE)


async def _read(chunks: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > LARGEST:
            raise SourceFault(Fault.TOO_LARGE, f"more than {LARGEST} bytes")
    return bytes(body)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds (RFC 9110 §10.2.3 allows a date too); None when it is absent or nonsense."""
    written = response.headers.get("Retry-After", "")
    if written.isascii() and written.isdigit():
        return float(written[:9])
    try:
        return max(0.0, parsedate_to_datetime(written).timestamp() - time())
    except (ValueError, OverflowError):
        return None


def _kind(error: httpx.HTTPError) -> Fault:
    if isinstance(error, httpx.ConnectError):
        return Fault.CERTIFICATE if _is_about_tls(error) else Fault.UNREACHABLE
    if isinstance(error, httpx.TransportError):
        return Fault.CONNECTION_LOST
    return Fault.MALFORMED


def _is_about_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
