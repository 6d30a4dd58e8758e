"""The application for servers that start several processes, such as granian."""

import asyncio
from collections.abc import MutableMapping
from contextlib import AsyncExitStack
from typing import Any

from cms.app import build_app
from cms.cli_support import load_settings
from cms.host import addresses, open_host
from cms.rest.front import App, Receive, Scope, Send


class _Application:
    """Opens its host with the server's lifespan: connections belong to the loop they serve."""

    def __init__(self) -> None:
        self._app: App | None = None
        self._stack = AsyncExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._app is not None:
            await self._app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message: MutableMapping[str, Any] = await receive()
            if message["type"] == "lifespan.startup":
                await self._open()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._stack.aclose()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _open(self) -> None:
        settings = load_settings()
        where = await asyncio.to_thread(addresses, settings)
        host = await self._stack.enter_async_context(open_host(settings, where))
        self._app = build_app(host)


application = _Application()
