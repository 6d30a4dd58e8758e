"""Finding every screen by its links, and what must hold for each of them."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Error, Page

NARROW = {"width": 320, "height": 640}
USUAL = {"width": 1280, "height": 800}
WIDE = {"width": 3840, "height": 2160}
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],
}
_LINKS = """within => [...document.querySelectorAll(within)]
    .filter(link => !link.hasAttribute('download') && !link.target)
    .map(link => link.getAttribute('href').split('#')[0])"""
_axe = Axe()
# What is right is a megabyte for each page, which nobody reads.
_VIOLATIONS = "asked => axe.run(asked).then(found => found.violations)"
_DOUBLED = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
        const words = texts.currentNode.data.trim()
        if (words) texts.currentNode.data += ' ' + words
    }
}"""
# What sticks out, for whoever has to mend it.
_WIDER = """() => {
    const room = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= room) return null
    const out = [...document.querySelectorAll('main *, header *')]
        .filter(one => one.getBoundingClientRect().right > room + 1)
    return out.slice(0, 4).map(one => `${one.tagName}.${one.className}`).join(' ') || 'something'
}"""


@dataclass
class Walk:
    """Every screen that somebody reaches by the menu, and when it is deep by links from there. Of
    screens that differ by a number alone, the first is looked at."""

    page: Page
    is_deep: bool = False
    faults: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    """Their addresses, in the order in which they were found."""

    async def screens(self, *also: str) -> AsyncIterator[str]:
        """Goes to each of them; the window stands there in its usual size."""
        waiting = ["/admin", *also]
        known = {_shape(one) for one in waiting}
        while waiting:
            address = waiting.pop(0)
            if not await self._opens(address):
                continue
            for link in await self._links():
                if (shape := _shape(link)) not in known:
                    known.add(shape)
                    waiting.append(link)
            self.seen.append(address)
            yield address

    async def _opens(self, address: str) -> bool:
        await self.page.set_viewport_size(USUAL)
        try:
            answer = await self.page.goto(address)
        except Error as refused:
            if "Download is starting" in refused.message:
                return False
            raise
        if answer is None or answer.status >= 400:
            self.faults.append(f"{address}: answered {answer and answer.status}")
        return "text/html" in (answer.headers.get("content-type", "") if answer else "")

    async def _links(self) -> list[str]:
        menu: list[str] = await self.page.evaluate(_LINKS, "nav.menu a[href^='/admin']")
        if not self.is_deep:
            return menu
        return [*menu, *await self.page.evaluate(_LINKS, "main a[href^='/admin']")]

    async def fits(self, size: Any, address: str) -> None:
        """No page is wider than the window."""
        await self.page.set_viewport_size(size)
        if out := await self.page.evaluate(_WIDER):
            self.faults.append(f"{address}: wider than {size['width']} px: {out}")

    async def fits_with_long_words(self, size: Any, address: str) -> None:
        """Neither when every text is twice as long, as in some other language."""
        await self.page.evaluate(_DOUBLED)
        await self.fits(size, f"{address}, with all texts doubled")

    async def is_accessible(self, address: str, theme: Any) -> None:
        """WCAG 2.2, level AA, as far as a machine can say it."""
        await self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        await self.page.evaluate(_axe.axe_script)
        for one in await self.page.evaluate(_VIOLATIONS, WCAG):
            where = "; ".join(node["html"][:140] for node in one["nodes"][:3])
            self.faults.append(f"{address}, {theme}: {one['id']}: {where}")


def _shape(address: str) -> str:
    """Numbers and what is asked for do not make another screen, but a type of content does."""
    parts = urlsplit(address)
    kind = re.search(r"(?:^|&)(type=\w+)", parts.query)
    return re.sub(r"[0-9a-f-]{16,}|\d+", "0", parts.path) + (f"?{kind[1]}" if kind else "")
