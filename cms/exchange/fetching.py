"""One file from the old site, which is a stranger: in limits of size and time, and never out of a
private network unless the operator says which."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from cms.exchange.errors import NoFile
from cms.site.webhook_wire import Refused, reachable, trust

_MOST_HOPS = 3


async def fetch(
    url: str, into: Path, *, most_bytes: int, seconds: float, networks: Sequence[str]
) -> None:
    """Get the file. NoFile says why not; `seconds` is all the time there is."""
    try:
        async with asyncio.timeout(seconds):
            for _ in range(_MOST_HOPS):
                following = await _once(url, into, most_bytes, networks)
                if following is None:
                    return
                url = following
        raise NoFile("it was not downloaded: too many redirects")
    except Refused as refused:
        raise NoFile(f"it was not downloaded: {refused.fault}") from None
    except (TimeoutError, httpx.TimeoutException):
        raise NoFile("it was not downloaded: time-out") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
        raise NoFile("it was not downloaded: the connection failed") from None


async def _once(url: str, into: Path, most_bytes: int, networks: Sequence[str]) -> str | None:
    """One request; the address that it redirects to, which is looked at like the first one."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise NoFile("it was not downloaded: its address is not an http(s) one")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = await reachable(parts.hostname, port, networks)
    extensions: dict[str, Any] = {"sni_hostname": parts.hostname}
    async with (
        httpx.AsyncClient(verify=trust(), trust_env=False, timeout=None) as client,  # noqa: S113
        client.stream(
            "GET",
            httpx.URL(url).copy_with(host=str(address)),
            headers={"Host": parts.netloc, "Accept-Encoding": "identity"},
            follow_redirects=False,
            extensions=extensions,
        ) as response,
    ):
        if response.is_redirect:
            return str(httpx.URL(url).join(response.headers.get("location", "")))
        if response.status_code != 200:
            raise NoFile(f"it was not downloaded: the old site answers {response.status_code}")
        await _store(response, into, most_bytes)
    return None


async def _store(response: httpx.Response, into: Path, most_bytes: int) -> None:
    count = 0
    with into.open("wb") as file:
        async for chunk in response.aiter_raw():
            count += len(chunk)
            if count > most_bytes:
                raise NoFile(f"it was not downloaded: it is larger than {most_bytes} bytes")
            await asyncio.to_thread(file.write, chunk)
