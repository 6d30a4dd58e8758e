"""A server that writes exactly the bytes it is told to, over TCP or TLS."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

Script = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Council:
    """`answers` are played one a connection; the last is repeated."""

    port: int = 0
    scheme: str = "http"
    asked: list[bytes] = field(default_factory=list)
    answers: list[Script] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}/service"

    def will(self, *answers: Script) -> None:
        self.answers = list(answers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                request = await _request(reader)
                answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
                self.asked.append(request)
                await answer(request, writer)
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return head + await reader.readexactly(int(line.partition(b":")[2]))
    return head


@contextlib.asynccontextmanager
async def opened(tls: ssl.SSLContext | None = None) -> AsyncIterator[Council]:
    council = Council(scheme="https" if tls else "http")
    talks: list[asyncio.Task[None]] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(asyncio.create_task(council.serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    council.port = server.sockets[0].getsockname()[1]
    try:
        yield council
    finally:
        server.close()
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


def reply(
    body: bytes, kind: str = "text/xml; charset=utf-8", status: str = "200 OK", **headers: str
) -> Script:
    """A whole answer with its length."""

    async def write(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(head_of(len(body), kind, status, **headers) + body)

    return write


def head_of(length: int, kind: str, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {length}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


async def silence(_: bytes, writer: asyncio.StreamWriter) -> None:
    """Takes the question and never answers."""
    await asyncio.sleep(3600)


async def dripping(_: bytes, writer: asyncio.StreamWriter) -> None:
    """One byte now and then: each read is in time, the whole never is."""
    writer.write(head_of(1000, "text/xml"))
    for _number in range(100):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def reset(_: bytes, writer: asyncio.StreamWriter) -> None:
    """Half of a body, and then the connection is torn down."""
    writer.write(head_of(1000, "text/xml") + b"<half")
    await writer.drain()
    writer.transport.abort()


def truncated(body: bytes, kind: str = "text/xml") -> Script:
    """A polite end before the length is reached."""

    async def write(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(head_of(len(body), kind) + body[: len(body) // 2])

    return write


def cut(body: bytes, kind: str = "text/xml") -> Script:
    """A truncated body without a length, so that only the content can tell."""

    async def write(_: bytes, writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body[: len(body) // 2])

    return write


def endless(kind: str = "text/xml") -> Script:
    """A body that does not end; the client has to."""

    async def write(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode())
        for _number in range(10_000):
            writer.write(b" " * 65536)
            await writer.drain()

    return write
