"""The witness on a socket: two addresses of HTTP/1.1, and limits for everything that comes in.

No addresses of askers are logged or kept on the disk. Names and certificates are a reverse proxy's
matter; for small places it speaks TLS itself.
"""

import asyncio
import ssl
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import h11
import structlog

from plugins.audit_trail.hashing.extension import LARGEST_EXTENSION
from plugins.audit_trail.witness.answering import Answer, Bucket, Witness

log = structlog.get_logger()

LARGEST_HEADERS = 16_384
_CHUNK = 65_536
_MOST_ASKERS = 4096


@dataclass(frozen=True)
class Limits:
    """`seconds`: all the time that one request has to arrive. `idle`: how long an open connection
    may stay silent. `connections`: at once. `rate`: requests a second of one address."""

    seconds: float = 10.0
    idle: float = 60.0
    connections: int = 128
    rate: float = 20.0


@dataclass
class Server:
    """Answers until it is cancelled."""

    witness: Witness
    limits: Limits = field(default_factory=Limits)
    _open: int = 0
    _askers: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)

    async def listen(
        self, host: str, port: int, tls: ssl.SSLContext | None = None
    ) -> asyncio.Server:
        """Open the socket; the caller waits in `serve_forever`."""
        return await asyncio.start_server(self._meet, host, port, ssl=tls, limit=_CHUNK)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open <= self.limits.connections:
                asker = str((writer.get_extra_info("peername") or ("",))[0])
                with suppress(OSError, TimeoutError, h11.ProtocolError):
                    await self._converse(reader, writer, asker)
        finally:
            self._open -= 1
            writer.close()
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), self.limits.seconds)

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asker: str
    ) -> None:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=LARGEST_HEADERS)
        while True:
            first = await asyncio.wait_for(reader.read(_CHUNK), self.limits.idle)
            if not first:
                return
            try:
                async with asyncio.timeout(self.limits.seconds):
                    request, body = await _request(connection, reader, first)
            except h11.RemoteProtocolError:
                await self._send(connection, writer, _plain(400, "This is not HTTP/1.1."))
                return
            if not self._has_time_for(asker):
                answer = _plain(429, "Too many requests: try again in a second.")
            elif body is None:
                answer = _plain(413, f"The body is larger than {LARGEST_EXTENSION} bytes.")
            else:
                answer = await self._answer(request, body)
            await self._send(connection, writer, answer)
            if body is None or connection.our_state is h11.MUST_CLOSE:
                return
            connection.start_next_cycle()

    async def _answer(self, request: h11.Request, body: bytes) -> Answer:
        path = request.target.decode("ascii", "replace").partition("?")[0]
        task: Callable[[], Answer]
        if path.endswith("/add-checkpoint"):
            if request.method != b"POST":
                return _plain(405, "It takes POST.")
            task = lambda: self.witness.add_checkpoint(body)  # noqa: E731
        elif path.endswith("/checkpoint"):
            if request.method != b"GET":
                return _plain(405, "It takes GET.")
            place = path.rsplit("/", 2)[1]
            task = lambda: self.witness.show(place)  # noqa: E731
        else:
            return _plain(404, "POST …/add-checkpoint, or GET …/<hash of the origin>/checkpoint.")
        try:
            # The disk is waited for, so not on the loop.
            return await asyncio.to_thread(task)
        except Exception:
            log.exception("a request could not be answered")
            return _plain(500, "The witness failed; nothing was signed that is not kept.")

    async def _send(
        self, connection: h11.Connection, writer: asyncio.StreamWriter, answer: Answer
    ) -> None:
        headers = [("Content-Type", answer.media_type), ("Content-Length", str(len(answer.body)))]
        if answer.status == 429:
            headers.append(("Retry-After", "1"))
        with suppress(h11.LocalProtocolError):
            head = h11.Response(status_code=answer.status, headers=headers)
            parts = [head, h11.Data(data=answer.body), h11.EndOfMessage()]
            writer.write(b"".join(connection.send(part) or b"" for part in parts))
            await asyncio.wait_for(writer.drain(), self.limits.seconds)

    def _has_time_for(self, asker: str) -> bool:
        now, most = time.monotonic(), 5 * self.limits.rate
        bucket = self._askers.pop(asker, None) or Bucket(self.limits.rate, most, most, now)
        self._askers[asker] = bucket
        if len(self._askers) > _MOST_ASKERS:
            self._askers.popitem(last=False)
        return bucket.take(now)


async def _request(
    connection: h11.Connection, reader: asyncio.StreamReader, first: bytes
) -> tuple[h11.Request, bytes | None]:
    """The request and its body; None for one that is too large, which is not read to its end."""
    connection.receive_data(first)
    request: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > LARGEST_EXTENSION and request is not None:
                return request, None
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            return request, bytes(body)
        else:
            raise h11.RemoteProtocolError("the connection ended before the request did")


def _plain(status: int, message: str) -> Answer:
    return Answer(status, f"{message}\n".encode())
