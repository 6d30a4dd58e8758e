"""A real browser for the editor, and pages that load what was built of it.

It starts once for all tests of this folder, so they share its event loop.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.editor.building import FRONTEND, built
from tests.editor.page import Site, serving
from tests.support.chromium_process import CHROMIUM

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield opened
        await opened.close()


@pytest.fixture(scope="session")
def laws_script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(HERE / "laws.ts", tmp_path_factory.mktemp("laws"), "--format=iife")


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with editor.js and app.css, as `make assets` builds them."""
    folder = tmp_path_factory.mktemp("assets")
    built(FRONTEND / "src" / "editor.ts", folder, "--minify")
    built(FRONTEND / "styles" / "app.css", folder)
    return folder


@pytest_asyncio.fixture(loop_scope="session")
async def laws(browser: Browser, laws_script: Path) -> Page:
    """A page that knows the laws: `await laws.evaluate("s => laws.faults(s)", text)`."""
    page = await browser.new_page()
    await page.set_content("<!doctype html><title>laws</title>")
    await page.add_script_tag(path=laws_script)
    return page


@pytest.fixture
def site(assets: Path) -> Iterator[Site]:
    """A page with a form around the editor. Nothing may complain while it is used."""
    with serving(assets) as served:
        yield served
    assert served.complaints == []


_SELECTED = """() => {
    const { from, to } = document.querySelector('cms-editor').view.state.selection
    return [from, to]
}"""
# Two frames and a turn of the loop: what was waiting has been heard by then.
_SETTLED = """() => new Promise((done) => requestAnimationFrame(() =>
    requestAnimationFrame(() => setTimeout(done, 30))))"""


class Writing:
    """Somebody at the editor."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site
        self.keys = page.keyboard

    async def value(self) -> str:
        # A dialog that was answered is heard of a moment later.
        await self.page.wait_for_selector(".cms-editor-dialog", state="detached")
        found: str = await self.page.evaluate("document.querySelector('cms-editor').value")
        return found

    async def call(self, method: str, *given: Any) -> Any:
        """A method of the element, or what a property of it is."""
        script = """([name, given]) => {
            const element = document.querySelector('cms-editor')
            return typeof element[name] === 'function' ? element[name](...given) : element[name]
        }"""
        return await self.page.evaluate(script, [method, list(given)])

    async def at(self, selector: str, *, end: bool = True) -> None:
        """Puts the cursor at the end (or start) of the first such element."""
        script = """([selector, isEnd]) => {
            const { view } = document.querySelector('cms-editor')
            const element = view.dom.querySelector(selector)
            const start = view.posAtDOM(element, 0)
            const size = view.state.doc.resolve(start).parent.content.size
            const { tr, selection } = view.state
            const at = view.state.doc.resolve(start + (isEnd ? size : 0))
            view.dispatch(tr.setSelection(selection.constructor.near(at, isEnd ? -1 : 1)))
            view.focus()
        }"""
        await self._placed(script, [selector, end])

    async def select(self, selector: str, start: int, end: int) -> None:
        """Selects from one place to another in the text of the first such element."""
        script = """([selector, from, to]) => {
            const { view } = document.querySelector('cms-editor')
            const start = view.posAtDOM(view.dom.querySelector(selector), 0)
            const { doc, tr, selection } = view.state
            const cursor = selection.constructor
            view.dispatch(tr.setSelection(
                cursor.between(doc.resolve(start + from), doc.resolve(start + to))))
            view.focus()
        }"""
        await self._placed(script, [selector, start, end])

    async def _placed(self, script: str, given: Any) -> None:
        """A dialog that has just closed may give the focus back, with the selection of before, a
        moment later: a place counts once it is still the same when the browser has settled."""
        for _ in range(50):
            await self.page.evaluate(script, given)
            before = await self.page.evaluate(_SELECTED)
            await self.page.evaluate(_SETTLED)
            if await self.page.evaluate(_SELECTED) == before:
                return
        raise AssertionError("the selection does not settle")

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.keys.press(key)

    async def type(self, text: str) -> None:
        await self.keys.type(text)

    async def paste(self, html: str, text: str = "") -> None:
        """Pastes as a browser does: an event with both kinds of data."""
        script = """([html, text]) => {
            const { view } = document.querySelector('cms-editor')
            const data = new DataTransfer()
            data.setData('text/html', html)
            data.setData('text/plain', text)
            const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true,
                                                        cancelable: true })
            view.dom.dispatchEvent(event)
        }"""
        await self.page.evaluate(script, [html, text])

    async def answer(self, *keys: str, button: str = "") -> None:
        """Ends a dialog by keys or one of its buttons, and waits until what follows is done."""
        await self.press(*keys)
        if button:
            await self.page.click(f"dialog button[value={button}]")
        await self.page.wait_for_selector("dialog", state="detached")

    async def said(self, part: str) -> None:
        """Waits until the line for screen readers says it."""
        await self.page.wait_for_function(
            "part => document.querySelector('.cms-editor-status').textContent.includes(part)",
            arg=part,
        )

    async def draft(self, key: str) -> Any:
        """What the browser keeps of the text, or None."""
        return await self.page.evaluate(
            """(key) => new Promise((resolve) => {
                const request = indexedDB.open('cms-drafts', 1)
                request.onupgradeneeded = () =>
                    request.result.createObjectStore('drafts', { keyPath: 'key' })
                request.onsuccess = () => {
                    const store = request.result.transaction('drafts').objectStore('drafts')
                    const found = store.get(key)
                    found.onsuccess = () => {
                        request.result.close()
                        resolve(found.result?.content ?? null)
                    }
                }
            })""",
            key,
        )


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser, site: Site) -> AsyncIterator[BrowserContext]:
    made = await browser.new_context(base_url=site.url, locale="pt-BR")
    made.on("console", lambda message: site.complaints.append(message.text))
    made.on("weberror", lambda error: site.complaints.append(str(error.error)))
    yield made
    await made.close()


async def opened(context: BrowserContext, site: Site) -> Writing:
    page = await context.new_page()
    await page.goto("/")
    await page.wait_for_selector(".ProseMirror")
    return Writing(page, site)


@pytest.fixture
def write(context: BrowserContext, site: Site) -> Any:
    """`await write(source)` opens the page with this text."""

    async def write(source: str = "", base: str = "a1") -> Writing:
        site.source, site.base = source, base
        return await opened(context, site)

    return write
