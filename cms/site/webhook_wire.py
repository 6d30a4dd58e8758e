"""One HTTP request to a subscriber, who is a stranger: never into a private network, not even when
the name server changes its mind between the question and the connection.

The name is resolved here, every address that it has is looked at, and the connection is made to the
address that was looked at; the certificate is still that of the name.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import httpx

Address = IPv4Address | IPv6Address

# IPv4 inside of IPv6, whose gateways would lead to where no public address leads.
_WRAPPED = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))


@dataclass(frozen=True)
class Sent:
    """How an attempt went: the status of the answer, or the kind of fault. No text of the answer is
    kept: it is the subscriber's, and could be anything."""

    status: int | None
    fault: str
    duration_ms: int

    @property
    def is_accepted(self) -> bool:
        return not self.fault


class Refused(Exception):
    """No request was made: the address may not be reached."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


async def send(
    url: str, body: bytes, headers: Mapping[str, str], *, networks: Sequence[str], seconds: float
) -> Sent:
    """Post the body. `seconds` is all the time there is, from the name to the answer's status."""
    started = time.perf_counter()
    status, fault = None, ""
    try:
        async with asyncio.timeout(seconds):
            status = await _exchange(url, body, headers, networks)
        fault = _fault_of(status)
    except Refused as refused:
        fault = refused.fault
    except (TimeoutError, httpx.TimeoutException):
        fault = "time-out"
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        fault = _kind(error)
    return Sent(status, fault, round((time.perf_counter() - started) * 1000))


def _fault_of(status: int) -> str:
    if 200 <= status < 300:
        return ""
    # Where it leads was not looked at; the subscription must name the right address.
    return "redirect" if 300 <= status < 400 else "http-status"


async def _exchange(
    url: str, body: bytes, headers: Mapping[str, str], networks: Sequence[str]
) -> int:
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = await reachable(host, port, networks)
    if parts.scheme != "https" and not is_among(address, networks):
        raise Refused("insecure-address")
    place = httpx.URL(url).copy_with(host=str(address))
    extensions: dict[str, Any] = {"sni_hostname": host}
    async with (
        # Proxies and .netrc of the environment are not asked.
        httpx.AsyncClient(verify=trust(), trust_env=False, timeout=None) as client,  # noqa: S113
        client.stream(
            "POST",
            place,
            content=body,
            headers={**headers, "Host": parts.netloc, "Accept-Encoding": "identity"},
            follow_redirects=False,
            extensions=extensions,
        ) as response,
    ):
        # The body is not read: it may be endless.
        return response.status_code


@cache
def trust() -> ssl.SSLContext:
    """The authorities of this machine; reading them takes long enough to be done once."""
    return ssl.create_default_context()


async def reachable(host: str, port: int, networks: Sequence[str]) -> Address:
    """An address of the host. Refused when one of them may not be reached: a name that leads to
    both sides of the wall has been made for that."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused("unknown-host") from None
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not addresses:
        raise Refused("unknown-host")
    if not all(is_public(one) or is_among(one, networks) for one in addresses):
        raise Refused("private-address")
    return addresses[0]


def is_public(address: Address) -> bool:
    """Whether anybody on the internet could reach it."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _WRAPPED):
            return False
    return address.is_global and not address.is_multicast


def is_among(address: Address, networks: Sequence[str]) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any((mapped or address) in ip_network(network) for network in networks)


def _kind(error: BaseException) -> str:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return "certificate"
        seen = seen.__cause__ or seen.__context__
    if isinstance(error, httpx.ConnectError):
        return "unreachable"
    return "insecure-address" if isinstance(error, httpx.InvalidURL) else "connection-lost"
