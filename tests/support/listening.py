"""A proxy between a program and PostgreSQL that counts how often the program waits for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.engine import make_url


@dataclass
class Line:
    """The address to connect to, and the round trips so far: turns from the server's word to the
    program's."""

    url: str = ""
    trips: int = 0
    is_program_silent: bool = True


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Line]:
    """Pass everything on, and count."""
    real, line = make_url(url), Line()
    folder = real.query.get("host")
    pumps: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if isinstance(folder, str):
            there = await asyncio.open_unix_connection(
                f"{folder}/.s.PGSQL.{real.query.get('port') or real.port or 5432}"
            )
        else:
            there = await asyncio.open_connection(real.host, real.port or 5432)
        for source, target, is_program in ((reader, there[1], True), (there[0], writer, False)):
            pumps.add(asyncio.create_task(_pump(source, target, line, is_program)))

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    line.url = real.set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
    try:
        yield line
    finally:
        server.close()
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)


async def _pump(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, line: Line, is_program: bool
) -> None:
    try:
        while piece := await source.read(65536):
            if is_program and line.is_program_silent:
                line.trips += 1
            line.is_program_silent = not is_program
            target.write(piece)
            await target.drain()
    finally:
        target.close()
