"""A real browser at a real server on loopback; what it complains of fails the test."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg
import uvicorn
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from cms.identity.sessions import COOKIE
from tests.support.browsing import session_of
from tests.support.chromium_process import chromium_url
from tests.support.clinic import Clinic, Person

# Milliseconds: no test fails because the machine is busy.
_PATIENCE = 60_000
expect.set_options(timeout=_PATIENCE)


@dataclass
class Site:
    """A clinic's site, served. `complaints`: everything that a browser should never say."""

    clinic: Clinic
    url: str
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    async def page(
        self,
        person: Person | None = None,
        *,
        language: str = "en",
        scripts: bool = True,
        **options: Any,
    ) -> Page:
        """A window of its own; signed in when a person is given."""
        context = await self.browser.new_context(
            base_url=self.url, locale=language, java_script_enabled=scripts, **options
        )
        if person is not None:
            await self.sign_in(context, person)
        self._listen(context)
        page = await context.new_page()
        page.set_default_timeout(_PATIENCE)
        return page

    async def sign_in(self, context: BrowserContext, person: Person) -> None:
        """The cookie of a session that began just now."""
        opened = await session_of(self.clinic, person)
        host = urlsplit(self.url)
        await context.add_cookies(
            [
                {
                    "name": COOKIE,
                    "value": opened.secret,
                    # Browsers keep the cookie of a session for this machine by http too.
                    "url": f"https://{host.netloc}",
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )

    def _listen(self, context: BrowserContext) -> None:
        def console(message: Any) -> None:
            # An answer such as 409 is told of by the browser itself; the page shows it to people.
            if message.type in {"error", "warning"} and "the server responded" not in message.text:
                self.complaints.append(f"console {message.type}: {message.text}")

        def request(asked: Any) -> None:
            parts = urlsplit(asked.url)
            if parts.scheme in {"http", "https"} and parts.netloc != urlsplit(self.url).netloc:
                self.complaints.append(f"asked another host: {asked.url}")

        context.on("console", console)
        context.on("weberror", lambda raised: self.complaints.append(f"error: {raised.error}"))
        context.on("request", request)


async def drag(page: Page, handle: Locator, target: Locator) -> None:
    """Drag by the mouse to the upper edge of something."""
    # A page that is still coming moves below the pointer to what its address names.
    await page.wait_for_load_state()
    await handle.hover()
    await page.mouse.down()
    await target.hover(position={"x": 40, "y": 6})
    await page.mouse.up()


async def drag_by_finger(page: Page, handle: Locator, target: Locator) -> None:
    """The same on a screen that is touched."""
    await page.wait_for_load_state()
    await handle.scroll_into_view_if_needed()
    begin, end = await handle.bounding_box(), await target.bounding_box()
    assert begin is not None
    assert end is not None
    x, y = begin["x"] + begin["width"] / 2, begin["y"] + begin["height"] / 2
    way = [(x, y - 12), (end["x"] + 40, end["y"] + 6)]
    fingers = await page.context.new_cdp_session(page)
    for kind, points in (
        ("touchStart", [(x, y)]),
        *(("touchMove", [point]) for point in way),
        ("touchEnd", []),
    ):
        touched = [{"x": across, "y": down} for across, down in points]
        await fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})


@asynccontextmanager
async def browsing(clinic: Clinic) -> AsyncIterator[Site]:
    """Serve the clinic on 127.0.0.1 and open a browser; at the end nothing was complained of."""
    with psycopg.connect(clinic.host.addresses.owner, autocommit=True) as connection:
        connection.execute(
            "insert into cms.tenant_hosts (host, tenant_id) values ('127.0.0.1', %s)",
            [clinic.tenant.id],
        )
    clinic.host.tenants.forget()
    async with _served(clinic.app) as url, async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium_url(), timeout=_PATIENCE)
        site = Site(clinic, url, browser)
        yield site
        await browser.close()
    assert site.complaints == []


@asynccontextmanager
async def _served(app: Any) -> AsyncIterator[str]:
    with socket.socket() as port:
        port.bind(("127.0.0.1", 0))
        port.listen(128)
        config = uvicorn.Config(app, log_level="error", lifespan="off", access_log=False)
        server = uvicorn.Server(config)
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        serving = asyncio.create_task(server.serve(sockets=[port]))
        try:
            yield f"http://127.0.0.1:{port.getsockname()[1]}"
        finally:
            server.should_exit = True
            with suppress(asyncio.CancelledError):
                await serving
