"""Writes the pictures of docs/images from a demo clinic of its own: `make screenshots`."""

import asyncio
import io
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from tests.support.chromium_process import chromium_url, close_chromium
from tests.support.installation import Installation, installation

IMAGES = Path(__file__).parents[2] / "docs" / "images"
ROOM = 60 * 1024
"""Bytes that a picture takes at most."""
LANGUAGES = {"en": "en-GB", "pt": "pt-BR"}


class Shot(NamedTuple):
    """A picture: who sees what. The first link from there whose address is `link` and a number is
    followed."""

    name: str
    login: str
    path: str
    link: str = ""


SHOTS = (
    Shot("author-overview", "author", "/admin"),
    Shot("author-editor", "author", "/admin/posts?type=medical_article", "/admin/posts/"),
    Shot("reviewer-queue", "reviewer", "/admin/reviews"),
    Shot("reviewer-review", "reviewer", "/admin/reviews", "/admin/reviews/"),
    Shot("officer-trail", "officer", "/admin/audit"),
    Shot("officer-log", "officer", "/admin/audit/log"),
    Shot("administrator-people", "admin", "/admin/people"),
    Shot("administrator-roles", "admin", "/admin/people/roles"),
)


def main() -> None:
    """Every picture in both languages."""
    IMAGES.mkdir(exist_ok=True)
    with installation() as made:
        made.start()
        try:
            asyncio.run(_take(made))
        finally:
            close_chromium()


async def _take(made: Installation) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.connect_over_cdp(chromium_url())
        for language, locale in LANGUAGES.items():
            for login in dict.fromkeys(shot.login for shot in SHOTS):
                page = await signed_in(browser, made.url, made.credentials[login], locale)
                for shot in SHOTS:
                    if shot.login == login:
                        await _shoot(page, shot, IMAGES / f"{shot.name}.{language}.webp")
                await page.context.close()


async def signed_in(browser: Browser, url: str, person: dict[str, str], locale: str) -> Page:
    """A window of this person, who typed her login and password."""
    context = await browser.new_context(
        base_url=url, locale=locale, viewport={"width": 1200, "height": 800}
    )
    page = await context.new_page()
    await page.goto("/admin/sign-in")
    await page.fill("[name=login]", person["login"])
    await page.fill("[name=password]", person["password"])
    await page.keyboard.press("Enter")
    await page.wait_for_selector("nav.menu")
    return page


async def _shoot(page: Page, shot: Shot, to: Path) -> None:
    await page.goto(shot.path)
    if shot.link:
        links = page.locator("main tbody a, main li a")
        found = await links.evaluate_all("them => them.map(one => one.getAttribute('href'))")
        wanted = [one for one in found if one.removeprefix(shot.link).isdigit()]
        await page.goto(wanted[0])
    await page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(await page.screenshot(animations="disabled")))
    to.write_bytes(_small(picture))
    print(f"{to.name}: {to.stat().st_size} bytes")


def _small(picture: Image.Image) -> bytes:
    """As webp, as good as the room allows."""
    for quality in (85, 70, 55, 40):
        written = io.BytesIO()
        picture.save(written, "webp", quality=quality, method=6)
        if written.tell() <= ROOM:
            break
    return written.getvalue()


if __name__ == "__main__":
    main()
