"""A real browser for the editor, and a page that loads what was built of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from tests.editor.building import built

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield opened
        await opened.close()


@pytest.fixture(scope="session")
def laws_script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(Path(__file__).with_name("laws.ts"), tmp_path_factory.mktemp("laws"))


@pytest.fixture
async def laws(browser: Browser, laws_script: Path) -> Page:
    """A page that knows the laws: `await laws.evaluate("s => laws.faults(s)", text)`."""
    page = await browser.new_page()
    await page.set_content("<!doctype html><title>laws</title>")
    await page.add_script_tag(path=laws_script)
    return page
