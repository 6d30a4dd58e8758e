"""A server that answers everything with one thing, or never."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

Answer = tuple[int, str, bytes] | None


@asynccontextmanager
async def stranger(
    answers: Answer | Callable[[bytes], Answer], heard: list[bytes] | None = None
) -> AsyncIterator[str]:
    """Its address. `answers`: status, type, body, the same for every request or made from its
    body; None keeps silent. `heard` gets the heads of the requests."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            if heard is not None:
                heard.append(head)
            lines = head.lower().split(b"\r\n")
            length = next((int(x[15:]) for x in lines if x.startswith(b"content-length:")), 0)
            asked = await reader.readexactly(length)
            answer = answers(asked) if callable(answers) else answers
            if answer is None:
                await asyncio.sleep(30)
                return
            status, kind, body = answer
            writer.write(
                f"HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nConnection: close\r\n"
                f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
