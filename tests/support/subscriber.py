"""A subscriber to webhooks: a real HTTP server on loopback that answers as it is told to."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Heard:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    def is_signed_with(self, secret: str) -> bool:
        """As a receiver checks it who has read nothing but the specification."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        said = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode()
        seal = base64.b64encode(hmac.new(key, said + self.body, hashlib.sha256).digest()).decode()
        return f"v1,{seal}" in self.headers["webhook-signature"].split(" ")


@dataclass
class Subscriber:
    """`answers` are given one a request, the last is repeated: a status, or "slow", "cut" and
    "endless" for a server that is ill."""

    port: int = 0
    answers: list[int | str] = field(default_factory=lambda: [200])
    heard: list[Heard] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=a"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._hear(reader, writer)
        finally:
            writer.transport.abort()

    async def _hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.strip().split("\r\n")
            headers = {n.lower(): v for n, _, v in (line.partition(": ") for line in lines)}
            body = await reader.readexactly(int(headers["content-length"]))
            answer = self.answers[min(len(self.heard), len(self.answers) - 1)]
            self.heard.append(Heard(first.split(" ")[1], headers, body))
            await self._answer(writer, answer)
            writer.close()
            await writer.wait_closed()

    async def _answer(self, writer: asyncio.StreamWriter, answer: int | str) -> None:
        if answer == "slow":
            await asyncio.sleep(3600)
        elif answer == "endless":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")
            while True:
                writer.write(b" " * 65536)
                await writer.drain()
        elif answer != "cut":
            place = "Location: http://127.0.0.1:1/\r\n" if 300 <= int(answer) < 400 else ""
            writer.write(f"HTTP/1.1 {answer} X\r\n{place}Content-Length: 2\r\n\r\nok".encode())
            await writer.drain()


@contextlib.asynccontextmanager
async def subscriber(
    *answers: int | str, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Subscriber]:
    """A server that runs until the end of the block."""
    opened = Subscriber(answers=list(answers) or [200])
    talks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.create_task(opened.serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    opened.port = server.sockets[0].getsockname()[1]
    try:
        yield opened
    finally:
        server.close()
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
