"""A small closed-loop HTTP/1.1 client: N connections, each sends its next request when answered."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """Latencies in milliseconds of the requests that were answered within the time."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def request_bytes(method: str, path: str, host: str, token: str = "", body: bytes = b"") -> bytes:
    """One request on a connection that stays open."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines.append("Content-Type: application/json")
    return "\r\n".join([*lines, "", ""]).encode() + body


async def drive(
    port: int, make: Callable[[], bytes], *, connections: int, seconds: float, expect: int
) -> Outcome:
    """Send what `make` gives until the time is over; other statuses are counted apart."""
    outcome = Outcome(seconds)
    end = time.perf_counter() + seconds
    await asyncio.gather(*(_one(port, make, end, expect, outcome) for _ in range(connections)))
    return outcome


async def _one(
    port: int, make: Callable[[], bytes], end: float, expect: int, outcome: Outcome
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (started := time.perf_counter()) < end:
        writer.write(make())
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        if int(head[9:12]) == expect:
            outcome.latencies.append((time.perf_counter() - started) * 1000)
        else:
            outcome.refused += 1
    writer.close()
    await writer.wait_closed()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise ValueError("the answer names no length")
